// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/certificate.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QSslCertificate>
#include <QSslCertificateExtension>
#include <QSslConfiguration>
#include <QSslSocket>

#include <algorithm>

#include <unistd.h>

namespace gatehouse::ldap {
namespace {

constexpr int kSliceMilliseconds = 50; ///< how soon a cancel is noticed

QString nameOf(const QSslCertificate &certificate, bool issuer)
{
    const auto info = [&](QSslCertificate::SubjectInfo part) {
        return (issuer ? certificate.issuerInfo(part) : certificate.subjectInfo(part)).join(QStringLiteral(", "));
    };
    QString name = info(QSslCertificate::CommonName);
    const QString organization = info(QSslCertificate::Organization);
    if (!organization.isEmpty())
        name += name.isEmpty() ? organization : QStringLiteral(" (%1)").arg(organization);
    return name.isEmpty() ? (issuer ? certificate.issuerDisplayName() : certificate.subjectDisplayName()) : name;
}

bool matches(const QString &pattern, const QString &host)
{
    if (!pattern.startsWith(QLatin1String("*.")))
        return pattern.compare(host, Qt::CaseInsensitive) == 0;
    // A wildcard stands for exactly one label, and never for a top-level name.
    const qsizetype dot = host.indexOf(QLatin1Char('.'));
    const QStringView rest = QStringView(pattern).mid(1);
    return dot > 0 && rest.count(QLatin1Char('.')) >= 2
           && QStringView(host).mid(dot).compare(rest, Qt::CaseInsensitive) == 0;
}

QString date(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODate);
}

using Kind = TrustFault::Kind;

constexpr char kNotForServers[] = "not meant for servers: its extended key usage does not have serverAuth";

/// "certificate of the authority X expired on …": every fault belongs to one certificate of the chain.
TrustFault faultOf(const QSslError &error, const QSslCertificate &own, const CertificateReport &report)
{
    const QSslCertificate at = error.certificate().isNull() ? own : error.certificate();
    TrustFault fault;
    fault.subject = nameOf(at, false);
    fault.isOfAuthority = at != own;
    const auto say = [&](Kind kind, const QString &words) {
        fault.kind = kind;
        fault.words = fault.isOfAuthority ? QStringLiteral("the certificate of the authority %1 %2").arg(fault.subject, words) : words;
        return fault;
    };
    const bool of = fault.isOfAuthority;
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return say(Kind::Expired, QStringLiteral("expired on %1").arg(date(at.expiryDate())));
    case QSslError::CertificateNotYetValid:
        return say(Kind::NotYetValid, (of ? QStringLiteral("is not valid before %1") : QStringLiteral("not valid before %1"))
                                          .arg(date(at.effectiveDate())));
    case QSslError::SelfSignedCertificate:
        return say(Kind::SelfSigned, QStringLiteral("self-signed, and not among the trusted certificates"));
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        fault.kind = Kind::UnknownAuthority;
        fault.words = QStringLiteral("issued by an authority that is not trusted: %1").arg(nameOf(at, true));
        return fault;
    case QSslError::CertificateRevoked:
        return say(Kind::Other, of ? QStringLiteral("is revoked by its issuer") : QStringLiteral("revoked by its issuer"));
    case QSslError::InvalidPurpose:
        return say(Kind::NotForServers, of ? QStringLiteral("is not meant to vouch for servers") : QString::fromLatin1(kNotForServers));
    case QSslError::InvalidCaCertificate:
    case QSslError::PathLengthExceeded:
        fault.kind = Kind::NotForSigning;
        fault.words = QStringLiteral("signed by a certificate that may not sign others: %1").arg(of ? fault.subject : report.issuer);
        return fault;
    default:
        return say(Kind::Other, error.errorString());
    }
}

QString versionText(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return QStringLiteral("TLS 1.2");
    case QSsl::TlsV1_3:
        return QStringLiteral("TLS 1.3");
    default:
        return {};
    }
}

