// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs have done, step by step, with the values before and after: what a run's results are shown from and what
// an undo goes by. Created users have no values here, their rows tell them, and those created one after another share
// a line; deleted ones have all their values. Written within the transaction that does what it says.
#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "store/database.h"

#include <QByteArray>

#include <optional>

namespace gatehouse::store {

/// All rows of a run lie together, in the order in which they were made. A run has 2^32 places.
constexpr qint64 runRow(qint64 run, qint64 place)
{
    return run << 32 | place;
}

class JournalWriter {
public:
    JournalWriter(Database &database, qint64 run) : m_database(database), m_run(run) {}
    [[nodiscard]] core::Result<void> begin();
    /// Before the transaction's commit.
    [[nodiscard]] core::Result<void> finish();

    [[nodiscard]] core::Result<void> appendCreate(qint64 user);
    struct Entry {
        core::Action action = core::Action::None;
        qint64 user = 0;
        qint64 revision = 0; ///< after the step
        QByteArray username; ///< UTF-8
        QUuid id = {};
        QByteArrayView sourceId = {};
        QByteArrayView dn = {};
        QByteArrayView detail = {}; ///< JSON, see journal.cpp; empty: none
    };
    [[nodiscard]] core::Result<void> append(const Entry &entry);

private:
    [[nodiscard]] core::Result<void> write(const Entry &entry, qint64 count);
    Database &m_database;
    qint64 m_run;
    qint64 m_next = 0;
    qint64 m_firstCreated = 0; ///< of the users whose line is not written yet
    qint64 m_created = 0;
    std::optional<Statement> m_insert;
};

/// Steps of the run from the @p offset-th on, @p limit at most. A create has row, revision and action only.
[[nodiscard]] core::Result<QList<core::PlanStep>> readJournal(Database &database, qint64 run, qint64 offset, qint64 limit);

/// {"changes": [[name, before, after], …]} and, for steps that linked the entry, "link": true; for people who left,
/// "departure". @p extra: more members, written as they are ("\"a\":1,\"b\":2").
QByteArray journalDetail(const core::PlanStep &step, const QList<core::AttributeChange> &changes, const QByteArray &extra = {});
/// The reverse, for steps as they are shown.
void readJournalDetail(QByteArrayView detail, core::PlanStep &step);

} // namespace gatehouse::store
