// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/authority.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSslCertificate>

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

} // namespace

Authority::Authority(const QString &directory, const QString &commonName) : m_directory(directory)
{
    QDir().mkpath(directory + QStringLiteral("/issued"));
    if (QFile::exists(caFile()))
        return;
    write(directory + QStringLiteral("/index.txt"), {});
    write(directory + QStringLiteral("/serial"), "1000\n");
    // copy_extensions stays off: the extensions of each certificate come from a file of its own.
    write(directory + QStringLiteral("/ca.cnf"),
          "[ca]\ndefault_ca=own\n[own]\ndatabase=" + directory.toUtf8() + "/index.txt\nserial=" + directory.toUtf8()
              + "/serial\nnew_certs_dir=" + directory.toUtf8()
              + "/issued\ndefault_md=sha256\npolicy=any\nunique_subject=no\ndefault_days=3650\n"
                "[any]\ncommonName=supplied\n[req]\ndistinguished_name=dn\n[dn]\n");
    const QString key = directory + QStringLiteral("/ca.key");
    openssl({QStringLiteral("ecparam"), QStringLiteral("-name"), QStringLiteral("prime256v1"), QStringLiteral("-genkey"),
             QStringLiteral("-noout"), QStringLiteral("-out"), key})
        && openssl({QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-new"), QStringLiteral("-key"), key,
                    QStringLiteral("-sha256"), QStringLiteral("-days"), QStringLiteral("3650"),
                    QStringLiteral("-config"), directory + QStringLiteral("/ca.cnf"), QStringLiteral("-subj"),
                    QStringLiteral("/CN=") + commonName, QStringLiteral("-addext"),
                    QStringLiteral("basicConstraints=critical,CA:TRUE"), QStringLiteral("-addext"),
                    QStringLiteral("keyUsage=critical,keyCertSign,cRLSign"), QStringLiteral("-out"), caFile()});
}

CertificateFiles Authority::issue(const QString &name, const CertificateRequest &request)
{
    const QString stem = m_directory + QLatin1Char('/') + name;
    CertificateFiles files{stem + QStringLiteral(".pem"), stem + QStringLiteral(".key"), caFile()};
    const QString extensions = stem + QStringLiteral(".ext");
    write(extensions, "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature,keyAgreement\n"
                      "subjectAltName="
                          + request.names.join(QLatin1Char(',')).toUtf8() + '\n');
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
    const bool made = openssl({QStringLiteral("ecparam"), QStringLiteral("-name"), QStringLiteral("prime256v1"),
                               QStringLiteral("-genkey"), QStringLiteral("-noout"), QStringLiteral("-out"), files.key})
                      && openssl({QStringLiteral("req"), QStringLiteral("-new"), QStringLiteral("-key"), files.key,
                                  QStringLiteral("-config"), m_directory + QStringLiteral("/ca.cnf"),
                                  QStringLiteral("-subj"), QStringLiteral("/CN=") + request.commonName,
                                  QStringLiteral("-out"), stem + QStringLiteral(".csr")})
                      && openssl(sign);
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
