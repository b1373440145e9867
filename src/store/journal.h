// SPDX-License-Identifier: GPL-3.0-or-later
//
// What runs have done, step by step, with everything before and after (values, links, frame, memberships): what a run's
// results are shown from and what an undo goes by. Created users have no values here, their rows tell them, and those
// created one after another share a line; deleted ones have all that they had. Written within the transaction that does
// what it says.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"
#include "store/database.h"
#include "store/numbers.h"

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
        core::ObjectKind kind = core::ObjectKind::User;
        qint64 object = 0;   ///< row
        qint64 revision = 0; ///< after the step
        QByteArray name;     ///< UTF-8
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

/// A line of the journal.
struct JournalStep {
    core::Step step;   ///< revision: the object's after the step; of a create nothing else but the action
    qint64 object = 0; ///< row
};
/// Lines of the run from the @p offset-th on, @p limit at most.
[[nodiscard]] core::Result<QList<JournalStep>> readJournal(Database &database, qint64 run, qint64 offset, qint64 limit);

/// What runs have done to an object since it was made, newest first.
[[nodiscard]] core::Result<QList<JournalStep>> changesOf(Database &database, core::ObjectKind kind, qint64 object);

/// What a line says beside who it is about, as JSON:
/// {"changes": [[name, before, after], …], "departure", "link": [gateway, before, after], "otherLinks": [link, …],
///  "frame": [before, after], "memberships": [[group, member's kind, member, source, direct, added], …]}. A link's side is
/// [id in hex, DN, rule, fingerprint in hex, disabling], 0 for an id or DN that is the line's; a frame's side is
/// [population, authority], null where it stays. Groups and members are ids in hex, 0 for what the line is about; other
/// numbers are the tables'.
[[nodiscard]] core::Result<QByteArray> journalDetail(const core::Step &step, Numbers &numbers);
/// The reverse; source and target are read already. Faults in it are passed over: it is read to be shown, too.
[[nodiscard]] core::Result<void> readJournalDetail(QByteArrayView detail, core::Step &step, Numbers &numbers);

} // namespace gatehouse::store
