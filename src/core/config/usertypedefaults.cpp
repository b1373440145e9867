// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/usertype.h"
#include "core/config/vendor.h"

namespace gatehouse::core {

namespace {

/// Ids that survive renaming first, then the entry's name, then the name that people type.
QStringList linkAttributes(Vendor vendor)
{
    switch (vendor) {
    case Vendor::ActiveDirectory:
        return {QStringLiteral("objectGUID"), QStringLiteral("objectSid"), QStringLiteral("dn"),
                QStringLiteral("sAMAccountName")};
    case Vendor::OracleDsee:
        return {QStringLiteral("nsUniqueId"), QStringLiteral("dn"), QStringLiteral("uid")};
    case Vendor::IbmTivoli:
        return {QStringLiteral("ibm-entryUUID"), QStringLiteral("dn"), QStringLiteral("uid")};
    case Vendor::CaDirectory:
        return {QStringLiteral("dn"), QStringLiteral("uid")};
    case Vendor::PingDirectory:
    case Vendor::OracleUnifiedDirectory:
    case Vendor::OpenDj:
    case Vendor::Ldapv3:
        break; // RFC 4530
    }
    return {QStringLiteral("entryUUID"), QStringLiteral("dn"), QStringLiteral("uid")};
}

} // namespace

UserType defaultUserType(Vendor vendor)
{
    const bool isAd = vendor == Vendor::ActiveDirectory;
    const auto attribute = [](const QString &name) { return QStringLiteral("${ldapAttributes.%1}").arg(name); };
    UserType userType;
    userType.name = QStringLiteral("Users");
    userType.orderedCorrelationAttributes = linkAttributes(vendor);
    NewUserLookup lookup;
    lookup.ldapFilterPattern =
        isAd ? QStringLiteral("(|(sAMAccountName=${identifier})(userPrincipalName=${identifier}))")
             : QStringLiteral("(|(uid=${identifier})(mail=${identifier}))");
    lookup.attributeMappings = {
        {QStringLiteral("username"), attribute(isAd ? QStringLiteral("sAMAccountName") : QStringLiteral("uid"))},
        {QStringLiteral("email"), attribute(QStringLiteral("mail"))},
        {QStringLiteral("name.given"), attribute(QStringLiteral("givenName"))},
        {QStringLiteral("name.family"), attribute(QStringLiteral("sn"))}};
    userType.newUserLookup = lookup;
    return userType;
}

} // namespace gatehouse::core
