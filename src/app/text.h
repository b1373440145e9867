// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words for people: what an error or a problem means and what to do about it, times as one says them, counts in the
// reader's language. The rooms below return codes and plain facts; only here do they become translated text. GUI
// thread; keeps no state.
#pragma once

#include "app/roles.h"
#include "core/error.h"
#include "core/identity.h"
#include "core/problem.h"
#include "provision/run.h"
#include "store/runs.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QString>

namespace gatehouse::app {

class Text {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::Text)
public:
    /// One sentence: what went wrong.
    static QString headline(const core::Error &error);
    /// What to do about it; empty when there is nothing to say, or the cause is not known.
    static QString remedy(const core::Error &error);
    /// Everything, for Copy details.
    static QString details(const core::Error &error);
    static QString problem(const core::Problem &problem);
    /// A problem beside its field: what the attribute wants, with an example.
    static QString fieldProblem(const core::Problem &problem, const core::AttributeDefinition &definition,
                                const core::Value &value);

    /// "just now", "4 min ago", "yesterday", else the date; "never" for an invalid time.
    static QString relativeTime(const QDateTime &time, const QDateTime &now = QDateTime::currentDateTime());
    /// Date and time in the reader's locale, for tool tips and details.
    static QString fullTime(const QDateTime &time);
    /// A time span as one says it: "12 s", "3 min", "1 h 5 min".
    static QString span(qint64 milliseconds);
    static QString number(qint64 count);

    static QString phase(provision::Phase phase);
    static QString status(store::RunStatus status);
    static Tone tone(store::RunStatus status);
    static QString action(core::Action action);
    /// Why somebody goes whom the read did not deliver; empty for None.
    static QString departure(core::Departure departure);
    static Tone tone(core::Action action);
    /// Texts in a row, "A · B", in this order whatever scripts they are in (UAX #9, isolates).
    static QString sideBySide(const QStringList &texts);
    /// A value as a reader expects it: yes and no for booleans.
    static QString value(const core::Value &value);

private:
    static QString unreachableRemedy(const core::Error &error);
    static QString untrustedRemedy(const core::Error &error);
    static QString deniedRemedy(const core::Error &error);
    static QString conflictRemedy(const core::Error &error);
    static QString corruptRemedy(const core::Error &error);
};

} // namespace gatehouse::app
