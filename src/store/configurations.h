// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loads and saves the configuration as one value. Saving validates the whole, then writes what differs in one
// transaction: nothing is half-applied. Belongs to the environment and its thread.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/result.h"

#include <functional>
#include <memory>

namespace gatehouse::store {

class Database;

class Configurations {
public:
    explicit Configurations(Database &database) : m_database(database) {}

    [[nodiscard]] core::Result<core::Configuration> load();
    /// Things are matched by id; one without is the stored one of its name, else new. Every fault comes back, each
    /// with its JSON path; then nothing was written. Refused besides what core::validate() refuses: removing a
    /// population that still has users or groups (Conflict); removing a custom attribute, changing its type or
    /// narrowing it while users have values (Conflict). Links, users and their authority stay when a gateway or a rule
    /// is removed, and follow when one is renamed.
    [[nodiscard]] tl::expected<void, QList<core::Error>> save(const core::Configuration &configuration);

    /// What save() would refuse; writes nothing.
    [[nodiscard]] QList<core::Error> faults(const core::Configuration &configuration);

    /// Called with the custom attributes whenever load() or save() has seen them.
    using AttributesSeen = std::function<void(const QList<core::AttributeDefinition> &)>;
    void onAttributesSeen(AttributesSeen seen) { m_seen = std::move(seen); }

private:
    [[nodiscard]] core::Result<core::Configuration> read();
    /// Gives ids in @p wanted; what forbids it.
    [[nodiscard]] QList<core::Error> prepare(core::Configuration &wanted, const core::Configuration &stored);
    Database &m_database;
    AttributesSeen m_seen;
};

/// The catalogue with the stored custom attributes.
[[nodiscard]] core::Result<std::shared_ptr<const core::AttributeCatalog>> loadCatalog(Database &database);

} // namespace gatehouse::store
