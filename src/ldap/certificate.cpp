// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/certificate.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QSslCertificate>
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

QString wordsFor(const QSslError &error, const CertificateReport &report, const QString &host)
{
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return QStringLiteral("expired on %1").arg(date(report.validTo));
    case QSslError::CertificateNotYetValid:
        return QStringLiteral("not valid before %1").arg(date(report.validFrom));
    case QSslError::SelfSignedCertificate:
        return QStringLiteral("self-signed, and not among the trusted certificates");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return QStringLiteral("issued by an authority that is not trusted: %1").arg(report.issuer);
    case QSslError::HostNameMismatch:
        return QStringLiteral("not made for the host name %1, but for %2")
            .arg(host, report.names.isEmpty() ? report.subject : report.names.join(QStringLiteral(", ")));
    case QSslError::CertificateRevoked:
        return QStringLiteral("revoked by its issuer");
    case QSslError::InvalidPurpose:
        return QStringLiteral("not meant for servers");
    case QSslError::InvalidCaCertificate:
    case QSslError::PathLengthExceeded:
        return QStringLiteral("signed by a certificate that may not sign others");
    default:
        return error.errorString();
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
    const QHostAddress address(host);
    if (!address.isNull()) {
        const QStringList addresses = names.values(QSsl::IpAddressEntry);
        return std::any_of(addresses.begin(), addresses.end(),
                           [&](const QString &text) { return QHostAddress(text) == address; });
    }
    const QStringList patterns = names.isEmpty() ? certificate.subjectInfo(QSslCertificate::CommonName)
                                                 : QStringList(names.values(QSsl::DnsEntry));
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const QString &pattern) { return matches(pattern, host); });
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
    }
    if (!socket.peerCertificate().isNull()) {
        outcome.report = reportOf(socket.peerCertificate());
        outcome.report.tlsVersion = versionText(socket.sessionProtocol());
        const QList<QSslError> errors = socket.sslHandshakeErrors();
        for (const QSslError &error : errors) {
            const QString words = wordsFor(error, outcome.report, probe.host);
            if (!outcome.report.failedChecks.contains(words))
                outcome.report.failedChecks.append(words);
        }
    }
    socket.abort();
    return outcome;
}

} // namespace gatehouse::ldap
