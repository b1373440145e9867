// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/authority.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSslCertificate>

#include <algorithm>

namespace gatehouse::test {
namespace {

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        file.write(text);
}

QString asn1Time(const QDateTime &time)
{
    return time.toUTC().toString(QStringLiteral("yyyyMMddHHmmss")) + QLatin1Char('Z');
}

const QStringList kNewKey{QStringLiteral("ecparam"), QStringLiteral("-name"), QStringLiteral("prime256v1"),
                          QStringLiteral("-genkey"), QStringLiteral("-noout"), QStringLiteral("-out")};

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void Authority::prepare()
{
    QDir().mkpath(m_directory + QStringLiteral("/issued"));
    if (QFile::exists(caFile()))
        return;
    write(m_directory + QStringLiteral("/index.txt"), {});
    write(m_directory + QStringLiteral("/serial"), "1000\n");
    // copy_extensions stays off: the extensions of each certificate come from a file of its own.
    write(m_directory + QStringLiteral("/ca.cnf"),
          "[ca]\ndefault_ca=own\n[own]\ndatabase=" + m_directory.toUtf8() + "/index.txt\nserial=" + m_directory.toUtf8()
              + "/serial\nnew_certs_dir=" + m_directory.toUtf8()
              + "/issued\ndefault_md=sha256\npolicy=any\nunique_subject=no\ndefault_days=3650\n"
                "[any]\ncommonName=supplied\n[req]\ndistinguished_name=dn\n[dn]\n");
    openssl(kNewKey + QStringList{m_directory + QStringLiteral("/ca.key")});
}

Authority::Authority(const QString &directory, const QString &commonName) : m_directory(directory)
{
    const bool isThere = QFile::exists(caFile());
    prepare();
    if (isThere)
        return;
    openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-new"), QStringLiteral("-key"),
             m_directory + QStringLiteral("/ca.key"), QStringLiteral("-sha256"), QStringLiteral("-days"), QStringLiteral("3650"),
             QStringLiteral("-config"), directory + QStringLiteral("/ca.cnf"), QStringLiteral("-subj"),
             QStringLiteral("/CN=") + commonName, QStringLiteral("-addext"),
             QStringLiteral("basicConstraints=critical,CA:TRUE"), QStringLiteral("-addext"),
             QStringLiteral("keyUsage=critical,keyCertSign,cRLSign"), QStringLiteral("-out"), caFile()});
}

Authority::Authority(const QString &directory, Authority &issuer, const QString &commonName, const QDateTime &validTo)
    : m_directory(directory), m_root(issuer.caFile())
{
    prepare();
    const QString request = directory + QStringLiteral("/ca.csr");
    const QString extensions = directory + QStringLiteral("/ca.ext");
    write(extensions, "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n");
    const QDateTime to = validTo.isValid() ? validTo : QDateTime::currentDateTimeUtc().addYears(10);
    openssl({QStringLiteral("req"), QStringLiteral("-new"), QStringLiteral("-key"), directory + QStringLiteral("/ca.key"),
             QStringLiteral("-config"), directory + QStringLiteral("/ca.cnf"), QStringLiteral("-subj"),
             QStringLiteral("/CN=") + commonName, QStringLiteral("-out"), request})
        && openssl({QStringLiteral("ca"), QStringLiteral("-batch"), QStringLiteral("-notext"), QStringLiteral("-config"),
                    issuer.m_directory + QStringLiteral("/ca.cnf"), QStringLiteral("-in"), request, QStringLiteral("-out"), caFile(),
                    QStringLiteral("-extfile"), extensions, QStringLiteral("-startdate"),
                    asn1Time(std::min(to, QDateTime::currentDateTimeUtc()).addDays(-365)), QStringLiteral("-enddate"), asn1Time(to),
                    QStringLiteral("-cert"), m_root, QStringLiteral("-keyfile"), issuer.m_directory + QStringLiteral("/ca.key")});
}

CertificateFiles Authority::issue(const QString &name, const CertificateRequest &request)
{
    const QString stem = m_directory + QLatin1Char('/') + name;
    CertificateFiles files{stem + QStringLiteral(".pem"), stem + QStringLiteral(".key"), m_root.isEmpty() ? caFile() : m_root};
    const QString extensions = stem + QStringLiteral(".ext");
    QByteArray text = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyAgreement\n";
    if (!request.purpose.isEmpty())
        text += "extendedKeyUsage=" + request.purpose.toUtf8() + '\n';
    if (!request.names.isEmpty())
        text += "subjectAltName=" + request.names.join(QLatin1Char(',')).toUtf8() + '\n';
    write(extensions, text);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime from = request.validFrom.isValid() ? request.validFrom : now.addSecs(-3600);
    const QDateTime to = request.validTo.isValid() ? request.validTo : now.addYears(10);

    QStringList sign{QStringLiteral("ca"), QStringLiteral("-batch"), QStringLiteral("-notext"),
                     QStringLiteral("-config"), m_directory + QStringLiteral("/ca.cnf"), QStringLiteral("-in"),
                     stem + QStringLiteral(".csr"), QStringLiteral("-out"), files.certificate,
                     QStringLiteral("-extfile"), extensions, QStringLiteral("-startdate"), asn1Time(from),
                     QStringLiteral("-enddate"), asn1Time(to)};
    if (request.selfSigned) {
        sign << QStringLiteral("-selfsign") << QStringLiteral("-keyfile") << files.key;
        files.authority = files.certificate;
    } else {
        sign << QStringLiteral("-cert") << caFile() << QStringLiteral("-keyfile")
             << m_directory + QStringLiteral("/ca.key");
    }
    const bool made = openssl(kNewKey + QStringList{files.key})
                      && openssl({QStringLiteral("req"), QStringLiteral("-new"), QStringLiteral("-key"), files.key,
                                  QStringLiteral("-config"), m_directory + QStringLiteral("/ca.cnf"),
                                  QStringLiteral("-subj"), QStringLiteral("/CN=") + request.commonName,
                                  QStringLiteral("-out"), stem + QStringLiteral(".csr")})
                      && openssl(sign);
    if (made && !m_root.isEmpty())
        write(files.certificate, content(files.certificate) + content(caFile()));
    return made ? files : CertificateFiles{};
}

QByteArray Authority::fingerprint(const QString &pemFile)
{
    const QList<QSslCertificate> certificates = QSslCertificate::fromPath(pemFile, QSsl::Pem);
    return certificates.isEmpty() ? QByteArray() : certificates.first().digest(QCryptographicHash::Sha256);
}

bool Authority::openssl(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("openssl"), arguments);
    if (!process.waitForFinished(20'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        m_error = QStringLiteral("openssl ") + arguments.join(QLatin1Char(' ')) + QStringLiteral(": ")
                  + QString::fromLocal8Bit(process.readAll()) + process.errorString();
        return false;
    }
    return true;
}

} // namespace gatehouse::test
