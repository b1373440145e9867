// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/errorpanel.h"

#include "app/text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/breaklabel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

ErrorPanel::ErrorPanel(QWidget *parent)
    : QFrame(parent), m_icon(new QLabel(this)), m_what(new BreakLabel(this)), m_text(new BreakLabel(this)),
      m_retry(new QPushButton(tr("&Try again"), this))
{
    setProperty("form", QStringLiteral("note-bad"));
    setObjectName(QStringLiteral("errorPanel"));
    setAccessibleName(tr("Error"));
    m_what->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_what->setForegroundRole(QPalette::BrightText);
    for (BreakLabel *label : {m_what, m_text}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    }
    auto *copy = new QPushButton(tr("Copy &details"), this);
    copy->setProperty("form", QStringLiteral("link"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_details); });
    m_retry->setObjectName(QStringLiteral("retry"));
    m_retry->setProperty("form", QStringLiteral("link"));
    connect(m_retry, &QPushButton::clicked, this, &ErrorPanel::retryClicked);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_what);
    words->addWidget(m_text);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_retry);
    buttons->addWidget(copy);
    buttons->addStretch(1);
    words->addLayout(buttons);
    layout->addLayout(words, 1);
    hide();
}

void ErrorPanel::drawIcon()
{
    m_icon->setPixmap(tintedPixmap(QStringLiteral("error"), 18, colors().bad));
}

void ErrorPanel::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
}

void ErrorPanel::setError(const core::Error &error, bool retry)
{
    drawIcon();
    m_what->setText(app::Text::headline(error));
    QStringList lines;
    for (const QString &line : {error.detail, error.where, app::Text::remedy(error)}) {
        if (!line.isEmpty())
            lines << line;
    }
    m_text->setText(lines.join(QLatin1Char('\n')));
    m_text->setVisible(!lines.isEmpty());
    m_details = app::Text::details(error);
    m_retry->setVisible(retry);
    show();
}

void ErrorPanel::setErrors(const QList<core::Error> &errors)
{
    if (errors.isEmpty()) {
        clear();
        return;
    }
    setError(errors.first());
    if (errors.size() == 1)
        return;
    QStringList lines;
    QStringList details;
    for (const core::Error &error : errors) {
        lines << (error.where.isEmpty() ? app::Text::headline(error)
                                        : error.where + QStringLiteral(": ") + app::Text::headline(error));
        details << app::Text::details(error);
    }
    m_what->setText(tr("%n things need to be put right", nullptr, int(errors.size())));
    m_text->setText(lines.join(QLatin1Char('\n')));
    m_text->show();
    m_details = details.join(QStringLiteral("\n\n"));
}

void ErrorPanel::clear()
{
    m_details.clear();
    hide();
}

} // namespace gatehouse::ui
