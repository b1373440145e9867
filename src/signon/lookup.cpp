// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/lookup.h"

#include "core/config/gateway.h"
#include "core/dn.h"
#include "core/schemacheck.h"
#include "gateway/references.h"
#include "ldap/accountstate.h"
#include "ldap/linkvalue.h"

#include <QDateTime>

#include <algorithm>

namespace gatehouse::signon {

namespace {

using core::Result;

constexpr int kShown = 10; ///< entries that are named when several match

const QByteArray kDn = "dn";
/// By which people sign on to Active Directory.
const QList<QByteArray> kLogonNames{"sAMAccountName", "userPrincipalName"};

void addNames(core::SlotNames &names, const QList<QByteArray> &more)
{
    for (const QByteArray &name : more) {
        const bool known = std::any_of(names.begin(), names.end(), [&](const QByteArray &other) {
            return other.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (!known)
            names.append(name);
    }
}

bool isDn(const QString &attribute)
{
    return attribute.compare(QLatin1String(kDn), Qt::CaseInsensitive) == 0;
}

} // namespace

Result<core::Filter> newUserFilter(const core::NewUserLookup &lookup, const QString &identifier)
{
    auto pattern = core::Filter::parse(lookup.ldapFilterPattern);
    if (!pattern)
        return pattern;
    return pattern->replaced("${identifier}", identifier.toUtf8());
}

core::SlotNames lookupAttributes(const core::Gateway &gateway, const core::UserType &userType, const core::SignOnMapping *mapping)
{
    const ldap::Dialect dialect(gateway.vendor);
    core::SlotNames names;
    addNames(names, dialect.idAttributes());
    addNames(names, dialect.activeAttributes());
    addNames(names, ldap::accountStateAttributes());
    if (gateway.vendor == core::Vendor::ActiveDirectory)
        addNames(names, kLogonNames);
    for (const QString &attribute : userType.orderedCorrelationAttributes) {
        if (!isDn(attribute))
            addNames(names, {attribute.toUtf8()});
    }
    if (mapping)
        addNames(names, mapping->sources());
    return names;
}

FoundEntry foundEntry(const core::Entry &entry, const core::Gateway &gateway, const core::UserType &userType)
{
    const ldap::Dialect dialect(gateway.vendor);
    core::EntryBatch batch(std::make_shared<const core::SlotNames>(lookupAttributes(gateway, userType, nullptr)));
    batch.append(entry);
    const auto slotsOf = [&](const QList<QByteArray> &names) {
        QList<int> places;
        for (const QByteArray &name : names)
            places.append(batch.slotOf(name));
        return places;
    };
    FoundEntry found{entry, dialect.idOf(batch.at(0), slotsOf(dialect.idAttributes())),
                     dialect.isActive(batch.at(0), slotsOf(dialect.activeAttributes()), QDateTime::currentMSecsSinceEpoch()), {}};
    for (const QString &attribute : userType.orderedCorrelationAttributes) {
        const QByteArray name = attribute.toUtf8();
        const QList<QByteArray> values = entry.values(name);
        const QString text = isDn(attribute)    ? QString::fromUtf8(entry.dn)
                             : values.isEmpty() ? QString()
                                                : ldap::linkText(name, values.constFirst());
        if (!text.isEmpty())
            found.correlationAttributes.insert(attribute, text);
    }
    return found;
}

Lookup::Lookup(ldap::Session &session, const core::Gateway &gateway, const core::UserType &userType,
               const core::SignOnMapping *mapping, std::shared_ptr<const core::Schema> schema)
    : m_session(session), m_gateway(gateway), m_userType(userType), m_dialect(gateway.vendor),
      m_names(lookupAttributes(gateway, userType, mapping)), m_schema(std::move(schema))
{
}

Result<std::optional<FoundEntry>> Lookup::byFilter(const core::Filter &filter, Considered &considered)
{
    ldap::SearchRequest request;
    request.base = m_userType.searchBaseDn.toUtf8();
    request.filter = filter.toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(m_names);
    request.schema = m_schema;
    request.pageSize = kShown + 1;
    request.limit = kShown + 1;
    considered.filters.append(QString::fromUtf8(request.filter));
    QList<core::Entry> entries;
    const auto end = m_session.search(request, [&](core::EntryBatch &&page) {
        for (qsizetype i = 0; i < page.size(); ++i)
            entries.append(page.at(i).toEntry());
        return true;
    });
    if (!end)
        return core::fail(end.error());
    considered.found.clear();
    for (qsizetype i = 0; i < entries.size() && i < kShown; ++i)
        considered.found.append(QString::fromUtf8(entries.at(i).dn));
    if (entries.size() == 1 && end->complete)
        return foundEntry(entries.constFirst(), m_gateway, m_userType);
    if (entries.isEmpty())
        considered.why = end->complete ? QStringLiteral("no entry matches")
                                       : QStringLiteral("no entry matches in what could be read; not read were %1").arg(gateway::missedText(*end));
    else if (entries.size() == 1)
        considered.why = QStringLiteral("one entry matches, but there may be others in places that were not read: %1").arg(gateway::missedText(*end));
    else
        considered.why = entries.size() > kShown ? QStringLiteral("more than %1 entries match").arg(kShown)
                                                 : QStringLiteral("%1 entries match").arg(entries.size());
    return std::nullopt;
}

Result<std::optional<FoundEntry>> Lookup::byDn(const QString &text, Considered &considered)
{
    considered.found.clear();
    const auto dn = core::Dn::parse(text);
    const auto base = core::Dn::parse(m_userType.searchBaseDn);
    considered.filters.append(QStringLiteral("dn: ") + text);
    if (!dn || dn->isEmpty() || !base || !dn->isSameOrBelow(*base)) {
        considered.why = QStringLiteral("%1 is not below the search base").arg(text);
        return std::nullopt;
    }
    auto entry = m_session.read(dn->toUtf8(), m_names);
    if (!entry && entry.error().code == core::Code::NotFound) {
        considered.why = QStringLiteral("there is no entry %1").arg(text);
        return std::nullopt;
    }
    if (!entry)
        return core::fail(entry.error());
    considered.found = {QString::fromUtf8(entry->dn)};
    if (m_schema)
        *entry = core::withAliases(*std::move(entry), m_names, *m_schema);
    return foundEntry(*entry, m_gateway, m_userType);
}

Result<std::optional<FoundEntry>> Lookup::byIdentifier(const QString &identifier, Considered &considered)
{
    if (m_userType.newUserLookup) {
        const auto filter = newUserFilter(*m_userType.newUserLookup, identifier);
        if (!filter)
            return core::fail(filter.error());
        return byFilter(*filter, considered);
    }
    QJsonObject values;
    for (const QString &attribute : m_userType.orderedCorrelationAttributes)
        values.insert(attribute, identifier);
    return byLink(values, considered);
}

Result<std::optional<FoundEntry>> Lookup::byLink(const QJsonObject &correlationAttributes, Considered &considered)
{
    considered.why = QStringLiteral("none of the link attributes has a value to look for");
    for (const QString &attribute : m_userType.orderedCorrelationAttributes) {
        const QString text = correlationAttributes.value(attribute).toString();
        if (text.isEmpty())
            continue;
        if (isDn(attribute)) {
            // What somebody typed is a name most of the time, and no DN.
            if (const auto dn = core::Dn::parse(text); !dn || dn->isEmpty())
                continue;
            auto found = byDn(text, considered);
            if (!found || *found)
                return found;
            continue;
        }
        const auto octets = ldap::linkOctets(attribute.toUtf8(), text);
        if (!octets)
            continue;
        auto found = byFilter(core::Filter::equality(attribute.toUtf8(), *octets), considered);
        if (!found || *found) {
            if (found)
                considered.why = QStringLiteral("exactly one entry matches by %1").arg(attribute);
            return found;
        }
    }
    return std::nullopt;
}

Result<std::optional<FoundEntry>> Lookup::bySid(const QByteArray &sid, Considered &considered)
{
    // As text, which administrators can read and type; Active Directory takes it like the octets (MS-ADTS 3.1.1.3.1.3.1).
    return byFilter(core::Filter::equality("objectSid", ldap::linkText("objectSid", sid).toUtf8()), considered);
}

Result<bool> Lookup::admits(const core::Entry &entry, Considered &considered)
{
    if (!m_userType.newUserLookup)
        return true;
    QList<core::Filter> filters;
    for (const QByteArray &attribute : kLogonNames) {
        for (const QByteArray &name : entry.values(attribute)) {
            auto filter = newUserFilter(*m_userType.newUserLookup, QString::fromUtf8(name));
            if (!filter)
                return core::fail(filter.error());
            filters.append(*std::move(filter));
        }
    }
    const core::Filter any = core::Filter::any(filters);
    considered.filters.append(QString::fromUtf8(any.toUtf8()));
    const auto found = m_session.read(entry.dn, {"objectClass"}, any.toUtf8());
    if (found)
        return true;
    if (found.error().code != core::Code::NotFound)
        return core::fail(found.error());
    considered.why = QStringLiteral("the ticket's account is not one that the filter finds");
    return false;
}

Result<std::optional<FoundEntry>> Lookup::bySourceId(const QByteArray &sourceId, Considered &considered)
{
    return byFilter(m_dialect.idFilter(sourceId), considered);
}

} // namespace gatehouse::signon
