// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server certificate as people read it, and which checks it failed. Values; probeCertificate() alone touches the
// network: it makes a second connection to learn why a handshake was refused, since libldap does not say, and sends
// nothing on it but the request for TLS. Never trusts anything; any thread, blocks.
#pragma once

#include "core/config.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>

class QSslCertificate;

namespace gatehouse::ldap {

struct CertificateReport {
    QString subject;
    QStringList names; ///< subject alternative names: DNS and IP
    QString issuer;
    QDateTime validFrom;
    QDateTime validTo;
    QByteArray sha256;   ///< fingerprint of the DER form, 32 octets
    QString tlsVersion;  ///< e.g. "TLS 1.3"; empty when the handshake did not get so far
    QStringList failedChecks; ///< in words, empty when all passed
};

/// The certificate's own facts; no check is made.
CertificateReport reportOf(const QSslCertificate &certificate);
/// The facts of every certificate in a PEM file's octets.
QList<CertificateReport> certificatesIn(const QByteArray &pem);
/// Whether the certificate is for @p host: a DNS name with at most one wildcard label (RFC 6125 6.4), or an IP
/// address. The subject's common name counts only where there are no alternative names.
bool isFor(const QSslCertificate &certificate, const QString &host);

struct Probe {
    QString address;  ///< numeric, the one that the session reached
    quint16 port = 0;
    QString host;     ///< as configured: the name that is checked
    core::ConnectionSecurity security = core::ConnectionSecurity::Tls;
    QString caFile;
    std::chrono::milliseconds allowed{5'000};
    std::function<bool()> isCancelled;
    /// Connects, where this machine cannot do it itself; a connected socket, the probe's from then on.
    std::function<core::Result<int>()> connect = {};
};

struct ProbeOutcome {
    CertificateReport report;   ///< empty subject and fingerprint when no certificate was seen
    QString fault;              ///< what the TLS library said; empty when the handshake went through
    bool reached = false;       ///< a TCP connection was made
    bool timedOut = false;
    bool closed = false;        ///< the server ended the connection by itself
    bool hasCertificate() const { return !report.sha256.isEmpty(); }
};

ProbeOutcome probeCertificate(const Probe &probe);

} // namespace gatehouse::ldap
