// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/certificatedialog.h"

#include "app/background.h"
#include "app/configfaults.h"
#include "app/gateways/authorityfile.h"
#include "core/config/gateway.h"
#include "gateway/certificatereading.h"
#include "ui/theme/theme.h"
#include "ui/widgets/certificatecard.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"

#include <QCoreApplication>
#include <QDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::CertificateDialog", text);
}

/// The frame of both questions: title, text, certificates, a note, Cancel and the button that takes it.
struct Frame {
    QDialog *dialog;
    QVBoxLayout *certificates;
    Note *note;
    QPushButton *take;
};

Frame makeFrame(QWidget *asker, const QString &name, const QString &title, const QString &text, const QString &take)
{
    Frame frame;
    frame.dialog = new QDialog(asker->window());
    frame.dialog->setAttribute(Qt::WA_DeleteOnClose);
    frame.dialog->setObjectName(name);
    frame.dialog->setWindowTitle(title);
    frame.dialog->setMinimumWidth(600);
    auto *layout = new QVBoxLayout(frame.dialog);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(12);
    auto *heading = new QLabel(title, frame.dialog);
    heading->setFont(scaledFont(frame.dialog->font(), 1.12, QFont::DemiBold));
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    layout->addWidget(heading);
    auto *explanation = new QLabel(text, frame.dialog);
    explanation->setTextFormat(Qt::PlainText);
    explanation->setWordWrap(true);
    explanation->setForegroundRole(QPalette::PlaceholderText);
    layout->addWidget(explanation);
    frame.certificates = new QVBoxLayout;
    frame.certificates->setSpacing(16);
    layout->addLayout(frame.certificates);
    frame.note = new Note(Tone::Neutral, {}, frame.dialog);
    frame.note->setObjectName(QStringLiteral("reading"));
    layout->addWidget(frame.note);
    layout->addStretch(1); // what is too much goes here, and does not tear the texts apart
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    auto *cancel = new QPushButton(words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "&Cancel")), frame.dialog);
    cancel->setObjectName(QStringLiteral("cancel"));
    cancel->setDefault(true);
    frame.take = new QPushButton(take, frame.dialog);
    frame.take->setObjectName(QStringLiteral("confirm"));
    frame.take->setAutoDefault(false);
    frame.take->setEnabled(false);
    buttons->addWidget(cancel);
    buttons->addWidget(frame.take);
    layout->addLayout(buttons);
    QObject::connect(cancel, &QPushButton::clicked, frame.dialog, &QDialog::reject);
    QObject::connect(frame.take, &QPushButton::clicked, frame.dialog, &QDialog::accept);
    return frame;
}

/// The dialog stands already: it grows with what came meanwhile.
void grow(const Frame &frame)
{
    frame.dialog->layout()->activate();
    const int height = frame.dialog->layout()->totalHeightForWidth(frame.dialog->width());
    frame.dialog->resize(frame.dialog->width(), std::max(frame.dialog->height(), height));
}

void addCertificate(const Frame &frame, const ldap::CertificateReport &certificate)
{
    auto *rows = new PropertyRows(frame.dialog);
    rows->setAccessibleName(words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "Certificate")));
    showCertificate(rows, certificate);
    frame.certificates->addWidget(rows);
    rows->show(); // at once: grow() counts what is shown
}

} // namespace

void askTrust(QWidget *asker, const core::Gateway &gateway, const QString &server, const ldap::CertificateReport &seen,
              std::function<void(const QByteArray &)> then)
{
    const Frame frame = makeFrame(
        asker, QStringLiteral("trustDialog"),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "Trust exactly this certificate?")),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                "From then on the gateway connects only to servers that show this very certificate, "
                                "whoever signed it. Compare its fingerprint with the one that the directory's "
                                "administrator gives you.")),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "&Trust this certificate")));
    frame.take->setProperty("form", QStringLiteral("danger"));
    addCertificate(frame, seen);
    frame.note->setText(words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "%1 is asked for it a second time…"))
                            .arg(server),
                        Tone::Neutral);
    core::CancelToken cancel;
    QObject::connect(frame.dialog, &QDialog::finished, frame.dialog, [cancel] { cancel.cancel(); });
    QObject::connect(frame.dialog, &QDialog::accepted, asker, [then = std::move(then), sha256 = seen.sha256] { then(sha256); });
    using Reading = core::Result<ldap::CertificateReport>;
    app::inBackground<Reading>(
        frame.dialog, QStringLiteral("certificate"),
        [gateway, server, cancel] { return gateway::readCertificate(gateway, server, cancel); },
        [frame, sha256 = seen.sha256](const Reading &second) {
            if (!second) {
                frame.note->setText(words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                                            "It could not be read a second time, so it cannot be trusted "
                                                            "now: %1"))
                                        .arg(app::ConfigFaults::text(second.error())),
                                    Tone::Bad);
                grow(frame);
                return;
            }
            if (second->sha256 != sha256) {
                frame.note->setText(
                    words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                            "The second reading showed another certificate: %1. Several servers may answer "
                                            "under this name, or somebody is between. It cannot be trusted."))
                        .arg(fingerprintText(second->sha256)),
                    Tone::Bad);
                grow(frame);
                return;
            }
            frame.note->setText(words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                                        "The second reading showed the same fingerprint.")),
                                Tone::Good);
            frame.take->setEnabled(true);
        });
    frame.dialog->open();
}

void askAuthorityFile(QWidget *asker, const QString &path, std::function<void()> then)
{
    const Frame frame = makeFrame(
        asker, QStringLiteral("authorityDialog"),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "Import %1?")).arg(QFileInfo(path).fileName()),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                "The gateway will trust every server whose certificate one of these signed. Compare the "
                                "fingerprints with those that the authority publishes.")),
        words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog", "&Use this file")));
    QObject::connect(frame.dialog, &QDialog::accepted, asker, std::move(then));
    app::readAuthorityFile(frame.dialog, path, [frame](const app::AuthorityFile &file) {
        if (!file) {
            frame.note->setText(app::ConfigFaults::text(file.error()), Tone::Bad);
            grow(frame);
            return;
        }
        constexpr qsizetype kShown = 3; // the rest of a bundle is counted
        for (const ldap::CertificateReport &certificate : file->first(std::min(kShown, file->size())))
            addCertificate(frame, certificate);
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const bool expired = std::any_of(file->begin(), file->end(), [&now](const ldap::CertificateReport &certificate) {
            return certificate.validTo < now;
        });
        QString text;
        if (file->size() > kShown)
            text = QCoreApplication::translate("gatehouse::ui::CertificateDialog", "… and %n more", nullptr,
                                               int(file->size() - kShown));
        if (expired)
            text = words(QT_TRANSLATE_NOOP("gatehouse::ui::CertificateDialog",
                                           "One of these has expired: what it signed will not be trusted."))
                   + (text.isEmpty() ? QString() : u' ' + text);
        frame.note->setText(text, expired ? Tone::Warning : Tone::Neutral);
        frame.take->setEnabled(true);
        grow(frame);
    });
    frame.dialog->open();
}

} // namespace gatehouse::ui
