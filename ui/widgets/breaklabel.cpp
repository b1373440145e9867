// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/breaklabel.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace gatehouse::ui {

namespace {

constexpr QChar kPlace(0x200B); ///< zero width space: a line may break here
constexpr int kLeastCharacters = 8;

/// Where a long word reads best when it is broken behind @p letter.
bool isJoint(QChar letter)
{
    return QStringLiteral(",;/=:.-_@&?)").contains(letter);
}

} // namespace

BreakLabel::BreakLabel(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setMinimumWidth(1);
}

BreakLabel::BreakLabel(const QString &text, QWidget *parent) : BreakLabel(parent)
{
    setText(text);
}

void BreakLabel::setText(const QString &text)
{
    m_text = text;
    fit();
}

QSize BreakLabel::minimumSizeHint() const
{
    return {1, QLabel::minimumSizeHint().height()};
}

int BreakLabel::heightForWidth(int width) const
{
    const QString text = broken(width);
    if (text == QLabel::text())
        return QLabel::heightForWidth(width);
    // Asked for a width that it has not yet.
    const QMargins margins = contentsMargins();
    const QRect room(0, 0, std::max(1, width - margins.left() - margins.right() - 2 * margin()), QWIDGETSIZE_MAX);
    return fontMetrics().boundingRect(room, Qt::TextWordWrap, text).height() + margins.top() + margins.bottom() + 2 * margin();
}

/// The text with places to break in the words that are wider than @p width: behind joints, and in what is left of them.
QString BreakLabel::broken(int width) const
{
    const QFontMetrics metrics = fontMetrics();
    const QMargins margins = contentsMargins();
    const int room = std::max(metrics.averageCharWidth() * kLeastCharacters,
                              width - margins.left() - margins.right() - 2 * margin());
    QString text;
    qsizetype from = 0;
    while (from < m_text.size()) {
        qsizetype end = from;
        while (end < m_text.size() && !m_text.at(end).isSpace())
            ++end;
        const QString word = m_text.mid(from, end - from);
        if (word.size() < kLeastCharacters || metrics.horizontalAdvance(word) <= room) {
            text += word;
        } else {
            QString piece;
            for (const QChar letter : word) {
                if (!piece.isEmpty() && !letter.isLowSurrogate() && !letter.isMark()
                    && metrics.horizontalAdvance(piece + letter) > room) {
                    text += kPlace;
                    piece.clear();
                }
                text += letter;
                piece += letter;
                if (isJoint(letter)) {
                    text += kPlace;
                    piece.clear();
                }
            }
        }
        while (end < m_text.size() && m_text.at(end).isSpace())
            text += m_text.at(end++);
        from = end;
    }
    return text;
}

void BreakLabel::fit()
{
    const QString text = broken(width());
    if (text != QLabel::text())
        QLabel::setText(text);
}

void BreakLabel::resizeEvent(QResizeEvent *event)
{
    QLabel::resizeEvent(event);
    fit();
}

void BreakLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fit();
}

void BreakLabel::copySelection()
{
    QGuiApplication::clipboard()->setText(selectedText().remove(kPlace));
}

void BreakLabel::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) && hasSelectedText())
        copySelection();
    else
        QLabel::keyPressEvent(event);
}

void BreakLabel::mouseReleaseEvent(QMouseEvent *event)
{
    QLabel::mouseReleaseEvent(event);
    QClipboard *clipboard = QGuiApplication::clipboard();
    if (hasSelectedText() && clipboard->supportsSelection())
        clipboard->setText(selectedText().remove(kPlace), QClipboard::Selection);
}

void BreakLabel::contextMenuEvent(QContextMenuEvent *event)
{
    if (!(textInteractionFlags() & Qt::TextSelectableByMouse)) {
        QLabel::contextMenuEvent(event);
        return;
    }
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &BreakLabel::copySelection)->setEnabled(hasSelectedText());
    menu->addAction(tr("Copy &all"), this, [this] { QGuiApplication::clipboard()->setText(m_text); });
    menu->popup(event->globalPos());
}

} // namespace gatehouse::ui
