// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/gateway.h"
#include "gateway/remedies_p.h"

#include "gateway/route.h"
#include "ldap/accountstate.h"

#include <cerrno>

#include <netdb.h>

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::ConnectionSecurity;
using core::Error;

constexpr int kStrongerAuthRequired = 8;
constexpr int kConfidentialityRequired = 13;
constexpr int kUnavailableCriticalExtension = 12;
constexpr int kTimeLimitExceeded = 3;
constexpr int kReferral = 10;

QString forResolve(const Error &error)
{
    if (error.code == Code::Timeout || error.native == EAI_AGAIN || error.native == EAI_FAIL)
        return QStringLiteral("The name service does not answer. Check this machine's network and DNS settings.");
    if (error.code == Code::Unreachable)
        return QStringLiteral("Check the spelling of the host name, and that this machine's DNS knows it.");
    if (error.code == Code::InvalidInput)
        return QStringLiteral("Correct this setting of the gateway.");
    return {};
}

QString usualPort(const core::Gateway &gateway)
{
    return gateway.connectionSecurity == ConnectionSecurity::Tls ? QStringLiteral("636") : QStringLiteral("389");
}

/// By the errno of connecting.
QString forConnect(const Error &error, const core::Gateway &gateway)
{
    if (error.code == Code::Timeout)
        return QStringLiteral("Nothing answers at this address. Check the address, and whether a firewall between this "
                              "machine and the server lets the port through.");
    switch (error.native) {
    case ECONNREFUSED:
        return QStringLiteral("The machine answers, but not on this port. Check the port (with this security it is usually "
                              "%1) and whether the directory service is running.")
            .arg(usualPort(gateway));
    case ENETUNREACH:
    case ENETDOWN:
        return QStringLiteral("This machine has no way to that network. Check the address, and this machine's network: cable, VPN, "
                              "routes and, for an IPv6 address, whether it has IPv6.");
    case EHOSTUNREACH:
    case EHOSTDOWN:
        return QStringLiteral("The network does not find that machine. Check the address, and whether the machine is switched on and "
                              "connected.");
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case EINVAL:
        return QStringLiteral("This machine cannot use such an address. Check it; one that begins with fe80 needs the name of the "
                              "network interface after it, as in fe80::1%eth0.");
    case EACCES:
    case EPERM:
        return QStringLiteral("This machine forbids the connection. Check its firewall and what this program may do.");
    default:
        return QStringLiteral("Check the address, the port (with this security it is usually %1) and the network.").arg(usualPort(gateway));
    }
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

/// One step for each fault of the certificates.
QString forCertificate(const ldap::CertificateReport &report)
{
    using Kind = ldap::TrustFault::Kind;
    QStringList steps;
    const auto add = [&steps](const QString &step) {
        if (!steps.contains(step))
            steps.append(step);
    };
    for (const ldap::TrustFault &fault : report.faults) {
        switch (fault.kind) {
        case Kind::Expired:
            add(fault.isOfAuthority
                    ? QStringLiteral("The server's own certificate is not the one that expired: replace the certificate of the authority "
                                     "%1 by its renewed one, in the chain that the server sends or in the CA certificate file.")
                          .arg(fault.subject)
                    : QStringLiteral("Have the server's certificate renewed."));
            break;
        case Kind::NotYetValid:
            add(QStringLiteral("Check the clocks of this machine and of the server."));
            break;
        case Kind::SelfSigned:
            add(QStringLiteral("Pin this certificate after comparing its fingerprint with the server's administrator, or give it as CA "
                               "certificate file."));
            break;
        case Kind::UnknownAuthority:
            add(QStringLiteral("Give the certificate of the authority that signed it as CA certificate file, or pin "
                               "this certificate after comparing its fingerprint."));
            break;
        case Kind::OtherName:
            add(QStringLiteral("Use one of the names that the certificate is made for as the server's name."));
            break;
        case Kind::AddressAsName:
            add(QStringLiteral("Use the server's host name instead of its address, or have a certificate issued that has the address "
                               "as an IP address."));
            break;
        case Kind::NotForServers:
            add(fault.isOfAuthority
                    ? QStringLiteral("Have the server's certificate issued by an authority that may vouch for servers.")
                    : QStringLiteral("Have a certificate issued for the server with the extended key usage serverAuth."));
            break;
        case Kind::NotForSigning:
            add(QStringLiteral("Have the server's certificate issued by an authority: one that is marked CA:TRUE."));
            break;
        case Kind::NotPinned:
            add(QStringLiteral("The server shows another certificate than the pinned one. If it was renewed, compare the "
                               "fingerprint with the server's administrator and pin the new one."));
            break;
        case Kind::NotChecked: // the error says more
        case Kind::Other:
            break;
        }
    }
    return steps.join(QLatin1Char(' '));
}

QString forSecure(const Error &error, const core::Gateway &gateway, const std::optional<ldap::CertificateReport> &certificate)
{
    const QString ports = QStringLiteral("Check that the port fits the security: ldaps usually has 636, StartTLS 389.");
    const QString pin = QStringLiteral(" Or pin the certificate, after comparing its fingerprint with the server's administrator.");
    const bool canPin = certificate && !certificate->sha256.isEmpty();
    switch (error.code) {
    case Code::Timeout:
        return QStringLiteral("The server accepts the connection but does not answer on it as TLS does. ") + ports;
    case Code::InvalidInput:
        if (error.where == gateway.caCertificateFile)
            return QStringLiteral("Choose a readable PEM file with the certificate of the authority that signed the "
                                  "server's certificate.") + (canPin ? pin : QString());
        return QStringLiteral("Correct the gateway's settings of security.");
    case Code::Unreachable:
        return QStringLiteral("The server hung up. ") + ports;
    case Code::Busy:
        return QStringLiteral("Try again in a moment: the server has no TLS just now.");
    case Code::Untrusted:
        break;
    default:
        return {};
    }
    if (error.what.contains(QLatin1String("refuses StartTLS")))
        return QStringLiteral("The server offers no StartTLS on this port. Use TLS with the server's ldaps port, or have "
                              "a certificate installed on the server.");
    if (certificate && certificate->has(ldap::TrustFault::Kind::NotChecked))
        return QStringLiteral("Install the list of authorities that come with the system (on Debian: apt-get install ca-certificates), or "
                              "give the certificate of the authority that signed the server's certificate as CA certificate file.")
               + pin;
    if (error.detail.contains(QLatin1String("no list of trusted authorities")))
        return QStringLiteral("Install the list of authorities that come with the system (on Debian: apt-get install ca-certificates), or "
                              "give the certificate of the authority that signed the server's certificate as CA certificate file.");
    if (error.detail.contains(QLatin1String("not safe")))
        return QStringLiteral("Have the server updated, or TLS 1.2 turned on there.");
    if (error.detail.contains(QLatin1String("does not speak TLS")))
        return ports;
    const QString steps = certificate ? forCertificate(*certificate) : QString();
    if (!steps.isEmpty())
        return steps;
    return QStringLiteral("Look at the server's log for this connection: its certificate, key and ciphers must suit TLS 1.2 or 1.3.");
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

/// Where the password itself could not be got; nothing when it was not that.
QString forSecret(const Error &error)
{
    if (error.what.contains(QLatin1String("keychain"))) {
        if (error.code == Code::NotFound)
            return QStringLiteral("Store the bind account's password, or correct the reference to it.");
        if (error.code == Code::Timeout || error.code == Code::Denied)
            return QStringLiteral("Unlock the desktop's keychain and let this program use it, or keep the password in a file or an "
                                  "environment variable.");
        return QStringLiteral("Keep the password in a file or an environment variable, or start the desktop's "
                              "keychain.");
    }
    if (!error.what.startsWith(QLatin1String("no password for")))
        return {};
    switch (error.code) {
    case Code::Denied:
        if (error.detail.contains(QLatin1String("chmod")))
            return QStringLiteral("Take the file's permissions away from everybody but its owner, as shown.");
        return QStringLiteral("Let the user that runs this program read the file.");
    case Code::InvalidInput:
        return QStringLiteral("Refer to a file that holds the password and nothing else.");
    default:
        return QStringLiteral("Store the bind account's password, or correct the reference to it.");
    }
}

/// The bind got no answer: on a connection without TLS the port may be one for TLS.
QString forNoAnswer(const QString &what, const core::Gateway &gateway)
{
    if (gateway.connectionSecurity == ConnectionSecurity::None)
        return what + QStringLiteral(" A port for TLS does so: if this is one (ldaps usually has 636), choose TLS as the connection "
                                     "security, or else the port for LDAP without TLS, usually 389.");
    return what + QStringLiteral(" Try again; if it stays so, look at the directory server's log.");
}

QString forBind(const Error &error, const core::Gateway &gateway)
{
    if (const QString secret = forSecret(error); !secret.isEmpty())
        return secret;
    // The rest is about the password that the ticket is got with.
    const bool isOfTickets = error.what.contains(QLatin1String("Kerberos")) || error.what.contains(QLatin1String("ticket"));
    if (gateway.bindMechanism == core::BindMechanism::Gssapi && isOfTickets && activeDirectoryReason(error.detail).isEmpty())
        return forTicketBind(error, gateway);
    if (error.native == kStrongerAuthRequired || error.native == kConfidentialityRequired)
        return gateway.connectionSecurity == ConnectionSecurity::None
                   ? QStringLiteral("The server wants a secured connection for this. Choose TLS or StartTLS.")
                   : QStringLiteral("The server wants a stronger way to bind than a name and a password. Ask its administrator which.");
    switch (error.code) {
    case Code::InvalidInput:
        return error.native == 0 ? QStringLiteral("Store the bind account's password. A bind with a name and an empty password would pass "
                                                  "as nobody.")
                                 : QStringLiteral("Check the bind DN. It should look like cn=reader,dc=example,dc=com.");
    case Code::NotFound:
        return QStringLiteral("Check the bind DN: the server knows no such entry.");
    case Code::Unauthenticated: {
        const QString reason = activeDirectoryReason(error.detail);
        if (!reason.isEmpty())
            return reason;
        if (gateway.bindDn.isEmpty())
            return QStringLiteral("The server does not let anybody in without a name. Enter a bind account.");
        return QStringLiteral("Check the bind DN and the password. The server does not say which of them is wrong.");
    }
    case Code::Denied:
        return QStringLiteral("The server refuses this account. It may be locked, disabled or not allowed from here.");
    case Code::Unreachable:
        return forNoAnswer(QStringLiteral("The server ended the connection instead of answering."), gateway);
    case Code::Timeout:
        return forNoAnswer(QStringLiteral("The server does not answer the bind."), gateway);
    case Code::Protocol:
        return QStringLiteral("What answers on this port does not speak LDAP as it should. Check that the port is the directory "
                              "server's.");
    case Code::Unsupported:
        return QStringLiteral("The server does not take this kind of bind. Ask its administrator which it takes.");
    case Code::Busy:
        return QStringLiteral("The server is busy or going down. Try again in a moment.");
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

QString forRootDse(const Error &error)
{
    switch (error.code) {
    case Code::NotFound:
    case Code::Denied:
        return QStringLiteral("Let the bind account read the rootDSE, the entry with the empty DN: it says what the server can.");
    case Code::Protocol:
        return QStringLiteral("What answers on this port does not speak LDAP as it should. Check that the port is the directory "
                              "server's.");
    case Code::Unreachable:
        return QStringLiteral("The server ended the connection. Try again; if it stays so, look at its log.");
    case Code::Timeout:
        return QStringLiteral("The server lets the account in but does not answer then. Try again; if it stays so, look at its log.");
    default:
        return QStringLiteral("Look at the directory server's log.");
    }
}

/// What may go wrong with any reading.
QString forReading(const Error &error)
{
    switch (error.code) {
    case Code::Denied:
        return QStringLiteral("Give the bind account the right to read this.");
    case Code::Unreachable:
        return QStringLiteral("The server ended the connection. Try again; if it stays so, look at its log.");
    case Code::Timeout:
        return QStringLiteral("The server, or the network before it, is too slow. Try again when it has less to do.");
    case Code::Busy:
        return QStringLiteral("The server is busy or going down. Try again in a moment.");
    case Code::LimitExceeded:
        return QStringLiteral("Raise the limits of the bind account on the server: size, time and look-through.");
    case Code::Protocol:
        return QStringLiteral("The server's answers are not as LDAP has them. Look for an update of the server, or of a proxy or load "
                              "balancer before it.");
    default:
        return QStringLiteral("Look at the directory server's log.");
    }
}

QString forBase(const Error &error, const core::Gateway &gateway)
{
    if (error.code == Code::NotFound)
        return QStringLiteral("Correct the base DN. If it is spelled right, the bind account may lack the right to see "
                              "it.");
    if (error.code == Code::InvalidInput)
        return QStringLiteral("The base is not a valid DN. It should look like ou=people,dc=example,dc=com.");
    if (error.native == kReferral) {
        const QString text = QStringLiteral("This server does not hold the base. Give the gateway the server that does, or choose a base "
                                            "that this one holds.");
        // Anybody else's server would get the bind account's password.
        return gateway.serversHostAndPort.size() > 1 && !gateway.followReferrals
                   ? text + QStringLiteral(" If the other server is one of this gateway's, turn on Follow LDAP Referrals.")
                   : text;
    }
    return forReading(error);
}

QString forPage(const Error &error, const core::Gateway &gateway)
{
    if (error.native == kTimeLimitExceeded)
        return QStringLiteral("The server ends reads by this account by its time limit, so people would be missed. Raise the account's "
                              "time limit on the server.");
    if (error.code == Code::LimitExceeded)
        return QStringLiteral("The server ends reads by this account early, so people would be missed. Raise the "
                              "account's size and look-through limits, for paged reads too.");
    if (error.native == kUnavailableCriticalExtension)
        return QStringLiteral("The server does not let this account read in pages. Allow the paged results control "
                              "(1.2.840.113556.1.4.319) for it.");
    if (error.what.contains(QLatin1String("the same page")))
        return QStringLiteral("The server's paging does not work as RFC 2696 says: reads would never end or miss people. "
                              "Look for an update of the server or of a proxy before it.");
    return forBase(error, gateway);
}

} // namespace

QString remedyFor(Stage stage, const Error &error, const core::Gateway &gateway,
                  const std::optional<ldap::CertificateReport> &certificate)
{
    if (error.code == Code::Cancelled)
        return {};
    if (gateway.mode == core::GatewayMode::Clients && (stage == Stage::Resolve || stage == Stage::Connect))
        return forClients(error, gateway);
    switch (stage) {
    case Stage::Resolve:
        return forResolve(error);
    case Stage::Connect:
        return forConnect(error, gateway);
    case Stage::Secure:
        return forSecure(error, gateway, certificate);
    case Stage::Bind:
        return forBind(error, gateway);
    case Stage::RootDse:
        return forRootDse(error);
    case Stage::ReadBase:
        return forBase(error, gateway);
    case Stage::Page:
    case Stage::Count:
        return forPage(error, gateway);
    case Stage::LargeGroups:
    case Stage::Changes:
    case Stage::Writing:
        break;
    case Stage::Tickets:
        return forTickets(error, gateway);
    }
    return forReading(error);
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
