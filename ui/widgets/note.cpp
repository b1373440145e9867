// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/note.h"

#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/breaklabel.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kIconSide = 16;
}

Note::Note(Tone tone, const QString &text, QWidget *parent)
    : QFrame(parent), m_tone(tone), m_icon(new QLabel(this)), m_text(new BreakLabel(this)),
      m_action(new QPushButton(this)), m_copy(new QPushButton(tr("Copy"), this))
{
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setFocusPolicy(Qt::NoFocus);
    m_text->setObjectName(QStringLiteral("noteText"));
    for (QPushButton *button : {m_action, m_copy}) {
        button->setProperty("form", QStringLiteral("link"));
        button->setAutoDefault(false);
        button->hide();
    }
    m_action->setObjectName(QStringLiteral("noteAction"));
    m_copy->setObjectName(QStringLiteral("noteCopy"));
    connect(m_action, &QPushButton::clicked, this, &Note::actionClicked);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_copyText); });

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout;
    column->setSpacing(2);
    column->addWidget(m_text);
    auto *links = new QHBoxLayout;
    links->setSpacing(8);
    links->addWidget(m_action);
    links->addWidget(m_copy);
    links->addStretch(1);
    column->addLayout(links);
    layout->addLayout(column, 1);
    setText(text, tone);
}

void Note::setText(const QString &text, Tone tone)
{
    m_tone = tone;
    m_text->setText(text);
    m_copy->setAccessibleName(tr("Copy: %1").arg(text));
    setAccessibleName(text);
    restyle();
    setVisible(!text.isEmpty());
}

QString Note::text() const
{
    return m_text->plainText();
}

void Note::setAction(const QString &text)
{
    m_action->setText(text);
    m_action->setVisible(!text.isEmpty());
}

void Note::setCopyText(const QString &text)
{
    m_copyText = text;
    m_copy->setVisible(!text.isEmpty());
}

void Note::restyle()
{
    // Polishing changes palettes, which comes back here.
    if (m_restyling)
        return;
    m_restyling = true;
    const char *form = m_tone == Tone::Warning ? "note-warning" : m_tone == Tone::Bad ? "note-bad"
                       : m_tone == Tone::Good  ? "note-good"
                                               : "note";
    // Polishing changes palettes, and a changed palette comes back here: only when the form is another one.
    if (property("form").toString() != QLatin1String(form)) {
        setProperty("form", QString::fromLatin1(form));
        style()->unpolish(this);
        style()->polish(this);
    }
    const QColor color = m_tone == Tone::Neutral || m_tone == Tone::Accent ? colors().muted
                                                                           : colors().foreground(m_tone);
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(kIconSide, kIconSide) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const bool quiet = m_tone == Tone::Neutral || m_tone == Tone::Accent;
    paintIcon(painter, QRectF(0, 0, kIconSide, kIconSide), quiet ? QStringLiteral("info") : toneIcon(m_tone), color);
    painter.end();
    m_icon->setPixmap(pixmap);
    setTextTone(*m_text, m_tone);
    m_restyling = false;
}

void Note::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        restyle();
}

} // namespace gatehouse::ui
