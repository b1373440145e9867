// SPDX-License-Identifier: GPL-3.0-or-later
//
// Versions of gateway clients in words: what a rule or a connection needs, and whether those that are connected will do.
// Pure functions; the GUI thread's words.
#pragma once

#include "link/instance.h"

#include <QCoreApplication>

namespace gatehouse::app {

class ClientVersions {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::ClientVersions)
public:
    /// "4.0 or later, for group memberships · 1 of 2 connected clients will do".
    static QString needed(link::Need need, const QList<link::Instance> &instances);
    /// Why no run can go through those that are connected; empty when one will do, or none is there.
    static QString refusal(link::Need need, const QList<link::Instance> &instances);
    /// What a client of this version is refused for; empty: nothing.
    static QString tooOld(const QString &version);
};

} // namespace gatehouse::app
