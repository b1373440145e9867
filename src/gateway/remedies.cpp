// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/remedies_p.h"

#include "gateway/route.h"
#include "ldap/accountstate.h"

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::ConnectionSecurity;
using core::Error;

constexpr int kStrongerAuthRequired = 8;
constexpr int kConfidentialityRequired = 13;
constexpr int kUnavailableCriticalExtension = 12;

QString forConnect(const Error &error, const core::Gateway &gateway)
{
    const QString usual = gateway.connectionSecurity == ConnectionSecurity::Tls ? QStringLiteral("636")
                                                                                : QStringLiteral("389");
    if (error.code == Code::Timeout)
        return QStringLiteral("Nothing answers at this address. Check the address, and whether a firewall between this "
                              "machine and the server lets the port through.");
    return QStringLiteral("The machine answers, but not on this port. Check the port (with this security it is usually "
                          "%1) and whether the directory service is running.")
        .arg(usual);
}

/// Resolving and connecting happen at the gateway client, if there is one.
QString forClients(const Error &error, const core::Gateway &gateway)
{
    const auto route = routeTo(gateway.id);
    if (!route || !route->endpoint) {
        if (error.code == Code::Busy)
            return QStringLiteral("Another program of this environment, the console or gatehousectl serve, has the gateway "
                                  "clients. Test there, or end it first.");
        return QStringLiteral("Save the gateway first; its endpoint is open while the console or gatehousectl serve runs.");
    }
    if (route->endpoint->instancesOf(gateway.id).isEmpty())
        return QStringLiteral("Start gatehouse-gateway beside the LDAP servers with a credential of this gateway "
                              "(gatehousectl gateway credential create shows the command). If it runs, its log says why "
                              "it is not connected: mostly the endpoint's address, port or a firewall.");
    if (error.code == Code::Denied)
        return QStringLiteral("Add the server to the --server options of the gateway client; it connects to no other.");
    if (error.code == Code::Unsupported)
        return QStringLiteral("Update the gateway client.");
    return QStringLiteral("Look from the gateway client's machine: the name, the port and the firewalls between it and the "
                          "LDAP server.");
}

QString forSecure(const Error &error, const core::Gateway &gateway)
{
    const QString says = error.detail;
    if (error.code == Code::Timeout)
        return QStringLiteral("The server accepts the connection but does not speak TLS on it. Check that the port fits "
                              "the security: ldaps usually has 636, StartTLS 389.");
    if (error.code == Code::Unsupported)
        return QStringLiteral("The server offers no StartTLS on this port. Use TLS with the server's ldaps port, or have "
                              "a certificate installed on the server.");
    if (error.code == Code::InvalidInput)
        return QStringLiteral("Choose a readable PEM file with the certificate of the authority that signed the "
                              "server's certificate.");
    if (error.code == Code::Unreachable)
        return QStringLiteral("The server hung up. Check that the port fits the security: ldaps usually has 636, StartTLS "
                              "389.");
    if (!gateway.pinnedCertificateSha256.isEmpty())
        return QStringLiteral("The server shows another certificate than the pinned one. If it was renewed, compare the "
                              "fingerprint with the server's administrator and pin the new one.");
    QStringList steps;
    if (says.contains(QLatin1String("expired on")))
        steps.append(QStringLiteral("Have the server's certificate renewed."));
    if (says.contains(QLatin1String("not valid before")))
        steps.append(QStringLiteral("Check the clocks of this machine and of the server."));
    if (says.contains(QLatin1String("self-signed")) || says.contains(QLatin1String("not trusted")))
        steps.append(QStringLiteral("Give the certificate of the authority that signed it as CA certificate file, or pin "
                                    "this certificate after comparing its fingerprint."));
    if (says.contains(QLatin1String("not made for the host name")))
        steps.append(QStringLiteral("Use one of the names that the certificate is made for as the server's name."));
    if (steps.isEmpty())
        steps.append(QStringLiteral("Check that the port speaks TLS (ldaps usually has 636, StartTLS 389) and that the "
                                    "server knows TLS 1.2 or newer."));
    return steps.join(QLatin1Char(' '));
}

