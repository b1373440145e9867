// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emptystate.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kIconSide = 40;
constexpr int kTextWidth = 420;
} // namespace

EmptyState::EmptyState(const QString &iconName, const QString &title, const QString &text, const QString &action,
                       QWidget *parent)
    : QWidget(parent), m_iconName(iconName), m_icon(new QLabel(this)), m_title(new QLabel(title, this)),
      m_text(new QLabel(text, this))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    m_title->setFont(scaledFont(font(), 1.12, QFont::DemiBold));
    for (QLabel *label : {m_title, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        label->setWordWrap(true);
        label->setMaximumWidth(kTextWidth);
        label->setTextFormat(Qt::PlainText);
    }
    m_icon->setAlignment(Qt::AlignCenter);
    m_text->setForegroundRole(QPalette::PlaceholderText);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->setSpacing(8);
    layout->addStretch(2);
    layout->addWidget(m_icon);
    for (QLabel *label : {m_title, m_text}) {
        auto *row = new QHBoxLayout;
        row->addStretch(1);
        row->addWidget(label, 100);
        row->addStretch(1);
        layout->addLayout(row);
    }
    if (!action.isEmpty()) {
        auto *button = new QPushButton(action, this);
        button->setProperty("form", QStringLiteral("primary"));
        button->setObjectName(QStringLiteral("emptyAction"));
        connect(button, &QPushButton::clicked, this, &EmptyState::actionClicked);
        layout->addSpacing(8);
        layout->addWidget(button, 0, Qt::AlignHCenter);
    }
    layout->addStretch(3);
    drawIcon();
}

void EmptyState::setText(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_text->setText(text);
}

void EmptyState::setIcon(const QString &iconName, Tone tone)
{
    if (m_iconName == iconName && m_tone == tone)
        return;
    m_iconName = iconName;
    m_tone = tone;
    drawIcon();
}

void EmptyState::drawIcon()
{
    m_icon->setPixmap(tintedPixmap(m_iconName, kIconSide, colors().foreground(m_tone)));
}

void EmptyState::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        drawIcon();
    QWidget::changeEvent(event);
}

} // namespace gatehouse::ui
