// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping, compiled once and evaluated for every entry. Plain source-to-target rows cost next to
// nothing; a value that does not fit its target is a problem of that entry and nobody else's. Immutable once compiled,
// any thread.
#pragma once

#include "core/config.h"
#include "core/entry.h"
#include "core/identity.h"

#include <memory>
#include <vector>

namespace gatehouse::core {

/// What a mapping makes of one entry.
struct MappedEntry {
    AttributeValues values;
    QList<Problem> problems;
};

class Mapping {
public:
    /// Every fault of every row, `where` being "attributeMappings[i].target" and the like.
    [[nodiscard]] static tl::expected<Mapping, QList<Error>>
    compile(const QList<AttributeMapping> &rows, std::shared_ptr<const AttributeCatalog> catalog);

    /// The LDAP attributes that the mapping reads. A batch to be evaluated has these as its first slots.
    const SlotNames &sources() const { return m_sources; }
    /// @p active is the value of the computed source attribute "active".
    MappedEntry evaluate(const EntryView &entry, bool active) const;

    const AttributeCatalog &catalog() const { return *m_catalog; }
    /// The targets, in the order of the rows.
    struct Target {
        int number;
        MappingWhen when;
    };
    const std::vector<Target> &targets() const { return m_targets; }
    /// The LDAP attribute that the username comes from; empty when it is not mapped.
    QByteArray usernameSource() const;
    /// Changes whenever the mapping would give other values for the same entry.
    quint64 fingerprint() const { return m_fingerprint; }

private:
    struct Row {
        int target;
        int slot; ///< -1: the computed "active"
        QString sourceName;
    };
    Value convert(const EntryView &entry, const Row &row, bool active, QList<Problem> &problems) const;

    std::shared_ptr<const AttributeCatalog> m_catalog;
    SlotNames m_sources;
    std::vector<Row> m_rows;
    std::vector<Target> m_targets;
    quint64 m_fingerprint = 0;
};

} // namespace gatehouse::core
