// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/overview/linkrow.h"

#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace gatehouse::ui {

namespace {
constexpr int kIconSide = 16;
constexpr int kArrowSide = 12;
} // namespace

QPixmap tinted(const QString &iconName, const QColor &color, int side, qreal ratio)
{
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, QRectF(0, 0, side, side), iconName, color);
    return pixmap;
}

LinkRow::LinkRow(QWidget *parent)
    : QAbstractButton(parent), m_icon(new QLabel(this)), m_title(new QLabel(this)), m_text(new QLabel(this)),
      m_link(new QLabel(this)), m_arrow(new QLabel(this)), m_state(new Badge(this))
{
    setObjectName(QStringLiteral("linkRow"));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    for (QLabel *label : {m_title, m_text}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    for (QWidget *part : {static_cast<QWidget *>(m_icon), static_cast<QWidget *>(m_title),
                          static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_link),
                          static_cast<QWidget *>(m_arrow), static_cast<QWidget *>(m_state)})
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_link->setTextFormat(Qt::PlainText);
    m_link->setForegroundRole(QPalette::Link);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 7, 8, 7);
    layout->setSpacing(10);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    layout->addLayout(words, 1);
    layout->addWidget(m_state, 0, Qt::AlignVCenter);
    auto *end = new QHBoxLayout;
    end->setSpacing(4);
    end->addWidget(m_link);
    end->addWidget(m_arrow);
    layout->addLayout(end);
}

void LinkRow::setContent(const Content &content)
{
    m_content = content;
    m_title->setText(content.title);
    m_title->setFont(scaledFont(font(), 1.0, content.text.isEmpty() ? QFont::Normal : QFont::DemiBold));
    m_text->setText(content.text);
    m_text->setVisible(!content.text.isEmpty());
    m_state->setState(content.state, content.tone);
    m_link->setText(content.link);
    m_link->setVisible(!content.link.isEmpty());
    m_icon->setVisible(content.icon.has_value());
    QStringList spoken{content.title};
    for (const QString &part : {content.text, content.state}) {
        if (!part.isEmpty())
            spoken << part;
    }
    setText(content.title);
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    setAccessibleDescription(content.link);
    paintLabels();
}

QSize LinkRow::sizeHint() const
{
    return layout()->sizeHint();
}

void LinkRow::paintLabels()
{
    const Colors &c = colors();
    const qreal ratio = devicePixelRatioF();
    if (m_content.icon)
        m_icon->setPixmap(tinted(toneIcon(*m_content.icon), c.foreground(*m_content.icon), kIconSide, ratio));
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    m_arrow->setPixmap(tinted(mirrored ? QStringLiteral("left") : QStringLiteral("right"),
                              m_content.link.isEmpty() ? c.muted : c.accent, kArrowSide, ratio));
}

void LinkRow::changeEvent(QEvent *event)
{
    QAbstractButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LayoutDirectionChange)
        paintLabels();
}

void LinkRow::paintEvent(QPaintEvent *)
{
    const Colors &c = colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(hasFocus() ? QPen(c.accent, 2) : QPen(Qt::NoPen));
    painter.setBrush(isDown() ? c.accentGround : underMouse() ? c.neutralGround : QColor(Qt::transparent));
    painter.drawRoundedRect(box, 6, 6);
}

} // namespace gatehouse::ui
