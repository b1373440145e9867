// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loads and saves the configuration as one value. Saving validates the whole, then writes what differs in one
// transaction: nothing is half-applied.
#pragma once

#include "core/config.h"
#include "core/result.h"

namespace gatehouse::store {

class Database;

class Configurations {
public:
    explicit Configurations(Database &database) : m_database(database) {}

    [[nodiscard]] core::Result<core::Configuration> load();
    /// Things are matched by id (null id: new). Every fault comes back, each with its JSON path; then nothing was
    /// written. Refused besides what core::validate() refuses: removing a population that still has users or groups
    /// (Conflict), changing an attribute's type or narrowing it while users have values.
    [[nodiscard]] tl::expected<void, QList<core::Error>> save(const core::Configuration &configuration);

private:
    Database &m_database;
};

} // namespace gatehouse::store