QString forTicketBind(const Error &error, const core::Gateway &gateway)
{
    if (error.native == kStrongerAuthRequired)
        return QStringLiteral("This server takes no Kerberos tickets inside of TLS. Choose None as connection security: Kerberos "
                              "then seals everything itself.");
    switch (error.code) {
    case Code::NotFound:
        return QStringLiteral("Name the server as the domain does, by its full DNS name and not by an address: the domain must "
                              "know the service principal ldap/NAME (setspn -L shows them).");
    case Code::Unauthenticated:
        if (error.detail.contains(QLatin1String("clock")))
            return QStringLiteral("Set both clocks by the same time service: Kerberos gives up at five minutes.");
        return QStringLiteral("Check the account's user principal name, letter case included, and its password.");
    case Code::Unreachable:
    case Code::Timeout:
    case Code::Denied:
        if (gateway.mode == core::GatewayMode::Clients)
            return QStringLiteral("Tickets come from port 88 of the domain controller, through the gateway client: add --server "
                                  "NAME:88 to its options, and let the port through.");
        return QStringLiteral("Tickets come from port 88 of the domain controller. Let it through the firewall.");
    case Code::Untrusted:
        return QStringLiteral("Choose TLS or StartTLS, or have the domain controller seal LDAP.");
    default:
        break;
    }
    return QStringLiteral("Try again; if it stays so, look at the domain controller's log, or bind with a password.");
}

QString forBind(const Error &error, const core::Gateway &gateway)
{
    // The rest is about the password that the ticket is got with.
    const bool isOfTickets = error.what.contains(QLatin1String("Kerberos")) || error.what.contains(QLatin1String("ticket"));
    if (gateway.bindMechanism == core::BindMechanism::Gssapi && isOfTickets && activeDirectoryReason(error.detail).isEmpty())
        return forTicketBind(error, gateway);
    if (error.native == kStrongerAuthRequired || error.native == kConfidentialityRequired)
        return QStringLiteral("The server wants a secured connection for this. Choose TLS or StartTLS.");
    switch (error.code) {
    case Code::InvalidInput:
        return QStringLiteral("Store the bind account's password. A bind with a name and an empty password would pass "
                              "as nobody.");
    case Code::NotFound:
        return QStringLiteral("Store the bind account's password, or correct the reference to it.");
    case Code::Unauthenticated: {
        const QString reason = activeDirectoryReason(error.detail);
        if (!reason.isEmpty())
            return reason;
        if (gateway.bindDn.isEmpty())
            return QStringLiteral("The server does not let anybody in without a name. Enter a bind account.");
        return QStringLiteral("Check the bind DN and the password. The server does not say which of them is wrong.");
    }
    case Code::Denied:
        if (error.detail.contains(QLatin1String("chmod")))
            return QStringLiteral("Take the file's permissions away from everybody but its owner, as shown.");
        return QStringLiteral("The server refuses this account. It may be locked, disabled or not allowed from here.");
    case Code::Unreachable:
        if (error.what.contains(QLatin1String("keychain")))
            return QStringLiteral("Keep the password in a file or an environment variable, or start the desktop's "
                                  "keychain.");
        break;
    default:
        break;
    }
    return QStringLiteral("Try again; if it stays so, look at the directory server's log.");
}

/// People's tickets are read with the service account's password.
QString forTickets(const Error &error, const core::Gateway &gateway)
{
    if (error.what.contains(QLatin1String("service principal name")))
        return QStringLiteral("As domain administrator: %1.").arg(error.detail.section(QLatin1String(": "), 1));
    if (error.what.contains(QLatin1String("is not found")))
        return QStringLiteral("Check the user principal name of the Kerberos service account, and that the bind account may see it.");
    if (error.what.contains(QLatin1String("Kerberos")))
        return forTicketBind(error, gateway);
    return QStringLiteral("Store the Kerberos service account's password, or correct the reference to it.");
}

