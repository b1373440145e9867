// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/secure_p.h"

#include "ldap/faults_p.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QSslCertificate>
#include <QUrl>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::ConnectionSecurity;
using core::Error;

/// Debian's and most others' bundle; libldap would have taken it from ldap.conf, which is not read.
constexpr char kSystemCaFile[] = "/etc/ssl/certs/ca-certificates.crt";

/// libldap checks a certificate against the machine's own name where the host is called localhost.
bool isLocalhost(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0;
}

QByteArray urlOf(const Target &target)
{
    const bool isV6 = target.host.contains(QLatin1Char(':'));
    const QByteArray host = isV6 ? '[' + target.host.toUtf8() + ']' : QUrl::toPercentEncoding(target.host);
    return (target.security == ConnectionSecurity::Tls ? "ldaps://" : "ldap://") + host + ':'
           + QByteArray::number(target.port);
}

core::Result<void> setTrust(Connection &connection, const Target &target)
{
    const Trust &trust = target.trust;
    const bool byChain = trust.verify && trust.pinnedSha256.isEmpty();
    const int required = byChain ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
    const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int isServer = 0;
    LDAP *ld = connection.ld;
    bool good = ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &required) == LDAP_OPT_SUCCESS
                && ldap_set_option(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest) == LDAP_OPT_SUCCESS;
    if (byChain) {
        const QString file = trust.caFile.isEmpty() ? QString::fromLatin1(kSystemCaFile) : trust.caFile;
        if (!QFileInfo(file).isReadable() || QSslCertificate::fromPath(file).isEmpty())
            return core::fail(Code::InvalidInput, QStringLiteral("no certificate can be read from the CA file"), {}, file);
        good = good && ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, file.toUtf8().constData()) == LDAP_OPT_SUCCESS;
    }
    // Last: it makes the context from what was set before.
    good = good && ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &isServer) == LDAP_OPT_SUCCESS;
    if (!good)
        return core::fail(Code::Internal, QStringLiteral("the TLS library refused its settings"), {}, connection.place);
    if (byChain && isLocalhost(target.host)) {
        // The context has taken "demand" for the chain; the handle's own copy decides only about the host name, which
        // nameFits() then checks against the name that was configured.
        const int never = LDAP_OPT_X_TLS_NEVER;
        ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &never);
    }
    return {};
}

std::optional<QSslCertificate> peerCertificate(const Connection &connection)
{
    berval der{0, nullptr};
    if (ldap_get_option(connection.ld, LDAP_OPT_X_TLS_PEERCERT, &der) != LDAP_OPT_SUCCESS || der.bv_val == nullptr)
        return std::nullopt;
    const TextHandle owner(der.bv_val);
    const QSslCertificate certificate(QByteArray(der.bv_val, qsizetype(der.bv_len)), QSsl::Der);
    return certificate.isNull() ? std::nullopt : std::make_optional(certificate);
}

QString tlsVersion(const Connection &connection)
{
    char *text = nullptr;
    if (ldap_get_option(connection.ld, LDAP_OPT_X_TLS_VERSION, &text) != LDAP_OPT_SUCCESS || text == nullptr)
        return {};
    const TextHandle owner(text);
    QString version = QString::fromLatin1(text);
    if (version.startsWith(QLatin1String("TLS")) && !version.contains(QLatin1Char(' ')))
        version.insert(3, QLatin1Char(' '));
    return version;
}

/// Why the handshake failed: libldap only says that it did.
Error reasonOf(const Connection &connection, const Target &target, const QString &address, int rc,
               std::optional<CertificateReport> &report)
{
    const bool byChain = target.trust.verify && target.trust.pinnedSha256.isEmpty();
    Probe probe{address, target.port, target.host, target.security, target.trust.caFile, target.deadlines.secure,
                [&connection] { return connection.watchdog.isCancelled(); }};
    if (target.dialler) {
        probe.connect = [&]() -> core::Result<int> {
            auto dialled = target.dialler(target.host, target.port, target.deadlines.connect, probe.isCancelled);
            if (!dialled)
                return core::fail(dialled.error());
            return dialled->socket;
        };
    }
    const ProbeOutcome outcome = probeCertificate(probe);
    if (connection.watchdog.isCancelled())
        return Error{Code::Cancelled, QStringLiteral("cancelled"), QStringLiteral("securing the connection"),
                     connection.place};
    if (outcome.hasCertificate())
        report = outcome.report;
    if (!outcome.reached || outcome.timedOut)
        return Error{outcome.timedOut ? Code::Timeout : Code::Unreachable, QStringLiteral("the connection was lost"),
                     QStringLiteral("while the channel was being secured"), connection.place, rc};
    if (byChain && outcome.hasCertificate() && !outcome.report.failedChecks.isEmpty())
        return Error{Code::Untrusted, QStringLiteral("the server's certificate is refused"),
                     outcome.report.failedChecks.join(QStringLiteral("; ")), connection.place, rc};
    if (outcome.closed && !outcome.hasCertificate())
        return Error{Code::Unreachable, QStringLiteral("the server closed the connection"),
                     QStringLiteral("while the channel was being secured; this port may not speak TLS"),
                     connection.place, rc};
    // The same handshake went well through another gateway client: what failed was the link, not the trust.
    if (target.dialler && outcome.hasCertificate() && outcome.fault.isEmpty())
        return Error{Code::Unreachable, QStringLiteral("the connection was lost"),
                     QStringLiteral("while the channel was being secured"), connection.place, rc};
    return Error{Code::Untrusted, QStringLiteral("the TLS handshake failed"),
                 outcome.fault.isEmpty() ? QStringLiteral("the server's TLS does not suit") : outcome.fault,
                 connection.place, rc};
}

