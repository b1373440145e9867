// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/secure_p.h"

#include "ldap/faults_p.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>
#include <QUrl>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::ConnectionSecurity;
using core::Error;

/// A GnuTLS priority string: no TLS before 1.2, whatever GnuTLS takes by itself. Its build of libldap does not know
/// LDAP_OPT_X_TLS_PROTOCOL_MIN.
constexpr char kGnuTlsProtocols[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

/// libldap checks a certificate against the machine's own name where the host is called localhost.
bool isLocalhost(const QString &host)
{
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0
           || host.compare(QLatin1String("localhost."), Qt::CaseInsensitive) == 0;
}

QByteArray urlOf(const Target &target)
{
    // Certificates and the server name indication (RFC 6066 3) have names without the dot of a full one.
    const QString name = target.host.endsWith(QLatin1Char('.')) ? target.host.chopped(1) : target.host;
    const bool isV6 = name.contains(QLatin1Char(':'));
    const QByteArray host = isV6 ? '[' + name.toUtf8() + ']' : QUrl::toPercentEncoding(name);
    return (target.security == ConnectionSecurity::Tls ? "ldaps://" : "ldap://") + host + ':'
           + QByteArray::number(target.port);
}

bool isGnuTls()
{
    char *name = nullptr;
    if (ldap_get_option(nullptr, LDAP_OPT_X_TLS_PACKAGE, &name) != LDAP_OPT_SUCCESS || name == nullptr)
        return false;
    const TextHandle owner(name);
    return qstrcmp(name, "GnuTLS") == 0;
}

/// What is wrong with a file of trusted certificates; nothing when it will do.
std::optional<Error> faultOfCaFile(const QString &path)
{
    const auto wrong = [&path](const QString &what, const QString &detail = {}) {
        return Error{Code::InvalidInput, what, detail, path};
    };
    const QFileInfo info(path);
    if (!info.exists())
        return wrong(QStringLiteral("the CA certificate file does not exist"));
    QFile file(path);
    if (!info.isFile())
        return wrong(QStringLiteral("the CA certificate file is no file"));
    if (!file.open(QIODevice::ReadOnly))
        return wrong(QStringLiteral("the CA certificate file cannot be read"), file.errorString());
    const QByteArray octets = file.readAll();
    if (!QSslCertificate::fromData(octets, QSsl::Pem).isEmpty())
        return std::nullopt;
    if (!QSslCertificate::fromData(octets, QSsl::Der).isEmpty())
        return wrong(QStringLiteral("the CA certificate file is not in PEM form"),
                     QStringLiteral("it holds a certificate in DER form; openssl x509 -inform der -in FILE -out FILE.pem makes PEM of it"));
    return wrong(QStringLiteral("there is no certificate in the CA certificate file"), QStringLiteral("PEM is needed"));
}

bool isByChain(const Trust &trust)
{
    return trust.verify && trust.pinnedSha256.isEmpty();
}

bool isBySystem(const Trust &trust)
{
    return trust.caFile.isEmpty() || trust.caFile == trust.systemCaFile;
}

/// Why nothing can be trusted here; nothing when the list of authorities is there.
std::optional<Error> faultOfTrust(const Connection &connection, const Trust &trust)
{
    if (!isByChain(trust))
        return std::nullopt;
    auto fault = faultOfCaFile(isBySystem(trust) ? trust.systemCaFile : trust.caFile);
    if (!fault || !isBySystem(trust))
        return fault;
    return Error{Code::Untrusted, QStringLiteral("the server's certificate cannot be checked"),
                 QStringLiteral("this machine has no list of trusted authorities: %1 (%2)").arg(trust.systemCaFile, fault->what),
                 connection.place};
}

core::Result<void> setTrust(Connection &connection, const Target &target)
{
    const Trust &trust = target.trust;
    const int required = isByChain(trust) ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER;
    const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int isServer = 0;
    LDAP *ld = connection.ld;
    bool good = ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &required) == LDAP_OPT_SUCCESS
                && ldap_set_option(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest) == LDAP_OPT_SUCCESS;
    if (isGnuTls())
        good = good && ldap_set_option(ld, LDAP_OPT_X_TLS_CIPHER_SUITE, kGnuTlsProtocols) == LDAP_OPT_SUCCESS;
    if (isByChain(trust)) {
        const QString file = isBySystem(trust) ? trust.systemCaFile : trust.caFile;
        good = good && ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, QFile::encodeName(file).constData()) == LDAP_OPT_SUCCESS;
    }
    // Last: it makes the context from what was set before.
    good = good && ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &isServer) == LDAP_OPT_SUCCESS;
    if (!good)
        return core::fail(Code::Internal, QStringLiteral("the TLS library refused its settings"), {}, connection.place);
    if (isByChain(trust) && isLocalhost(target.host)) {
        // The context has taken "demand" for the chain; the handle's own copy decides only about the host name, which
        // addOwnFaults() then checks against the name that was configured.
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

/// A second connection, to see the certificate and what is wrong with it: libldap only says that something is.
ProbeOutcome seeCertificate(const Connection &connection, const Target &target, const QString &address)
{
    Probe probe{address, target.port, target.host, target.security, isBySystem(target.trust) ? QString() : target.trust.caFile,
                target.deadlines.secure, [&connection] { return connection.watchdog.isCancelled(); }};
    if (target.dialler) {
        probe.connect = [&]() -> core::Result<int> {
            auto dialled = target.dialler(target.host, target.port, target.deadlines.connect, probe.isCancelled);
            if (!dialled)
                return core::fail(dialled.error());
            return dialled->socket;
        };
    }
    return probeCertificate(probe);
}

Error cancelledError(const Connection &connection)
{
    return Error{Code::Cancelled, QStringLiteral("cancelled"), QStringLiteral("securing the connection"), connection.place};
}

/// The error where nothing can be trusted. The certificate is shown all the same, so that it can be pinned.
Error untrusting(const Connection &connection, const Target &target, const QString &address, const Error &fault,
                 std::optional<CertificateReport> &report)
{
    const ProbeOutcome outcome = seeCertificate(connection, target, address);
    if (connection.watchdog.isCancelled())
        return cancelledError(connection);
    if (outcome.hasCertificate()) {
        report = outcome.report;
        // Without authorities everybody is unknown, which says nothing about this one.
        report->faults.clear();
        report->failedChecks.clear();
        report->add({TrustFault::Kind::NotChecked, fault.detail.isEmpty() ? fault.what : fault.detail});
    }
    return fault;
}

/// What the TLS library says of a handshake; empty where it is nothing.
QString libraryText(const Connection &connection)
{
    char *text = nullptr;
    if (ldap_get_option(connection.ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) != LDAP_OPT_SUCCESS || text == nullptr)
        return {};
    const TextHandle owner(text);
    const QString says = QString::fromUtf8(text);
    return says.contains(QLatin1String("unknown error code")) ? QString() : says;
}

/// Why the handshake failed: libldap only says that it did.
Error reasonOf(const Connection &connection, const Target &target, const QString &address, int rc,
               std::optional<CertificateReport> &report)
{
    const QString says = libraryText(connection);
    const ProbeOutcome outcome = seeCertificate(connection, target, address);
    if (connection.watchdog.isCancelled())
        return cancelledError(connection);
    if (outcome.hasCertificate())
        report = outcome.report;
    const auto error = [&](Code code, const QString &what, const QString &detail) {
        return Error{code, what, detail, connection.place, rc};
    };
    const QString lost = QStringLiteral("the connection was lost");
    const QString meanwhile = QStringLiteral("while the channel was being secured");
    if (!outcome.reached || outcome.timedOut)
        return error(outcome.timedOut ? Code::Timeout : Code::Unreachable, lost, meanwhile);
    if (isByChain(target.trust) && outcome.hasCertificate() && !outcome.report.failedChecks.isEmpty())
        return error(Code::Untrusted, QStringLiteral("the server's certificate is refused"),
                     outcome.report.failedChecks.join(QStringLiteral("; ")));
    const QString failed = QStringLiteral("the TLS handshake failed");
    if (outcome.tooOld)
        return error(Code::Untrusted, failed, QStringLiteral("the server knows only TLS versions before 1.2, which are not safe"));
    if (outcome.notTls)
        return error(Code::Untrusted, failed, QStringLiteral("what answers on this port does not speak TLS"));
    if (outcome.closed && !outcome.hasCertificate())
        return error(Code::Unreachable, QStringLiteral("the server closed the connection"),
                     meanwhile + QStringLiteral("; this port may not speak TLS"));
    // The same handshake went well through another gateway client: what failed was the link, not the trust.
    if (target.dialler && outcome.hasCertificate() && outcome.fault.isEmpty())
        return error(Code::Unreachable, lost, meanwhile);
    return error(Code::Untrusted, failed,
                 !outcome.fault.isEmpty() ? outcome.fault
                 : !says.isEmpty()        ? QStringLiteral("%1 A second try found no fault with the certificate").arg(says)
                                          : QStringLiteral("a second try found no fault with the certificate"));
}

/// StartTLS answered with an LDAP result: the server has no TLS on this port, or none now.
Error startTlsRefused(Connection &connection, int rc)
{
    Error error = connection.faultOf(rc, QStringLiteral("the server refuses StartTLS"));
    if (error.code != Code::Busy && error.code != Code::Unreachable && error.code != Code::Timeout)
        error.code = Code::Untrusted; // no secure channel, whatever the server's reason
    return error;
}

/// What libldap does not check: the version that was agreed upon, the purpose, and names more strictly (RFC 6125 6.4.4).
core::Result<void> checkCertificate(const Connection &connection, const Target &target,
                                    std::optional<CertificateReport> &report)
{
    const auto certificate = peerCertificate(connection);
    if (!certificate)
        return core::fail(Code::Untrusted, QStringLiteral("the server showed no certificate"), {}, connection.place);
    report = reportOf(*certificate);
    report->tlsVersion = tlsVersion(connection);
    for (const char *unsafe : {"SSL", "TLS 1.0", "TLS 1.1"}) {
        if (report->tlsVersion.startsWith(QLatin1String(unsafe)))
            return core::fail(Code::Untrusted, QStringLiteral("the TLS handshake failed"),
                              QStringLiteral("the server chose %1, which is not safe").arg(report->tlsVersion), connection.place);
    }
    if (!target.trust.pinnedSha256.isEmpty() && report->sha256 != target.trust.pinnedSha256)
        report->add({TrustFault::Kind::NotPinned, QStringLiteral("not the pinned certificate"), false, report->subject});
    if (isByChain(target.trust))
        addOwnFaults(*certificate, target.host, *report);
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
        if (const auto fault = faultOfTrust(connection, target.trust)) {
            const Error error = untrusting(connection, target, address, *fault, report);
            connection.close();
            return core::fail(error);
        }
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
