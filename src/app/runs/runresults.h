// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a run did, object by object, failures first. How many rows there are and what was done in each is known from the
// start, an octet a row; the steps themselves are read in blocks as they are looked at, and kept for the newest few. A
// search goes through the run in the reader thread until it has found enough. GUI thread.
#pragma once

#include "app/provisioning/steptable.h"
#include "core/result.h"

#include <QHash>
#include <QList>

#include <vector>

namespace gatehouse::app {

class Console;

class RunResults : public StepTable {
    Q_OBJECT
public:
    static constexpr int kBlock = 200;     ///< rows read at once
    static constexpr int kMaxBlocks = 32;  ///< blocks kept, the longest unused goes first
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
    /// Only what failed, in whatever run. Before setRun().
    void setOnlyFailures() { m_onlyFailures = true; }
    /// Whether anything is being read.
    bool isReading() const { return m_counting || !m_requested.isEmpty(); }
    /// Whether a search ended early because it had found enough.
    bool isCut() const { return m_isCut; }

    int rowCount(const QModelIndex &parent = {}) const override;
    bool prepare(int first, int last) const override;

signals:
    /// It is known how many rows there are.
    void progressed();

protected:
    const core::Step *step(int row) const override;
    core::Action actionAt(int row) const override;

private:
    /// The rows shown: their places among all steps of the run, ascending, and what was done.
    struct Rows {
        std::vector<quint32> places;
        std::vector<core::Action> actions;
        bool isCut = false;
    };
    struct Block {
        QList<core::Step> steps;
        quint64 usedAt = 0;
    };
    [[nodiscard]] static core::Result<Rows> readRows(class RunReading &reading);
    void restart();
    void take(core::Result<Rows> answer);
    void request(int block) const;
    void takeBlock(quint64 generation, int block, const core::Result<QList<core::Step>> &answer);

    Console &m_console;
    qint64 m_run = 0;
    QString m_search;
    core::Action m_only = core::Action::None;
    Rows m_rows;
    mutable QHash<int, Block> m_blocks;
    mutable QHash<int, quint64> m_requested; ///< block -> request
    mutable quint64 m_clock = 0;
    quint64 m_generation = 0; ///< of run, search and filter: blocks of another one are dropped
    quint64 m_request = 0;
    bool m_counting = false;
    bool m_isCut = false;
    bool m_onlyFailures = false;
};

} // namespace gatehouse::app
