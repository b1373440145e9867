// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server certificate as people read it, and which checks it failed. Values; probeCertificate() alone touches the
// network: it makes a second connection to learn why a handshake was refused, since libldap does not say, and sends
// nothing on it but the request for TLS. Never trusts anything; any thread, blocks.
#pragma once

#include "core/config/security.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>

class QSslCertificate;

namespace gatehouse::ldap {

/// Why a certificate is not trusted.
struct TrustFault {
    enum class Kind {
        Expired,
        NotYetValid,
        SelfSigned,       ///< and not among the trusted ones
        UnknownAuthority, ///< issued by nobody who is trusted
        OtherName,        ///< made for other hosts
        AddressAsName,    ///< the host is an address, and stands in the certificate as a DNS name only
        NotForServers,
        NotForSigning,    ///< signed by one that may not sign others
        NotPinned,
        NotChecked,       ///< there is nothing to check it by
        Other,
    };
    Kind kind = Kind::Other;
    QString words;            ///< for people; names the certificate where it is not the server's own
    bool isOfAuthority = false; ///< not the server's own certificate but one that vouches for it
    QString subject = {};     ///< of the certificate at fault
};

struct CertificateReport {
    QString subject;
    QStringList names; ///< subject alternative names: DNS and IP
    QString issuer;
    QDateTime validFrom;
    QDateTime validTo;
    QByteArray sha256;   ///< fingerprint of the DER form, 32 octets
    QString tlsVersion;  ///< e.g. "TLS 1.3"; empty when the handshake did not get so far
    QStringList failedChecks; ///< in words, empty when all passed
    QList<TrustFault> faults; ///< the same

    void add(const TrustFault &fault);
    bool has(TrustFault::Kind kind) const;
};

/// The certificate's own facts; no check is made.
CertificateReport reportOf(const QSslCertificate &certificate);
/// The facts of every certificate in a PEM file's octets.
QList<CertificateReport> certificatesIn(const QByteArray &pem);
/// Whether the certificate is for @p host: a DNS name with at most one wildcard label (RFC 6125 6.4), or an IP
/// address. The subject's common name counts only where there are no alternative names.
bool isFor(const QSslCertificate &certificate, const QString &host);
/// Whether it may be shown by a server: RFC 5280 4.2.1.12. One that names no purpose may be.
bool isForServers(const QSslCertificate &certificate);
/// What isFor() and isForServers() find wrong with a server's certificate, added to its report.
void addOwnFaults(const QSslCertificate &certificate, const QString &host, CertificateReport &report);

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
    bool tooOld = false;        ///< the server knows no TLS from 1.2 on
    bool notTls = false;        ///< what came was no TLS
    bool reached = false;       ///< a TCP connection was made
    bool timedOut = false;
    bool closed = false;        ///< the server ended the connection by itself
    bool hasCertificate() const { return !report.sha256.isEmpty(); }
};

ProbeOutcome probeCertificate(const Probe &probe);

} // namespace gatehouse::ldap
