// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the guards said, in words. GUI thread; keeps no state.
#pragma once

#include "core/plan/guards.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace gatehouse::app {

class GuardText {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::GuardText)
public:
    static bool anyTripped(const QList<core::GuardVerdict> &verdicts);
    /// For a pill: "Guards: 5 of 500 deprovisions allowed", "Guard tripped".
    static QString summary(const QList<core::GuardVerdict> &verdicts);
    /// One sentence for one verdict.
    static QString sentence(const core::GuardVerdict &verdict);
    /// Why a tripped plan cannot be applied, and what to do; empty when nothing tripped.
    static QString whyStopped(const QList<core::GuardVerdict> &verdicts);
};

} // namespace gatehouse::app
