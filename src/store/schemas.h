// SPDX-License-Identifier: GPL-3.0-or-later
//
// The schema of each gateway's directory as it was when last read, so that names of attributes can be checked and resolved
// without asking the directory. Belongs to the environment and its thread; keeps the last one that was asked for parsed.
#pragma once

#include "core/result.h"
#include "core/schema.h"

#include <QUuid>

#include <memory>

namespace gatehouse::store {

class Database;

class Schemas {
public:
    explicit Schemas(Database &database) : m_database(database) {}

    /// nullptr: it was never read.
    [[nodiscard]] core::Result<std::shared_ptr<const core::Schema>> load(const QUuid &gateway);
    /// Writes only what has changed; over a connection of its own where this one may only read.
    [[nodiscard]] core::Result<void> save(const QUuid &gateway, const core::Schema &schema);

private:
    Database &m_database;
    QUuid m_gateway;
    QByteArray m_types; ///< as stored
    std::shared_ptr<const core::Schema> m_schema;
};

} // namespace gatehouse::store
