// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server certificate as people read it, and which checks it failed. Pure values; the probe that fills it for a
// refused handshake is in certificate.cpp.
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

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

} // namespace gatehouse::ldap
