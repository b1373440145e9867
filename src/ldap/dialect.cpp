// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/dialect.h"

#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Vendor;

constexpr char kObjectGuid[] = "objectGUID";
constexpr char kNsUniqueId[] = "nsUniqueId";
constexpr char kOrclGuid[] = "orclGUID";
constexpr char kUserAccountControl[] = "userAccountControl";
constexpr char kPwdAccountLockedTime[] = "pwdAccountLockedTime";
constexpr qint64 kAccountDisable = 0x2; ///< ADS_UF_ACCOUNTDISABLE, MS-ADTS 2.2.16
constexpr qsizetype kUuidOctets = 16;

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

QList<QByteArray> activeAttributesOf(Vendor vendor)
{
    switch (vendor) {
    case Vendor::ActiveDirectory:
        return {kUserAccountControl};
    case Vendor::PingDirectory:
    case Vendor::OracleUnifiedDirectory:
    case Vendor::OpenDj:
        return {"ds-pwp-account-disabled"};
    case Vendor::OracleDsee:
        return {"nsAccountLock"};
    case Vendor::IbmTivoli:
        return {"ibm-pwdAccountLocked", kPwdAccountLockedTime};
    case Vendor::CaDirectory:
    case Vendor::Ldapv3:
        break;
    }
    return {"nsAccountLock", "ds-pwp-account-disabled", kPwdAccountLockedTime, kUserAccountControl};
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

core::Filter Dialect::idFilter(const QByteArray &sourceId) const
{
    QList<core::Filter> filters;
    for (const QByteArray &name : m_idAttributes) {
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

bool Dialect::isActive(const core::EntryView &entry, const QList<int> &activeSlots) const
{
    for (qsizetype i = 0; i < activeSlots.size() && i < m_activeAttributes.size(); ++i) {
        const QByteArrayView value = entry.value(activeSlots.at(i));
        if (value.isEmpty())
            continue;
        const QByteArray &name = m_activeAttributes.at(i);
        if (name == kUserAccountControl) {
            if (value.toByteArray().toLongLong() & kAccountDisable)
                return false;
        } else if (name == kPwdAccountLockedTime) {
            // Any other time is a lock by wrong passwords, which passes.
            if (value == QByteArrayView("000001010000Z"))
                return false;
        } else if (value.compare("true", Qt::CaseInsensitive) == 0) {
            return false;
        }
    }
    return true;
}

} // namespace gatehouse::ldap