/// Waits in slices, so that a cancel is noticed. False when the time is over, the socket failed or was cancelled.
template <typename Step>
bool waitFor(const Probe &probe, const QDeadlineTimer &deadline, QSslSocket &socket, Step step)
{
    while (!deadline.hasExpired() && !(probe.isCancelled && probe.isCancelled())) {
        if (step(int(std::min<qint64>(kSliceMilliseconds, deadline.remainingTime() + 1))))
            return true;
        if (socket.error() != QAbstractSocket::UnknownSocketError
            && socket.error() != QAbstractSocket::SocketTimeoutError)
            return false;
    }
    return false;
}

/// What the TLS library says of a handshake that had no chance; its texts are OpenSSL's.
void judge(ProbeOutcome &outcome)
{
    const auto says = [&outcome](const char *text) { return outcome.fault.contains(QLatin1String(text), Qt::CaseInsensitive); };
    outcome.tooOld = says("unsupported protocol") || says("alert protocol version");
    outcome.notTls = says("wrong version number") || says("packet length too long") || says("http request");
}

/// The StartTLS request (RFC 4511 4.14.1): messageID 1, extended request, OID 1.3.6.1.4.1.1466.20037.
bool askForTls(const Probe &probe, const QDeadlineTimer &deadline, QSslSocket &socket)
{
    socket.write(QByteArray("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9) + QByteArray("1.3.6.1.4.1.1466.20037"));
    QByteArray answer;
    // The answer's success stands right behind its tag: 30 LL 02 01 01 78 LL 0a 01 00, lengths of any form.
    const auto complete = [&](int milliseconds) {
        socket.waitForReadyRead(milliseconds);
        answer += socket.readAll();
        return answer.contains(QByteArray("\x0a\x01", 2)) && answer.size() > answer.indexOf("\x0a\x01") + 2;
    };
    return waitFor(probe, deadline, socket, complete) && answer.at(answer.indexOf("\x0a\x01") + 2) == '\0';
}

} // namespace

CertificateReport reportOf(const QSslCertificate &certificate)
{
    CertificateReport report;
    report.subject = nameOf(certificate, false);
    report.issuer = nameOf(certificate, true);
    report.names = certificate.subjectAlternativeNames().values();
    report.names.sort();
    report.validFrom = certificate.effectiveDate();
    report.validTo = certificate.expiryDate();
    report.sha256 = certificate.digest(QCryptographicHash::Sha256);
    return report;
}

void CertificateReport::add(const TrustFault &fault)
{
    if (failedChecks.contains(fault.words))
        return;
    failedChecks.append(fault.words);
    faults.append(fault);
}

bool CertificateReport::has(TrustFault::Kind kind) const
{
    return std::any_of(faults.begin(), faults.end(), [kind](const TrustFault &fault) { return fault.kind == kind; });
}

QList<CertificateReport> certificatesIn(const QByteArray &pem)
{
    QList<CertificateReport> reports;
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(pem, QSsl::Pem);
    for (const QSslCertificate &certificate : certificates) {
        if (!certificate.isNull())
            reports.append(reportOf(certificate));
    }
    return reports;
}

bool isFor(const QSslCertificate &certificate, const QString &host)
{
    const auto names = certificate.subjectAlternativeNames();
    // The zone of an IPv6 address (RFC 4007 11) is this machine's matter.
    const QHostAddress address(host.section(QLatin1Char('%'), 0, 0));
    if (!address.isNull()) {
        const QStringList addresses = names.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(),
                           [&](const QString &text) { return QHostAddress(text) == address; });
    }
    const QStringList patterns = names.isEmpty() ? certificate.subjectInfo(QSslCertificate::CommonName)
                                                 : QStringList(names.values(QSsl::DnsEntry));
    const QString name = host.endsWith(QLatin1Char('.')) ? host.chopped(1) : host;
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const QString &pattern) { return matches(pattern, name); });
}

