// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a run did, object by object, failures first: read page by page as the view asks for more. A search reads on in
// the reader thread until it has found enough. GUI thread.
#pragma once

#include "app/provisioning/steptable.h"
#include "core/result.h"

#include <QList>

namespace gatehouse::app {

class Console;

class RunResults : public StepTable {
    Q_OBJECT
public:
    static constexpr int kPage = 200;
    static constexpr int kMaxFound = 2000; ///< a search shows so many at most

    explicit RunResults(Console &console, QObject *parent = nullptr);

    /// 0: none.
    void setRun(qint64 run);
    void setSearch(const QString &text);
    /// Only objects this was done to; None: all.
    void setOnly(core::Action action);
    core::Action only() const { return m_only; }
    /// Reads again from the beginning.
    void refresh() { restart(); }
    /// Only what failed: reading stops where the failures end. Before setRun().
    void setOnlyFailures(bool only) { m_onlyFailures = only; }
    /// Whether rows are being read.
    bool isReading() const { return m_reading; }
    /// Whether all that there is is in the table (or all that a search may show).
    bool isComplete() const { return m_complete; }

    int rowCount(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    /// Rows came, or the end was reached.
    void progressed();

protected:
    const core::PlanStep *step(int row) const override;
    core::Action actionAt(int row) const override;

private:
    void restart();
    void take(core::Result<QList<core::PlanStep>> answer, bool last);

    Console &m_console;
    qint64 m_run = 0;
    QString m_search;
    core::Action m_only = core::Action::None;
    QList<core::PlanStep> m_steps;
    quint64 m_request = 0;
    bool m_reading = false;
    bool m_complete = true;
    bool m_onlyFailures = false;
};

} // namespace gatehouse::app
