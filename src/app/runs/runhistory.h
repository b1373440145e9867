// SPDX-License-Identifier: GPL-3.0-or-later
//
// The newest runs of all rules, read through the reader thread and read again when a run ends. Lists, the overview and
// a rule's Sync tab look here. GUI thread, owned by the page that uses it; never writes.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"
#include "store/runs.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace gatehouse::app {

class Console;

class RunHistory : public QObject {
    Q_OBJECT
public:
    /// So many runs are kept; what is older is asked for by rule.
    static constexpr int kLimit = 500;

    explicit RunHistory(Console &console, QObject *parent = nullptr);

    void refresh();
    /// Newest first. While one runs they are read again now and then: the end of another program's run, or of the
    /// program, is told by nobody.
    const QList<store::Run> &runs() const { return m_runs; }
    /// The rule's newest run; nullptr: it has never run (or longer ago than kLimit runs).
    const store::Run *lastOf(const core::Rule &rule) const;
    const store::Run *find(qint64 row) const;
    bool isRead() const { return m_read; }
    const std::optional<core::Error> &error() const { return m_error; }

signals:
    void changed();

private:
    void read();
    void take(QList<store::Run> runs);
    Console &m_console;
    QTimer m_again;
    bool m_isLookingAgain = false;
    QList<store::Run> m_runs;
    quint64 m_request = 0;
    bool m_read = false;
    std::optional<core::Error> m_error;
};

/// "3 updated, 1 failed": what a run did, the greatest harm first; "nothing to change" when it did nothing.
QString runSummary(const core::Counts &counts);
/// The same of a run; what a guard stopped was only planned, and the words say so. Why it failed when it did nothing.
QString runSummary(const store::Run &run);
/// Whether a guard stopped the run before its first change: its counts are what would have been done.
bool wasOnlyPlanned(const store::Run &run);

} // namespace gatehouse::app
