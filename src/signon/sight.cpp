// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/sight.h"

#include "core/config/gateway.h"
#include "core/ldapvalue.h"
#include "ldap/dialect.h"
#include "store/identities.h"
#include "store/signons.h"

#include <algorithm>

namespace gatehouse::signon {

namespace {

constexpr int kAskedFor = 20; // linked people whose entries are read

/// What a row reads and the entry has no value of.
core::SlotNames absentSources(const QString &value, const core::Entry &entry)
{
    core::SlotNames absent;
    const auto parsed = core::LdapValue::parse(value);
    if (!parsed)
        return absent;
    for (const QByteArray &source : parsed->sources()) {
        if (entry.values(source).isEmpty())
            absent.append(source);
    }
    return absent;
}

/// Whether one of @p people has a value of each of @p attributes in what the account reads.
core::Result<bool> areSeen(ldap::Session &session, const core::Gateway &gateway, const core::UserType &userType,
                           const core::SlotNames &attributes, const std::vector<QByteArray> &people,
                           const std::shared_ptr<const core::Schema> &schema)
{
    if (people.empty())
        return false;
    const ldap::Dialect dialect(gateway.vendor);
    QList<core::Filter> ids;
    for (const QByteArray &id : people)
        ids.append(dialect.idFilter(id));
    ldap::SearchRequest request;
    request.base = userType.searchBaseDn.toUtf8();
    request.filter = core::Filter::any(ids).toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(attributes);
    request.schema = schema;
    std::vector<bool> seen(size_t(attributes.size()));
    const auto end = session.search(request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i) {
            for (size_t slot = 0; slot < seen.size(); ++slot)
                seen[slot] = seen[slot] || batch.at(i).has(int(slot));
        }
        return true;
    });
    if (!end)
        return core::fail(end.error());
    return std::all_of(seen.begin(), seen.end(), [](bool one) { return one; });
}

} // namespace

core::Result<QStringList> targetsOutOfSight(store::Environment &environment, ldap::Session &session, const core::Gateway &gateway,
                                            const core::UserType &userType, const core::SignOnMapping &mapping,
                                            const core::User &user, const FoundEntry &found,
                                            const std::shared_ptr<const core::Schema> &schema)
{
    QStringList hidden;
    const core::MappedSignOn mapped = mapping.evaluate(found.entry, found.active);
    for (const core::UserTypeMapping &row : userType.newUserLookup->attributeMappings) {
        const bool isGroups = row.name == core::kExternalGroupNames;
        const int target = environment.catalog()->find(row.name);
        if (isGroups ? !mapped.groupNames.isEmpty()
                     : target < 0 || core::isNull(user.values.get(target)) || !core::isNull(mapped.values.get(target)))
            continue;
        if (isGroups) {
            const auto groups = environment.signOns().groupNames(user.row, gateway.name);
            if (!groups)
                return core::fail(groups.error());
            if (groups->isEmpty())
                continue;
        }
        const core::SlotNames absent = absentSources(row.value, found.entry);
        if (absent.isEmpty())
            continue; // the entry shows all that the row reads: it is meant
        const auto others = isGroups ? environment.signOns().othersWithGroups(user.row, gateway.id, gateway.name, kAskedFor)
                                     : environment.identities().othersWithValue(target, gateway.id, user.row, kAskedFor);
        if (!others)
            return core::fail(others.error());
        const auto seen = areSeen(session, gateway, userType, absent, *others, schema);
        if (!seen)
            return core::fail(seen.error());
        if (!*seen)
            hidden.append(row.name);
    }
    return hidden;
}

} // namespace gatehouse::signon