/// StartTLS answered with an LDAP result: the server has no TLS on this port, or none now.
Error startTlsRefused(Connection &connection, int rc)
{
    Error error = connection.faultOf(rc, QStringLiteral("the server refuses StartTLS"));
    if (error.code != Code::Busy && error.code != Code::Unreachable && error.code != Code::Timeout)
        error.code = Code::Unsupported;
    return error;
}

core::Result<void> checkCertificate(const Connection &connection, const Target &target,
                                    std::optional<CertificateReport> &report)
{
    const auto certificate = peerCertificate(connection);
    if (!certificate)
        return core::fail(Code::Untrusted, QStringLiteral("the server showed no certificate"), {}, connection.place);
    report = reportOf(*certificate);
    report->tlsVersion = tlsVersion(connection);
    if (!target.trust.pinnedSha256.isEmpty()) {
        if (report->sha256 == target.trust.pinnedSha256)
            return {};
        report->failedChecks.append(QStringLiteral("not the pinned certificate"));
    } else if (target.trust.verify && isLocalhost(target.host) && !isFor(*certificate, target.host)) {
        report->failedChecks.append(QStringLiteral("not made for the host name %1, but for %2")
                                        .arg(target.host, report->names.join(QStringLiteral(", "))));
    }
    if (report->failedChecks.isEmpty())
        return {};
    return core::fail(Code::Untrusted, QStringLiteral("the server's certificate is refused"),
                      report->failedChecks.join(QStringLiteral("; ")), connection.place);
}

} // namespace

QByteArray channelBinding(const Connection &connection)
{
    const auto certificate = peerCertificate(connection);
    if (!certificate)
        return {};
    // By the hash that the certificate is signed with; SHA-256 in the place of MD5 and SHA-1. Qt names it in its text only.
    const QString text = certificate->toText();
    const QString algorithm = text.mid(text.indexOf(QLatin1String("Signature Algorithm:"))).section(QLatin1Char('\n'), 0, 0);
    QCryptographicHash::Algorithm hash = QCryptographicHash::Sha256;
    for (const auto &[name, one] : {std::pair{"sha384", QCryptographicHash::Sha384}, std::pair{"sha512", QCryptographicHash::Sha512}}) {
        if (algorithm.contains(QLatin1String(name), Qt::CaseInsensitive))
            hash = one;
    }
    return "tls-server-end-point:" + certificate->digest(hash);
}

core::Result<void> secureChannel(Connection &connection, const Target &target, const QString &address,
                                 std::optional<CertificateReport> &report)
{
    if (auto adopted = connection.adopt(urlOf(target)); !adopted)
        return adopted;
    if (target.security != ConnectionSecurity::None) {
        if (auto trusted = setTrust(connection, target); !trusted)
            return trusted;
        int rc = LDAP_SUCCESS;
        bool inHandshake = true;
        {
            const Watchdog::Wait wait(connection.watchdog, target.deadlines.secure);
            rc = target.security == ConnectionSecurity::Tls ? ldap_install_tls(connection.ld)
                                                            : ldap_start_tls_s(connection.ld, nullptr, nullptr);
            // Results above zero come from the server, before any handshake.
            inHandshake = rc < 0;
        }
        if (rc != LDAP_SUCCESS) {
            if (auto error = connection.verdict(QStringLiteral("the connection could not be secured"))) {
                connection.close();
                return core::fail(*error);
            }
            Error error = inHandshake ? reasonOf(connection, target, address, rc, report)
                                      : startTlsRefused(connection, rc);
            connection.close();
            return core::fail(error);
        }
        if (auto checked = checkCertificate(connection, target, report); !checked) {
            connection.close();
            return checked;
        }
    }
    return {};
}

} // namespace gatehouse::ldap
