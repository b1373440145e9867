// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the entry of somebody who signs on: by a user type's filter, or by its link attributes one after the other. What
// a person typed only ever becomes a value in a filter's tree. Uses a session that the caller owns, in its thread; writes
// nothing.
#pragma once

#include "core/config/forward.h"
#include "core/filter.h"
#include "core/signonmapping.h"
#include "ldap/dialect.h"
#include "ldap/session.h"
#include "signon/report.h"

#include <QJsonObject>

#include <optional>

namespace gatehouse::signon {

/// The filter that finds a new user. Syntax when the pattern does not parse.
[[nodiscard]] core::Result<core::Filter> newUserFilter(const core::NewUserLookup &lookup, const QString &identifier);

struct FoundEntry {
    core::Entry entry;
    QByteArray sourceId; ///< immutable id, as links have it
    bool active = true;
    QJsonObject correlationAttributes;
};

/// The attributes that a look-up reads of an entry. @p mapping: nullptr where there is none.
core::SlotNames lookupAttributes(const core::Gateway &gateway, const core::UserType &userType, const core::SignOnMapping *mapping);
/// @p entry, which has these attributes, as one that was found.
FoundEntry foundEntry(const core::Entry &entry, const core::Gateway &gateway, const core::UserType &userType);

class Lookup {
public:
    /// @p mapping: nullptr where there is none. @p schema: the directory's, for attributes by other names; nullptr: unknown.
    Lookup(ldap::Session &session, const core::Gateway &gateway, const core::UserType &userType,
           const core::SignOnMapping *mapping, std::shared_ptr<const core::Schema> schema = {});

    // Nothing where not exactly one entry matches: @p considered says why. Errors are those of the directory; one that was
    // not read to its end never counts as empty.
    [[nodiscard]] core::Result<std::optional<FoundEntry>> byIdentifier(const QString &identifier, Considered &considered);
    /// By the values that were stored with the user.
    [[nodiscard]] core::Result<std::optional<FoundEntry>> byLink(const QJsonObject &correlationAttributes, Considered &considered);
    /// By the immutable id, for users whom a rule has linked.
    [[nodiscard]] core::Result<std::optional<FoundEntry>> bySourceId(const QByteArray &sourceId, Considered &considered);

    /// By objectSid, for tickets.
    [[nodiscard]] core::Result<std::optional<FoundEntry>> bySid(const QByteArray &sid, Considered &considered);
    /// Whether the user type's filter finds @p entry by the names that its owner might type: sAMAccountName and
    /// userPrincipalName. Without migration it admits whoever is below its base.
    [[nodiscard]] core::Result<bool> admits(const core::Entry &entry, Considered &considered);

private:
    [[nodiscard]] core::Result<std::optional<FoundEntry>> byFilter(const core::Filter &filter, Considered &considered);
    [[nodiscard]] core::Result<std::optional<FoundEntry>> byDn(const QString &dn, Considered &considered);

    ldap::Session &m_session;
    const core::Gateway &m_gateway;
    const core::UserType &m_userType;
    ldap::Dialect m_dialect;
    core::SlotNames m_names;
    std::shared_ptr<const core::Schema> m_schema;
};

} // namespace gatehouse::signon
