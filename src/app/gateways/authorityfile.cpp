// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/authorityfile.h"

#include "app/background.h"

#include <QCoreApplication>
#include <QFile>

namespace gatehouse::app {

namespace {

constexpr qint64 kLargest = 1 << 20;

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::app::AuthorityFile", text);
}

AuthorityFile read(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return core::fail(core::Code::NotFound,
                          words(QT_TRANSLATE_NOOP("gatehouse::app::AuthorityFile", "There is no such file.")), {}, path);
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(core::Code::Denied,
                          words(QT_TRANSLATE_NOOP("gatehouse::app::AuthorityFile", "The file cannot be read.")),
                          file.errorString(), path);
    const QByteArray octets = file.read(kLargest + 1);
    if (octets.size() > kLargest)
        return core::fail(core::Code::LimitExceeded,
                          words(QT_TRANSLATE_NOOP("gatehouse::app::AuthorityFile",
                                                  "The file is larger than any list of certificates.")),
                          {}, path);
    const QList<ldap::CertificateReport> reports = ldap::certificatesIn(octets);
    if (reports.isEmpty())
        return core::fail(core::Code::InvalidInput,
                          words(QT_TRANSLATE_NOOP("gatehouse::app::AuthorityFile",
                                                  "There is no certificate in this file. Choose a PEM file, which begins "
                                                  "with -----BEGIN CERTIFICATE-----; openssl x509 -inform der -in FILE "
                                                  "makes one of a binary file.")),
                          {}, path);
    return reports;
}

} // namespace

void readAuthorityFile(QObject *context, const QString &path, std::function<void(AuthorityFile)> then)
{
    inBackground<AuthorityFile>(context, QStringLiteral("certificates"), [path] { return read(path); }, std::move(then));
}

} // namespace gatehouse::app
