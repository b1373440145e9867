// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/connector.h"

#include "core/config/gateway.h"
#include "gateway/route.h"
#include "gateway/vault.h"
#include "link/lending.h"

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::Error;

constexpr qsizetype kSha256Octets = 32;

/// Whether the next server may do better: this one was not reached, or said nothing, or asks to be left alone. A client
/// that is not allowed to go to this server (which is no answer of the server, so it has no number) may be to the next.
bool isWorthFailover(const core::Gateway &gateway, const Error &error)
{
    return error.code == Code::Unreachable || error.code == Code::Timeout || error.code == Code::Busy
           || (gateway.mode == core::GatewayMode::Clients && error.code == Code::Denied && error.native == 0);
}

/// Connects through the gateway's clients; looked up for each connection, since clients come and go.
ldap::Dialler diallerThrough(const core::Gateway &gateway, link::Need need)
{
    return [id = gateway.id, need](const QString &host, quint16 port, std::chrono::milliseconds allowed,
                                   const std::function<bool()> &isCancelled) -> core::Result<ldap::Dialled> {
        const auto route = routeTo(id);
        if (!route || (!route->endpoint && route->lendingSocket.isEmpty()))
            return core::fail(Code::Unreachable, QStringLiteral("the gateway endpoint was closed"));
        const link::DialRequest request{id, host, port, need, allowed, std::chrono::milliseconds(route->patience.remainingTime())};
        auto dialled = route->endpoint ? route->endpoint->dial(request, isCancelled)
                                       : link::borrow(route->lendingSocket, request, isCancelled);
        if (!dialled)
            return core::fail(dialled.error());
        return ldap::Dialled{dialled->socket, dialled->by, dialled->address};
    };
}

/// Whether this process has an open door for the gateway's clients, or another one of the environment that lends.
core::Result<void> checkRoute(const core::Gateway &gateway)
{
    const auto route = routeTo(gateway.id);
    if (!route)
        return core::fail(Code::Unreachable, QStringLiteral("the gateway is reached through gateway clients, and this program has no endpoint for them"),
                          QStringLiteral("use the console, gatehousectl serve, or a command that opens the endpoint"), gateway.name);
    if (!route->endpoint && !link::isLent(route->lendingSocket))
        return core::fail(route->fault.value_or(Error{Code::Unreachable, QStringLiteral("the gateway endpoint is not open")}));
    return {};
}

bool hasClients(const core::Gateway &gateway)
{
    const auto route = routeTo(gateway.id);
    if (route && !route->endpoint)
        return link::isLent(route->lendingSocket);
    return route && !route->endpoint->instancesOf(gateway.id).isEmpty();
}

/// "AB:CD:…" or "abcd…" as 32 octets.
core::Result<QByteArray> pinOf(const core::Gateway &gateway)
{
    QString digits = gateway.pinnedCertificateSha256;
    digits.remove(QLatin1Char(':')).remove(QLatin1Char(' '));
    const QByteArray pin = QByteArray::fromHex(digits.toLatin1());
    if (!digits.isEmpty() && (digits.size() != 2 * kSha256Octets || pin.size() != kSha256Octets))
        return core::fail(Code::InvalidInput, QStringLiteral("the pinned certificate is not a SHA-256 fingerprint"),
                          QStringLiteral("64 hexadecimal digits are needed"), QStringLiteral("pinnedCertificateSha256"));
    return pin;
}

core::Result<void> checkKind(const core::Gateway &gateway)
{
    if (gateway.type != core::GatewayType::Ldap)
        return core::fail(Code::Unsupported, QStringLiteral("a RADIUS gateway leads to no directory"), {}, gateway.name);
    if (gateway.serversHostAndPort.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("the gateway has no servers"), {}, gateway.name);
    return gateway.mode == core::GatewayMode::Clients ? checkRoute(gateway) : core::Result<void>();
}

/// The Kerberos service account binds where no other account is named.
bool bindsAsService(const core::Gateway &gateway)
{
    return gateway.bindMechanism == core::BindMechanism::Gssapi && gateway.bindDn.isEmpty() && gateway.kerberos;
}

} // namespace

QString bindAccountOf(const core::Gateway &gateway)
{
    return bindsAsService(gateway) ? gateway.kerberos->serviceAccountUserPrincipalName : gateway.bindDn;
}

