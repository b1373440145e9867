// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping ("Map Attributes" on the Lookup tab), compiled once: what a sign-on makes of the entry it found,
// as attributes of the user and names of external groups. Types and limits are the catalogue's, values and messages
// those of a rule's mapping. Immutable once compiled, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/ldapvalue.h"
#include "core/mapping.h"

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::core {

/// The mapping's target that makes groups, "External Group Names".
inline constexpr QLatin1String kExternalGroupNames("externalGroupNames");

/// The target as an attribute is described: several texts, as long as a group's name may be.
AttributeDefinition externalGroupNames();

/// What a mapping makes of one entry. Values that are refused are left out and stand among the problems.
struct MappedSignOn {
    AttributeValues values;
    QStringList groupNames; ///< as they came, each once, in the directory's order
    QList<Problem> problems;
};

class SignOnMapping {
public:
    /// Every fault of every row, `where` being "attributeMappings[i].name" or ".value", with the place in the value.
    [[nodiscard]] static tl::expected<SignOnMapping, QList<Error>>
    compile(const QList<UserTypeMapping> &rows, std::shared_ptr<const AttributeCatalog> catalog);

    /// The LDAP attributes that it reads.
    const SlotNames &sources() const { return m_sources; }
    /// The user attributes that it sets, in the order of the rows.
    const std::vector<int> &targets() const { return m_targets; }
    bool mapsGroups() const { return m_groups.has_value(); }
    /// The one attribute that the groups' names are made of ("memberOf"); empty when it is not one.
    QByteArray groupSource() const;

    /// @p active is the value of the computed attribute "active".
    MappedSignOn evaluate(const Entry &entry, bool active) const;
    /// Only the names of groups.
    QStringList groupNames(const Entry &entry, bool active, QList<Problem> &problems) const;

private:
    struct Row {
        int target;
        LdapValue value;
    };
    std::shared_ptr<const AttributeCatalog> m_catalog;
    std::optional<Mapping> m_plain; ///< the rows that take an attribute as it is
    std::vector<Row> m_rows;        ///< texts and expressions
    std::optional<LdapValue> m_groups;
    SlotNames m_sources;
    std::vector<int> m_targets;
};

} // namespace gatehouse::core
