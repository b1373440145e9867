// SPDX-License-Identifier: GPL-3.0-or-later
//
// The links that the steps of one batch make, change and remove, through the gateway that the batch is about; whether a
// link is still what a step was planned on. Made for one transaction.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"
#include "store/bulkload.h"
#include "store/database.h"
#include "store/numbers.h"
#include "store/userwriter.h"

#include <optional>

namespace gatehouse::store {

class LinkWriter {
public:
    /// @p bulk: the bulk load in force, or nullptr.
    LinkWriter(Database &database, Numbers &numbers, BulkLoad *bulk) : m_database(database), m_numbers(numbers), m_bulk(bulk) {}
    [[nodiscard]] core::Result<void> begin(const QUuid &gateway);

    /// The number of the gateway.
    qint64 gateway() const { return m_gateway; }
    /// Where the object's link through the gateway lies.
    qint64 rowOf(core::ObjectKind kind, qint64 object) const;
    /// A problem where the entry is linked to another object than the one whose link lies at @p row; 0: to any.
    Outcome isFree(const QByteArray &entry, qint64 row);
    /// What the link at @p row says now, into @p current; a problem where it is not what the step was planned on.
    Outcome isAsPlanned(const core::Step &step, qint64 row, core::LinkState &current);
    /// One that ties nothing is removed.
    [[nodiscard]] core::Result<void> write(qint64 row, const core::LinkState &link);

private:
    Database &m_database;
    Numbers &m_numbers;
    BulkLoad *m_bulk;
    qint64 m_gateway = 0; ///< number
    std::optional<Statement> m_ofEntry;
    std::optional<Statement> m_look;
    std::optional<Statement> m_write;
};

} // namespace gatehouse::store