core::Result<core::Secret> readBindPassword(const core::Gateway &gateway, const core::CancelToken &cancel)
{
    if (bindsAsService(gateway))
        return readSecret(gateway.kerberos->serviceAccountPassword, ownerOfServiceAccount(gateway), cancel);
    return gateway.bindDn.isEmpty() ? core::Secret() : readSecret(gateway.bindPassword, ownerOf(gateway), cancel);
}

core::Result<ldap::Target> targetOf(const core::Gateway &gateway, int index, const core::Secret &password,
                                    const ldap::Deadlines &deadlines, link::Need need)
{
    if (auto kind = checkKind(gateway); !kind)
        return core::fail(kind.error());
    if (index < 0 || index >= gateway.serversHostAndPort.size())
        return core::fail(Code::Internal, QStringLiteral("the gateway has no server number %1").arg(index + 1));
    const auto place = core::parseHostAndPort(gateway.serversHostAndPort.at(index));
    if (!place)
        return core::fail(place.error().in(QStringLiteral("serversHostAndPort[%1]").arg(index)));
    const auto pin = pinOf(gateway);
    if (!pin)
        return core::fail(pin.error());
    ldap::Target target;
    target.host = place->host;
    target.port = place->port;
    target.security = gateway.connectionSecurity;
    target.trust.verify = gateway.validateTlsCertificates;
    target.trust.caFile = gateway.caCertificateFile;
    target.trust.pinnedSha256 = *pin;
    target.followReferrals = gateway.followReferrals;
    for (const QString &server : gateway.serversHostAndPort) {
        if (const auto listed = core::parseHostAndPort(server))
            target.trustedServers.append(*listed);
    }
    target.mechanism = gateway.bindMechanism;
    target.bindDn = bindAccountOf(gateway);
    target.password = password;
    target.deadlines = deadlines;
    if (gateway.mode == core::GatewayMode::Clients)
        target.dialler = diallerThrough(gateway, need);
    return target;
}

core::Result<OpenSession> openSession(const core::Gateway &gateway, const core::CancelToken &cancel,
                                      const ldap::Deadlines &deadlines, link::Need need)
{
    if (auto kind = checkKind(gateway); !kind)
        return core::fail(kind.error());
    const auto password = readBindPassword(gateway, cancel);
    if (!password)
        return core::fail(password.error());
    QStringList tried;
    bool allSilent = true;
    for (int i = 0; i < gateway.serversHostAndPort.size(); ++i) {
        const QString server = gateway.serversHostAndPort.at(i);
        const auto target = targetOf(gateway, i, *password, deadlines, need);
        if (!target)
            return core::fail(target.error());
        auto session = std::make_unique<ldap::Session>();
        session->cancelWith(cancel);
        auto info = session->open(*target);
        if (info)
            return OpenSession{std::move(session), *info, server};
        if (!isWorthFailover(gateway, info.error()) || (gateway.mode == core::GatewayMode::Clients && !hasClients(gateway))) {
            Error error = info.error();
            if (error.where != server)
                error = error.in(server);
            return core::fail(error);
        }
        allSilent = allSilent && info.error().code == Code::Timeout;
        tried.append(server + QStringLiteral(": ") + info.error().what + QStringLiteral(", ") + info.error().detail);
        if (gateway.serversHostAndPort.size() == 1)
            return core::fail(info.error());
    }
    return core::fail(allSilent ? Code::Timeout : Code::Unreachable,
                      QStringLiteral("no server of the gateway %1 can be reached").arg(gateway.name),
                      tried.join(QStringLiteral("; ")), gateway.serversHostAndPort.join(QStringLiteral(", ")));
}

core::Result<std::unique_ptr<ldap::Session>> openUnbound(const core::Gateway &gateway, const OpenSession &open,
                                                         const core::CancelToken &cancel,
                                                         const ldap::Deadlines &deadlines)
{
    const auto target = targetOf(gateway, int(gateway.serversHostAndPort.indexOf(open.serverHostAndPort)), {}, deadlines,
                                 link::Need::Lookup);
    if (!target)
        return core::fail(target.error());
    auto session = std::make_unique<ldap::Session>();
    session->cancelWith(cancel);
    if (auto resolved = session->resolve(*target); !resolved)
        return core::fail(resolved.error());
    if (auto connected = session->connect(); !connected)
        return core::fail(connected.error());
    if (auto secured = session->secure(); !secured)
        return core::fail(secured.error());
    return session;
}

} // namespace gatehouse::gateway
