// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/connection_p.h"

#include "ldap/faults_p.h"

#include <QtGlobal>

#include <fcntl.h>
#include <netdb.h>
#include <unistd.h>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

// Neither /etc/ldap/ldap.conf nor ~/.ldaprc nor LDAP* variables may change what a session does: with "TLS_REQCERT
// never" in ~/.ldaprc every certificate would pass. Set while the program is loaded, before there are threads.
[[maybe_unused]] const bool kNoOutsideSettings = qputenv("LDAPNOINIT", "1");

constexpr std::chrono::milliseconds kFarewell{500}; ///< for the unbind request of a connection in good order
/// A message longer than this is not believed: a damaged length would else take all memory. A group of two million
/// members fits.
constexpr ber_len_t kMaxMessage = 256u << 20;

} // namespace

QString Address::text() const
{
    char host[NI_MAXHOST] = {};
    ::getnameinfo(reinterpret_cast<const sockaddr *>(&storage), length, host, sizeof host, nullptr, 0, NI_NUMERICHOST);
    return QString::fromLatin1(host);
}

QString placeOf(const QString &host, quint16 port)
{
    return (host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host) + QLatin1Char(':')
           + QString::number(port);
}

core::Result<void> Connection::adopt(const QByteArray &url)
{
    const int rc = ldap_init_fd(socket, LDAP_PROTO_TCP, url.constData(), &ld);
    if (rc != LDAP_SUCCESS) {
        ld = nullptr;
        return core::fail(Error{Code::InvalidInput, QStringLiteral("the host name cannot be used"),
                                QString::fromUtf8(ldap_err2string(rc)), place, rc});
    }
    socket = -1; // libldap closes it

    const int version = LDAP_VERSION3;
    const ber_len_t longest = kMaxMessage;
    Sockbuf *buffer = nullptr;
    reservoir = std::make_unique<Reservoir>(watchdog);
    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_ON);
    // libldap would follow referrals over connections that we neither bound nor secured.
    ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    if (ldap_get_option(ld, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || buffer == nullptr
        || ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, const_cast<ber_len_t *>(&longest)) < 0
        || !reservoir->addTo(buffer))
        return core::fail(Code::Internal, QStringLiteral("the LDAP library refused its settings"), {}, place);
    return {};
}

void Connection::take(int connected)
{
    // libldap and GnuTLS work on a blocking socket; the watchdog bounds them.
    ::fcntl(connected, F_SETFL, ::fcntl(connected, F_GETFL) & ~O_NONBLOCK);
    socket = connected;
    watchdog.guard(connected);
}

void Connection::close()
{
    if (ld != nullptr) {
        const Watchdog::Wait wait(watchdog, kFarewell);
        ldap_unbind_ext_s(ld, nullptr, nullptr);
        ld = nullptr;
        reservoir.reset();
    }
    if (socket >= 0)
        ::close(socket);
    socket = -1;
    watchdog.release();
}

std::optional<Error> Connection::verdict(const QString &what)
{
    if (watchdog.isCancelled())
        return Error{Code::Cancelled, QStringLiteral("cancelled"), {}, place};
    if (watchdog.verdict() == Watchdog::Verdict::Expired)
        return Error{Code::Timeout, what,
                     watchdog.wasDripping() ? QStringLiteral("the server sends so little that it would take for ever")
                                            : QStringLiteral("the server did not answer in time"),
                     place};
    return std::nullopt;
}

Error Connection::faultOf(int rc, const QString &what)
{
    if (auto error = verdict(what)) {
        close();
        return *error;
    }
    QString says;
    if (ld != nullptr) {
        char *text = nullptr;
        if (ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == LDAP_OPT_SUCCESS && text != nullptr) {
            const TextHandle owner(text);
            says = QString::fromUtf8(text);
        }
    }
    Error error = faultOf(rc, what, says);
    if (rc == LDAP_SERVER_DOWN || rc == LDAP_CONNECT_ERROR || rc == LDAP_DECODING_ERROR)
        close();
    return error;
}

Error Connection::faultOf(int rc, const QString &what, const QString &serverSays) const
{
    return ldap::faultOf(rc, what, serverSays, place);
}

} // namespace gatehouse::ldap
