// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/openingpane.h"

#include "app/text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

OpeningPane::OpeningPane(QWidget *parent)
    : QWidget(parent), m_icon(new QLabel(this)), m_title(new QLabel(this)), m_text(new QLabel(this)),
      m_path(new QLabel(this)), m_buttons(new QWidget(this))
{
    setObjectName(QStringLiteral("opening"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_icon->setAlignment(Qt::AlignCenter);
    m_title->setFont(scaledFont(font(), 1.4, QFont::DemiBold));
    m_title->setObjectName(QStringLiteral("openingTitle"));
    m_path->setFont(monospaceFont(font()));
    m_path->setForegroundRole(QPalette::PlaceholderText);
    for (QLabel *label : {m_title, m_text, m_path}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    auto *retry = new QPushButton(tr("&Try again"), m_buttons);
    retry->setProperty("form", QStringLiteral("primary"));
    retry->setObjectName(QStringLiteral("retry"));
    auto *other = new QPushButton(tr("&Open another environment\u2026"), m_buttons);
    auto *copy = new QPushButton(tr("Copy &details"), m_buttons);
    connect(retry, &QPushButton::clicked, this, &OpeningPane::retryRequested);
    connect(other, &QPushButton::clicked, this, &OpeningPane::chooseOther);
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_details); });
    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 8, 0, 0);
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(retry);
    buttons->addWidget(other);
    buttons->addWidget(copy);
    buttons->addStretch(1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(96, 48, 96, 48);
    layout->setSpacing(12);
    layout->addStretch(2);
    for (QWidget *widget : {static_cast<QWidget *>(m_icon), static_cast<QWidget *>(m_title),
                            static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_path), m_buttons})
        layout->addWidget(widget);
    layout->addStretch(3);
}

void OpeningPane::showOpening(const QString &path)
{
    m_icon->clear();
    m_title->setText(tr("Opening the environment\u2026"));
    m_text->clear();
    m_path->setText(QDir::toNativeSeparators(path));
    m_buttons->hide();
}

void OpeningPane::showError(const QString &path, const core::Error &error)
{
    m_icon->setPixmap(tintedPixmap(QStringLiteral("error"), 48, colors().bad));
    m_title->setText(tr("The environment cannot be opened"));
    QStringList lines{app::Text::headline(error)};
    if (!error.detail.isEmpty())
        lines << error.detail;
    const QString remedy = app::Text::remedy(error);
    if (!remedy.isEmpty())
        lines << QString() << remedy;
    m_text->setText(lines.join(QLatin1Char('\n')));
    m_path->setText(QDir::toNativeSeparators(path));
    m_details = app::Text::details(error) + QLatin1Char('\n') + path;
    m_buttons->show();
}

void OpeningPane::chooseOther()
{
    auto *dialog = new QFileDialog(this, tr("Open an environment"), QFileInfo(m_path->text()).absolutePath(),
                                   tr("Environments (*.gatehouse);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &OpeningPane::otherRequested);
    dialog->open();
}

} // namespace gatehouse::ui
