// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizards/steplist.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
constexpr int kDot = 22;
constexpr int kGap = 10;
constexpr int kSide = 12;
constexpr int kHeight = 40;
constexpr int kWidth = 208;
} // namespace

StepButton::StepButton(const QString &title, QWidget *parent) : QAbstractButton(parent)
{
    setText(title);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
}

void StepButton::setState(State state, int number, int of)
{
    m_state = state;
    m_number = number;
    const bool reached = state != State::ToCome;
    setEnabled(reached);
    setFocusPolicy(reached && state != State::Current ? Qt::TabFocus : Qt::NoFocus);
    const QString what = state == State::Current   ? tr("current")
                         : state == State::Done    ? tr("done")
                         : state == State::Warned  ? tr("done with warnings")
                         : state == State::Faulty  ? tr("needs correction")
                         : state == State::Open    ? tr("not done")
                                                   : tr("to come");
    setAccessibleName(tr("Step %1 of %2: %3, %4").arg(m_number).arg(of).arg(text(), what));
    update();
}

QSize StepButton::sizeHint() const
{
    const int height = std::max(kHeight, fontMetrics().height() + 20);
    return {std::max(kWidth, fontMetrics().horizontalAdvance(text()) + kDot + kGap + 2 * kSide), height};
}

void StepButton::paintEvent(QPaintEvent *)
{
    const Colors &c = colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool mirrored = isRightToLeft();
    const QRect row = rect().adjusted(kSide - 6, 2, -kSide + 6, -2);
    if (m_state == State::Current) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.accentGround);
        painter.drawRoundedRect(row, 6, 6);
    } else if (isEnabled() && underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.neutralGround);
        painter.drawRoundedRect(row, 6, 6);
    }
    if (hasFocus()) {
        painter.setPen(QPen(c.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(row, 6, 6);
    }
    QRect dot(rect().left() + kSide, rect().center().y() - kDot / 2, kDot, kDot);
    QRect words = rect().adjusted(kSide + kDot + kGap, 0, -kSide, 0);
    if (mirrored) {
        dot.moveRight(rect().right() - kSide);
        words = rect().adjusted(kSide, 0, -kSide - kDot - kGap, 0);
    }
    const bool marked = m_state == State::Done || m_state == State::Warned || m_state == State::Faulty;
    const bool filled = m_state == State::Current || marked;
    const Tone mark = m_state == State::Faulty ? Tone::Bad : m_state == State::Warned ? Tone::Warning : Tone::Good;
    const QColor tone = marked ? c.foreground(mark) : c.accent;
    painter.setPen(filled ? QPen(Qt::NoPen) : QPen(c.muted, 1.2));
    painter.setBrush(m_state == State::Current ? QBrush(tone)
                     : filled                  ? QBrush(c.ground(mark))
                                               : QBrush(Qt::NoBrush));
    painter.drawEllipse(QRectF(dot).adjusted(0.5, 0.5, -0.5, -0.5));
    if (marked) {
        paintIcon(painter, QRectF(dot).adjusted(5, 5, -5, -5),
                  mark == Tone::Good      ? QStringLiteral("check")
                  : mark == Tone::Warning ? QStringLiteral("warning")
                                          : QStringLiteral("error"),
                  tone);
    } else {
        painter.setFont(scaledFont(font(), 0.9, QFont::DemiBold));
        painter.setPen(m_state == State::Current ? c.onAccent : c.muted);
        painter.drawText(dot, Qt::AlignCenter, QString::number(m_number));
    }
    painter.setFont(scaledFont(font(), 1.0, m_state == State::Current ? QFont::DemiBold : QFont::Normal));
    painter.setPen(m_state == State::Current ? c.accent
                   : m_state == State::ToCome ? c.muted
                                              : c.text);
    painter.drawText(words, Qt::AlignLeading | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, words.width()));
}

StepList::StepList(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(8, 20, 8, 20);
    m_layout->setSpacing(2);
    m_layout->addStretch(1);
    setAccessibleName(tr("Steps"));
}

StepButton *StepList::addStep(const QString &title)
{
    const int index = int(m_steps.size());
    auto *button = new StepButton(title, this);
    m_layout->insertWidget(index, button);
    m_steps.append(button);
    connect(button, &QAbstractButton::clicked, this, [this, index] { emit chosen(index); });
    return button;
}

void StepList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colors().navigation);
    const int x = isRightToLeft() ? 0 : width() - 1;
    painter.fillRect(QRect(x, 0, 1, height()), colors().line);
}

} // namespace gatehouse::ui
