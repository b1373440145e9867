// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/words.h"

namespace gatehouse::core {

const Words<GatewayType> &gatewayTypeWords()
{
    static const Words<GatewayType> words{{GatewayType::Ldap, QStringLiteral("LDAP")},
                                          {GatewayType::Radius, QStringLiteral("RADIUS")}};
    return words;
}

const Words<Vendor> &vendorWords()
{
    static const Words<Vendor> words{
        {Vendor::PingDirectory, QStringLiteral("PingDirectory")},
        {Vendor::ActiveDirectory, QStringLiteral("Microsoft Active Directory")},
        {Vendor::OracleDsee, QStringLiteral("Oracle Directory Server Enterprise Edition")},
        {Vendor::OracleUnifiedDirectory, QStringLiteral("Oracle Unified Directory")},
        {Vendor::CaDirectory, QStringLiteral("CA Directory")},
        {Vendor::OpenDj, QStringLiteral("OpenDJ Directory Server")},
        {Vendor::IbmTivoli, QStringLiteral("IBM (Tivoli) Security Directory Server")},
        {Vendor::Ldapv3, QStringLiteral("LDAPv3-compliant Directory Server")}};
    return words;
}

const Words<ConnectionSecurity> &connectionSecurityWords()
{
    static const Words<ConnectionSecurity> words{{ConnectionSecurity::None, QStringLiteral("None")},
                                                 {ConnectionSecurity::Tls, QStringLiteral("TLS")},
                                                 {ConnectionSecurity::StartTls, QStringLiteral("StartTLS")}};
    return words;
}

const Words<GatewayMode> &gatewayModeWords()
{
    static const Words<GatewayMode> words{{GatewayMode::Direct, QStringLiteral("direct")},
                                          {GatewayMode::Clients, QStringLiteral("clients")}};
    return words;
}

const Words<BindMechanism> &bindMechanismWords()
{
    static const Words<BindMechanism> words{{BindMechanism::Simple, QStringLiteral("simple")},
                                            {BindMechanism::Gssapi, QStringLiteral("GSSAPI")}};
    return words;
}

const Words<PasswordAuthority> &passwordAuthorityWords()
{
    static const Words<PasswordAuthority> words{{PasswordAuthority::PingOne, QStringLiteral("PING_ONE")},
                                                {PasswordAuthority::Ldap, QStringLiteral("LDAP")}};
    return words;
}

const Words<RemoveAction> &removeActionWords()
{
    static const Words<RemoveAction> words{{RemoveAction::Disable, QStringLiteral("Disable")},
                                           {RemoveAction::Delete, QStringLiteral("Delete")}};
    return words;
}

const Words<Direction> &directionWords()
{
    static const Words<Direction> words{{Direction::Inbound, QStringLiteral("inbound")},
                                        {Direction::Outbound, QStringLiteral("outbound")}};
    return words;
}

const Words<MappingWhen> &mappingWhenWords()
{
    static const Words<MappingWhen> words{{MappingWhen::Always, QStringLiteral("always")},
                                          {MappingWhen::OnCreate, QStringLiteral("onCreate")},
                                          {MappingWhen::WhenEmpty, QStringLiteral("whenEmpty")}};
    return words;
}

const Words<MfaDeviceManagement> &mfaDeviceManagementWords()
{
    static const Words<MfaDeviceManagement> words{
        {MfaDeviceManagement::Merge, QStringLiteral("merge")},
        {MfaDeviceManagement::Overwrite, QStringLiteral("overwrite")},
        {MfaDeviceManagement::DoNotManage, QStringLiteral("doNotManage")}};
    return words;
}

const Words<AttributeType> &attributeTypeWords()
{
    static const Words<AttributeType> words{{AttributeType::String, QStringLiteral("STRING")},
                                            {AttributeType::Json, QStringLiteral("JSON")},
                                            {AttributeType::Boolean, QStringLiteral("BOOLEAN")}};
    return words;
}

QString vendorName(Vendor vendor)
{
    return wordOf(vendorWords(), vendor);
}

QList<Vendor> allVendors()
{
    QList<Vendor> vendors;
    for (const auto &[vendor, word] : vendorWords())
        vendors.append(vendor);
    return vendors;
}

} // namespace gatehouse::core
