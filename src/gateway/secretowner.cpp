// SPDX-License-Identifier: GPL-3.0-or-later
//
// By what the keychain knows secrets, and which of them a configuration no longer has.
#include "core/config/configuration.h"
#include "gateway/keychain_p.h"

namespace gatehouse::gateway {
namespace {

using Kind = core::SecretReference::Kind;

SecretOwner owner(const core::Gateway &gateway, const QString &what, const QString &called)
{
    return {QStringLiteral("gateway %1%2").arg(gateway.id.toString(QUuid::WithoutBraces), what),
            called.arg(gateway.name)};
}

} // namespace

SecretOwner ownerOf(const core::Gateway &gateway)
{
    return owner(gateway, QString(), QStringLiteral("gateway %1"));
}

SecretOwner ownerOfServiceAccount(const core::Gateway &gateway)
{
    return owner(gateway, QStringLiteral(" Kerberos service account"),
                 QStringLiteral("the Kerberos service account of gateway %1"));
}

SecretOwner ownerOfDefaultSecret(const core::Gateway &gateway)
{
    return owner(gateway, QStringLiteral(" RADIUS clients"), QStringLiteral("the RADIUS clients of gateway %1"));
}

SecretOwner ownerOfClientSecret(const core::Gateway &gateway, const QString &ip)
{
    // An address of IPv6 is the same in capitals.
    SecretOwner client = owner(gateway, QStringLiteral(" RADIUS client ") + ip.toLower(), QStringLiteral("%1"));
    client.name = QStringLiteral("RADIUS client %1 of gateway %2").arg(ip, gateway.name);
    return client;
}

SecretOwner retainedOf(const SecretOwner &owner)
{
    return {owner.key + QStringLiteral(" previous"), QStringLiteral("the previous passwords of ") + owner.name};
}

QList<SecretOwner> keptInKeychain(const core::Gateway &gateway)
{
    QList<SecretOwner> owners;
    if (gateway.bindPassword.kind == Kind::Keychain)
        owners.append(ownerOf(gateway));
    if (gateway.kerberos && gateway.kerberos->serviceAccountPassword.kind == Kind::Keychain) {
        owners.append(ownerOfServiceAccount(gateway));
        if (gateway.kerberos->minutesToRetainPreviousCredentials > 0)
            owners.append(retainedOf(ownerOfServiceAccount(gateway)));
    }
    if (gateway.defaultSharedSecret.kind == Kind::Keychain)
        owners.append(ownerOfDefaultSecret(gateway));
    for (const core::RadiusClient &client : gateway.radiusClients) {
        if (client.sharedSecret.kind == Kind::Keychain)
            owners.append(ownerOfClientSecret(gateway, client.ip));
    }
    return owners;
}

QList<SecretOwner> noLongerKept(const core::Configuration &before, const core::Configuration &after)
{
    QList<SecretOwner> kept;
    for (const core::Gateway &gateway : after.gateways)
        kept += keptInKeychain(gateway);
    QList<SecretOwner> gone;
    for (const core::Gateway &gateway : before.gateways) {
        for (const SecretOwner &one : keptInKeychain(gateway)) {
            if (!kept.contains(one))
                gone.append(one);
        }
    }
    return gone;
}

} // namespace gatehouse::gateway
