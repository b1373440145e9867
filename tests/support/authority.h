// SPDX-License-Identifier: GPL-3.0-or-later
//
// A certificate authority of a test's own, made by the openssl program in a folder: good certificates, expired ones,
// ones for another host, ones from somebody else. Blocks while openssl runs (about 20 ms each).
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

namespace gatehouse::test {

struct CertificateFiles {
    QString certificate; ///< PEM
    QString key;         ///< PEM
    QString authority;   ///< PEM of the issuer
};

struct CertificateRequest {
    QString commonName = QStringLiteral("localhost");
    QStringList names = {QStringLiteral("DNS:localhost"), QStringLiteral("IP:127.0.0.1"), QStringLiteral("IP:::1")};
    QDateTime validFrom = {}; ///< invalid: an hour ago
    QDateTime validTo = {};   ///< invalid: in ten years
    bool selfSigned = false;
    QString purpose = QStringLiteral("serverAuth"); ///< extended key usage; empty: none
};

class Authority {
public:
    /// Makes the CA in @p directory (created where it is missing).
    explicit Authority(const QString &directory, const QString &commonName = QStringLiteral("Test Authority"));
    /// One that @p issuer vouches for, until @p validTo where that is given. Servers must send its certificate with theirs:
    /// see CertificateFiles::certificate, which has both.
    Authority(const QString &directory, Authority &issuer, const QString &commonName, const QDateTime &validTo = {});

    /// A server certificate; @p name is the stem of its files. Empty paths when openssl failed: see errorText().
    CertificateFiles issue(const QString &name, const CertificateRequest &request = {});

    QString caFile() const { return m_directory + QStringLiteral("/ca.pem"); }
    const QString &errorText() const { return m_error; }

    /// SHA-256 of the DER form of a PEM file's first certificate, 32 octets.
    static QByteArray fingerprint(const QString &pemFile);

private:
    void prepare();
    bool openssl(const QStringList &arguments);

    QString m_directory;
    QString m_root; ///< PEM of who vouches for this one; empty: nobody has to
    QString m_error;
};

} // namespace gatehouse::test
