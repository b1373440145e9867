// SPDX-License-Identifier: GPL-3.0-or-later
//
// A mapping as a preview over many people sees it, a rule's or a user type's: what it reads, what it sets and what it
// makes of an entry. Immutable, any thread.
#pragma once

#include "core/mapping.h"
#include "core/plan/match.h"
#include "core/result.h"
#include "link/versions.h"

#include <functional>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

class TriedMapping {
public:
    virtual ~TriedMapping() = default;

    /// Batches to be evaluated have these as their first slots.
    virtual const core::SlotNames &sources() const = 0;
    /// Numbers of targets() and of the values; up to the environment's size those of its own catalogue.
    virtual const core::AttributeCatalog &catalog() const = 0;
    virtual const std::vector<core::Mapping::Target> &targets() const = 0;
    /// @p now: one moment for everybody, milliseconds since 1970.
    virtual core::MappedEntry evaluate(const core::EntryView &entry, bool active, qint64 now) const = 0;
    /// Gives a user, as the environment has it, values for targets that are not stored with it.
    [[nodiscard]] virtual core::Result<void> complete(store::Environment &, core::User &) const { return {}; }
    /// Through gateway clients: which versions of them will do for what it is a preview of.
    virtual link::Need need() const { return link::Need::InboundProvisioning; }
    /// Whom entries are taken for.
    virtual core::MatchBy matchBy() const { return core::MatchBy::LinkOrName; }
};

/// Compiles rows, with every fault of every row.
using CompileMapping = std::function<tl::expected<std::shared_ptr<const TriedMapping>, QList<core::Error>>(
    const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog)>;

/// As a rule has it.
[[nodiscard]] tl::expected<std::shared_ptr<const TriedMapping>, QList<core::Error>>
compileRuleMapping(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog);

} // namespace gatehouse::provision