QString forBase(const Error &error)
{
    if (error.code == Code::NotFound)
        return QStringLiteral("Correct the base DN. If it is spelled right, the bind account may lack the right to see "
                              "it.");
    if (error.code == Code::InvalidInput)
        return QStringLiteral("The base is not a valid DN. It should look like ou=people,dc=example,dc=com.");
    if (error.code == Code::Unsupported)
        return QStringLiteral("This server does not hold the base. Use the server that does, or turn on Follow LDAP "
                              "referrals.");
    if (error.code == Code::Denied)
        return QStringLiteral("Give the bind account the right to read the base.");
    return QStringLiteral("Try again; if it stays so, look at the directory server's log.");
}

QString forPage(const Error &error)
{
    if (error.code == Code::LimitExceeded)
        return QStringLiteral("The server ends reads by this account early, so people would be missed. Raise the "
                              "account's size, time and look-through limits, for paged reads too.");
    if (error.native == kUnavailableCriticalExtension)
        return QStringLiteral("The server does not let this account read in pages. Allow the paged results control "
                              "(1.2.840.113556.1.4.319) for it.");
    if (error.code == Code::Protocol)
        return QStringLiteral("The server's paging does not work as RFC 2696 says: reads would never end or miss people. "
                              "Look for an update of the server or of a proxy before it.");
    return forBase(error);
}

} // namespace

QString remedyFor(Stage stage, const Error &error, const core::Gateway &gateway)
{
    if (error.code == Code::Cancelled)
        return {};
    if (gateway.mode == core::GatewayMode::Clients && (stage == Stage::Resolve || stage == Stage::Connect))
        return forClients(error, gateway);
    switch (stage) {
    case Stage::Resolve:
        return error.code == Code::Timeout
                   ? QStringLiteral("The name service does not answer. Check this machine's network and DNS settings.")
                   : QStringLiteral("Check the spelling of the host name, and that this machine's DNS knows it.");
    case Stage::Connect:
        return forConnect(error, gateway);
    case Stage::Secure:
        return forSecure(error, gateway);
    case Stage::Bind:
        return forBind(error, gateway);
    case Stage::RootDse:
        return QStringLiteral("The port may belong to another service than LDAP, or the server hides its rootDSE.");
    case Stage::ReadBase:
        return forBase(error);
    case Stage::Page:
    case Stage::Count:
        return forPage(error);
    case Stage::LargeGroups:
    case Stage::Changes:
    case Stage::Writing:
        break;
    case Stage::Tickets:
        return forTickets(error, gateway);
    }
    return forBase(error);
}

QString activeDirectoryReason(const QString &detail)
{
    const QString code = ldap::activeDirectorySubCode(detail);
    if (code == QLatin1String("525"))
        return QStringLiteral("Active Directory knows no such account. Check the bind DN.");
    if (code == QLatin1String("52e"))
        return QStringLiteral("The password is wrong, or Active Directory knows no such account.");
    if (code == QLatin1String("530"))
        return QStringLiteral("The account may not sign on at this time. Change its logon hours.");
    if (code == QLatin1String("531"))
        return QStringLiteral("The account may not sign on from this machine. Change its logon workstations.");
    if (code == QLatin1String("532"))
        return QStringLiteral("The account's password has expired. Set a new one, preferably one that does not expire.");
    if (code == QLatin1String("533"))
        return QStringLiteral("The account is disabled. Enable it in Active Directory.");
    if (code == QLatin1String("568"))
        return QStringLiteral("The account is in too many groups.");
    if (code == QLatin1String("701"))
        return QStringLiteral("The account has expired. Move its expiry date in Active Directory.");
    if (code == QLatin1String("773"))
        return QStringLiteral("The account must change its password first. Sign on with it once, or clear that option.");
    if (code == QLatin1String("775"))
        return QStringLiteral("The account is locked. Unlock it in Active Directory, and look for what still uses an old "
                              "password.");
    return {};
}

} // namespace gatehouse::gateway
