// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/dialect.h"

#include "ldap/accountstate.h"

#include <algorithm>
#include <array>

namespace gatehouse::ldap {
namespace {

using core::Vendor;

constexpr char kObjectGuid[] = "objectGUID";
constexpr char kNsUniqueId[] = "nsUniqueId";
constexpr char kOrclGuid[] = "orclGUID";
constexpr qsizetype kUuidOctets = 16;
constexpr size_t kMostStateAttributes = 32;

/// The vendor's own attribute first. The others follow, since a gateway may be configured as the wrong product or
/// stand before a virtual directory; asking for an attribute that a server does not know costs nothing.
QList<QByteArray> idAttributesOf(Vendor vendor)
{
    const QList<QByteArray> all{"entryUUID", kObjectGuid, kNsUniqueId, "ibm-entryUUID", kOrclGuid};
    QList<QByteArray> own;
    switch (vendor) {
    case Vendor::ActiveDirectory:
        own = {kObjectGuid};
        break;
    case Vendor::OracleDsee:
        own = {kNsUniqueId};
        break;
    case Vendor::IbmTivoli:
        own = {"ibm-entryUUID"};
        break;
    case Vendor::PingDirectory:
    case Vendor::OracleUnifiedDirectory:
    case Vendor::CaDirectory:
    case Vendor::OpenDj:
    case Vendor::Ldapv3:
        own = {"entryUUID"};
        break;
    }
    for (const QByteArray &name : all) {
        if (!own.contains(name))
            own.append(name);
    }
    return own;
}

/// Those of accountStateAttributes() that say whether an account is active.
QList<QByteArray> activeAttributesOf(Vendor vendor)
{
    const QList<QByteArray> policy{"pwdAccountLockedTime", "pwdStartTime", "pwdEndTime"}; // draft-behera-ldap-password-policy
    const QList<QByteArray> ping{"ds-pwp-account-disabled", "ds-pwp-account-expiration-time", "ds-pwp-account-activation-time"};
    const QList<QByteArray> netscape{"nsAccountLock", "accountUnlockTime"};
    // Computed, so that a lock which has passed is none any more.
    const QList<QByteArray> microsoft{"userAccountControl", "accountExpires", "msDS-User-Account-Control-Computed"};
    switch (vendor) {
    case Vendor::ActiveDirectory:
        return microsoft;
    case Vendor::PingDirectory:
    case Vendor::OracleUnifiedDirectory:
    case Vendor::OpenDj:
        return ping + policy;
    case Vendor::OracleDsee:
        return netscape + policy;
    case Vendor::IbmTivoli:
        return QList<QByteArray>{"ibm-pwdAccountLocked"} + policy;
    case Vendor::CaDirectory:
    case Vendor::Ldapv3:
        break;
    }
    return netscape + ping + policy + microsoft;
}

/// 32 hexadecimal digits with dashes anywhere (RFC 4122 and 389's nsUniqueId differ in where) as 16 octets.
QByteArray uuidFromText(QByteArrayView text)
{
    QByteArray digits;
    digits.reserve(2 * kUuidOctets);
    for (const char c : text) {
        const bool isHex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (isHex)
            digits.append(c);
        else if (c != '-' && c != '{' && c != '}')
            return {};
    }
    return digits.size() == 2 * kUuidOctets ? QByteArray::fromHex(digits) : QByteArray();
}

/// The digits of @p uuid in groups of so many.
QByteArray uuidText(const QByteArray &uuid, std::initializer_list<qsizetype> groups)
{
    const QByteArray digits = uuid.toHex();
    QByteArray text;
    qsizetype begin = 0;
    for (const qsizetype group : groups) {
        if (begin > 0)
            text += '-';
        text += digits.mid(begin, group);
        begin += group;
    }
    return text;
}

/// objectGUID holds the first three fields lowest octet first (MS-DTYP 2.3.4.2); a UUID's text has them highest
/// first. Its own inverse.
QByteArray uuidFromGuid(QByteArrayView guid)
{
    QByteArray uuid = guid.toByteArray();
    std::reverse(uuid.begin(), uuid.begin() + 4);
    std::reverse(uuid.begin() + 4, uuid.begin() + 6);
    std::reverse(uuid.begin() + 6, uuid.begin() + 8);
    return uuid;
}

} // namespace

Dialect::Dialect(core::Vendor vendor)
    : m_vendor(vendor), m_idAttributes(idAttributesOf(vendor)), m_activeAttributes(activeAttributesOf(vendor)),
      // OpenLDAP and others store only the classes that were written, so both are asked for.
      m_peopleFilter(vendor == core::Vendor::ActiveDirectory ? "(&(objectCategory=person)(objectClass=user))"
                                                             : "(|(objectClass=inetOrgPerson)(objectClass=person))")
{
    Q_ASSERT(accountStateAttributes().size() <= qsizetype(kMostStateAttributes));
    for (const QByteArray &name : std::as_const(m_activeAttributes))
        m_activePlaces.push_back(accountStateAttribute(name));
}

QByteArray Dialect::idOf(const core::EntryView &entry, const QList<int> &idSlots) const
{
    for (qsizetype i = 0; i < idSlots.size() && i < m_idAttributes.size(); ++i) {
        const QByteArrayView value = entry.value(idSlots.at(i));
        if (value.isEmpty())
            continue;
        if (value.size() == kUuidOctets && m_idAttributes.at(i) == kObjectGuid)
            return uuidFromGuid(value);
        const QByteArray uuid = uuidFromText(value);
        return uuid.isEmpty() ? value.toByteArray() : uuid;
    }
    return {};
}

core::Filter Dialect::idFilter(const QByteArray &sourceId, const QList<QByteArray> &attributes) const
{
    QList<core::Filter> filters;
    for (const QByteArray &name : attributes) {
        QByteArray value = sourceId;
        if (sourceId.size() == kUuidOctets) {
            if (name == kObjectGuid)
                value = uuidFromGuid(sourceId);
            else if (name == kNsUniqueId)
                value = uuidText(sourceId, {8, 8, 8, 8});
            else if (name == kOrclGuid)
                value = sourceId.toHex().toUpper();
            else
                value = uuidText(sourceId, {8, 4, 4, 4, 12});
        }
        filters.append(core::Filter::equality(name, value));
    }
    return core::Filter::any(filters);
}

bool Dialect::isActive(const core::EntryView &entry, const QList<int> &activeSlots, qint64 now) const
{
    std::array<QByteArrayView, kMostStateAttributes> values;
    bool any = false;
    for (qsizetype i = 0; i < activeSlots.size() && size_t(i) < m_activePlaces.size(); ++i) {
        const QByteArrayView value = entry.value(activeSlots.at(i));
        values[size_t(m_activePlaces[size_t(i)])] = value;
        any = any || !value.isEmpty();
    }
    return !any || !isInactive(accountStateOf(values, now));
}

} // namespace gatehouse::ldap
