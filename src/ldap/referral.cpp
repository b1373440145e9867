// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/referral_p.h"

#include "core/dn.h"
#include "ldap/handles_p.h"

#include <optional>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::ConnectionSecurity;

constexpr quint16 kPort = 389;
constexpr quint16 kTlsPort = 636;

struct FreeUrl {
    void operator()(LDAPURLDesc *url) const { ldap_free_urldesc(url); }
};
using UrlHandle = std::unique_ptr<LDAPURLDesc, FreeUrl>;

UrlHandle parse(const QString &uri)
{
    LDAPURLDesc *url = nullptr;
    if (ldap_url_parse(uri.toUtf8().constData(), &url) != LDAP_URL_SUCCESS)
        return nullptr;
    return UrlHandle(url);
}

/// Host names as they are compared (RFC 4343), without the dot of a full one.
QString plainName(const QString &host)
{
    QString name = host.toLower();
    if (name.endsWith(QLatin1Char('.')))
        name.chop(1);
    if (name.startsWith(QLatin1Char('[')) && name.endsWith(QLatin1Char(']')))
        name = name.mid(1, name.size() - 2);
    return name;
}

/// The port by which the trusted server @p host is reached; 0 stands for any port of its.
std::optional<quint16> listedPort(const Target &origin, const QString &host, quint16 port)
{
    for (const core::HostAndPort &server : origin.trustedServers) {
        if (plainName(server.host) == plainName(host) && (port == 0 || port == server.port))
            return server.port;
    }
    return std::nullopt;
}

} // namespace

QString Continuation::key() const
{
    return plainName(target.host) + QLatin1Char(':') + QString::number(target.port) + QLatin1Char('/')
           + QString::fromUtf8(core::dnKey(request.base));
}

core::Result<Continuation> continuationOf(const QString &uri, const Target &origin, const SearchRequest &request)
{
    const UrlHandle url = parse(uri);
    const QByteArray scheme = url ? QByteArray(url->lud_scheme).toLower() : QByteArray();
    if (!url || (scheme != "ldap" && scheme != "ldaps"))
        return core::fail(Code::Protocol, QStringLiteral("the referral is no LDAP address"), uri);
    Continuation next{origin, request};
    if (url->lud_dn != nullptr && *url->lud_dn != '\0')
        next.request.base = url->lud_dn;
    // The parser fills in RFC 4516's defaults; in a referral a missing part means that of the search. The parts are
    // host/dn?attributes?scope?filter.
    const QString scope = uri.section(QLatin1Char('?'), 2, 2).toLower();
    if (!uri.section(QLatin1Char('?'), 3, 3).isEmpty() && url->lud_filter != nullptr)
        next.request.filter = url->lud_filter;
    if (scope == QLatin1String("base"))
        next.request.scope = Scope::Base;
    else if (scope == QLatin1String("one"))
        next.request.scope = Scope::OneLevel;
    else if (scope == QLatin1String("sub"))
        next.request.scope = Scope::Subtree;
    const QString host = url->lud_host != nullptr ? QString::fromUtf8(url->lud_host) : QString();
    if (host.isEmpty()) { // the server that was asked
        next.isTrusted = true;
        return next;
    }
    next.target.host = host;
    // The parser fills in the scheme's own port where the URL names none; then the security decides.
    const auto port = quint16(url->lud_port);
    const bool namesPort = port != 0 && port != (scheme == "ldaps" ? kTlsPort : kPort);
    if (const auto listed = listedPort(origin, host, namesPort || scheme == "ldaps" ? port : quint16(0))) {
        next.target.port = *listed;
        if (scheme == "ldaps")
            next.target.security = ConnectionSecurity::Tls;
        next.isTrusted = true;
    } else if (scheme == "ldaps") {
        next.target.security = ConnectionSecurity::Tls;
        next.target.port = namesPort ? port : kTlsPort;
    } else if (origin.security == ConnectionSecurity::Tls && namesPort) {
        next.target.security = ConnectionSecurity::StartTls;
        next.target.port = port;
    } else {
        next.target.port = namesPort ? port : (origin.security == ConnectionSecurity::Tls ? kTlsPort : kPort);
    }
    return next;
}

bool leadsToSystemPartition(const QString &uri)
{
    const UrlHandle url = parse(uri);
    return url && url->lud_dn != nullptr && isSystemPartition(QByteArrayView(url->lud_dn));
}

} // namespace gatehouse::ldap