bool isForServers(const QSslCertificate &certificate)
{
    const QList<QSslCertificateExtension> extensions = certificate.extensions();
    return std::all_of(extensions.begin(), extensions.end(), [](const QSslCertificateExtension &extension) {
        if (extension.oid() != QLatin1String("2.5.29.37")) // extKeyUsage
            return true;
        // Qt gives the names that OpenSSL has for the purposes.
        const QStringList purposes = extension.value().toStringList();
        return purposes.contains(QLatin1String("TLS Web Server Authentication"))
               || purposes.contains(QLatin1String("Any Extended Key Usage"));
    });
}

void addOwnFaults(const QSslCertificate &certificate, const QString &host, CertificateReport &report)
{
    if (!isForServers(certificate) && !report.has(Kind::NotForServers))
        report.add({Kind::NotForServers, QString::fromLatin1(kNotForServers), false, report.subject});
    if (isFor(certificate, host))
        return;
    const bool isNamed = certificate.subjectAlternativeNames().values(QSsl::DnsEntry).contains(host, Qt::CaseInsensitive);
    if (isNamed && !QHostAddress(host).isNull())
        report.add({Kind::AddressAsName, QStringLiteral("not made for the address %1: it has it as a DNS name only, which does not count "
                                                        "for addresses").arg(host), false, report.subject});
    else
        report.add({Kind::OtherName, QStringLiteral("not made for the host name %1, but for %2")
                                         .arg(host, report.names.isEmpty() ? report.subject : report.names.join(QStringLiteral(", "))),
                    false, report.subject});
}

ProbeOutcome probeCertificate(const Probe &probe)
{
    ProbeOutcome outcome;
    const QDeadlineTimer deadline(probe.allowed);
    QSslSocket socket;
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (!probe.caFile.isEmpty())
        configuration.setCaCertificates(QSslCertificate::fromPath(probe.caFile));
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    socket.setSslConfiguration(configuration);
    socket.setPeerVerifyName(probe.host);
    // Every fault is to be told, so the handshake goes on past the first; nothing is sent over it afterwards.
    socket.setPeerVerifyMode(QSslSocket::QueryPeer);

    if (probe.connect) {
        const auto connected = probe.connect();
        if (connected && !socket.setSocketDescriptor(*connected))
            ::close(*connected);
    } else {
        socket.connectToHost(probe.address, probe.port);
    }
    outcome.reached = socket.state() == QAbstractSocket::ConnectedState || waitFor(probe, deadline, socket, [&](int ms) { return socket.waitForConnected(ms); });
    if (!outcome.reached || (probe.security == core::ConnectionSecurity::StartTls && !askForTls(probe, deadline, socket))) {
        outcome.timedOut = deadline.hasExpired();
        outcome.closed = socket.error() == QAbstractSocket::RemoteHostClosedError;
        outcome.fault = socket.errorString();
        return outcome;
    }
    socket.startClientEncryption();
    const bool shaken = waitFor(probe, deadline, socket, [&](int ms) { return socket.waitForEncrypted(ms); });
    if (!shaken) {
        outcome.timedOut = deadline.hasExpired();
        outcome.closed = socket.error() == QAbstractSocket::RemoteHostClosedError;
        outcome.fault = socket.errorString();
        judge(outcome);
    }
    if (const QSslCertificate own = socket.peerCertificate(); !own.isNull()) {
        outcome.report = reportOf(own);
        outcome.report.tlsVersion = versionText(socket.sessionProtocol());
        const QList<QSslError> errors = socket.sslHandshakeErrors();
        for (const QSslError &error : errors) {
            if (error.error() != QSslError::HostNameMismatch) // judged below, as for channels that libldap has secured
                outcome.report.add(faultOf(error, own, outcome.report));
        }
        addOwnFaults(own, probe.host, outcome.report);
    }
    socket.abort();
    return outcome;
}

} // namespace gatehouse::ldap
