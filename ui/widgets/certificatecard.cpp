// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/certificatecard.h"

#include "app/text.h"
#include "ui/widgets/propertyrows.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::Certificate", text);
}

} // namespace

QString fingerprintText(const QByteArray &sha256)
{
    return QString::fromLatin1(sha256.toHex(':')).toUpper();
}

void showCertificate(PropertyRows *rows, const ldap::CertificateReport &certificate)
{
    rows->clear();
    rows->addRow(QStringLiteral("subject"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Subject")),
                 certificate.subject);
    if (!certificate.names.isEmpty())
        rows->addRow(QStringLiteral("names"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Names")),
                     certificate.names.join(QStringLiteral(", ")));
    rows->addRow(QStringLiteral("issuer"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Issuer")),
                 certificate.issuer);
    rows->addRow(QStringLiteral("from"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Valid from")),
                 app::Text::fullTime(certificate.validFrom));
    rows->addRow(QStringLiteral("to"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Valid to")),
                 app::Text::fullTime(certificate.validTo));
    rows->addRow(QStringLiteral("sha256"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "SHA-256 fingerprint")),
                 fingerprintText(certificate.sha256), PropertyRows::Monospace);
    if (!certificate.tlsVersion.isEmpty())
        rows->addRow(QStringLiteral("tls"), words(QT_TRANSLATE_NOOP("gatehouse::ui::Certificate", "Protocol")),
                     certificate.tlsVersion);
}

} // namespace gatehouse::ui
