// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressionfield.h"

#include "core/expr/lexer.h"
#include "core/expr/limits.h"
#include "ui/editors/expressionhighlighter.h"
#include "ui/theme/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QRegularExpression>
#include <QStyle>
#include <QTextBlock>
#include <QToolTip>

#include <algorithm>
#include <optional>

namespace gatehouse::ui {

namespace {

using core::expr::Fault;
using core::expr::Token;
using core::expr::TokenKind;

bool opens(TokenKind kind)
{
    return kind == TokenKind::LeftParenthesis || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace
        || kind == TokenKind::Select || kind == TokenKind::SelectFirst || kind == TokenKind::SelectLast
        || kind == TokenKind::Project;
}

bool closes(TokenKind kind)
{
    return kind == TokenKind::RightParenthesis || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace;
}

/// The bracket at the cursor and the one that belongs to it, as last units of their tokens; empty: none.
std::optional<std::pair<int, int>> bracketsAt(const QString &text, int cursor)
{
    const std::vector<Token> tokens = core::expr::tokenize(text).tokens;
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens.size(); ++i) {
        if (opens(tokens[i].kind)) {
            open.push_back(i);
        } else if (closes(tokens[i].kind) && !open.empty()) {
            const int left = tokens[open.back()].end() - 1;
            const int right = tokens[i].offset;
            open.pop_back();
            const auto touches = [cursor](int place) { return place == cursor || place + 1 == cursor; };
            if (touches(left) || touches(right))
                return std::pair(left, right);
        }
    }
    return std::nullopt;
}

} // namespace

ExpressionField::ExpressionField(QWidget *parent) : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("expressionText"));
    setAccessibleName(tr("Expression"));
    setFont(monospaceFont(font()));
    setTabChangesFocus(true);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    new ExpressionHighlighter(document());
    connect(this, &QPlainTextEdit::cursorPositionChanged, this, &ExpressionField::showMarks);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &ExpressionField::grow);
    grow();
}

void ExpressionField::setLineLimits(int least, int most)
{
    m_leastLines = least;
    m_mostLines = most;
    grow();
}

void ExpressionField::grow()
{
    // A plain text document measures its height in lines.
    const int lines = std::clamp(int(document()->size().height()), m_leastLines, m_mostLines);
    const int wanted = lines * fontMetrics().lineSpacing() + int(2 * document()->documentMargin()) + 12;
    if (wanted != minimumHeight())
        setFixedHeight(wanted);
}

void ExpressionField::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    grow();
}

void ExpressionField::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        if (auto *highlighter = document()->findChild<ExpressionHighlighter *>())
            highlighter->rehighlight();
        showMarks();
    } else if (event->type() == QEvent::FontChange) {
        grow();
    }
}

void ExpressionField::replace(int start, int length, const QString &insertion, int caret)
{
    QTextCursor cursor = textCursor();
    cursor.setPosition(start);
    cursor.setPosition(std::min(start + length, int(text().size())), QTextCursor::KeepAnchor);
    cursor.insertText(insertion);
    cursor.setPosition(start + (caret < 0 ? int(insertion.size()) : caret));
    setTextCursor(cursor);
}

void ExpressionField::setMarks(const QList<Fault> &faults, const QList<Fault> &warnings)
{
    m_faults = faults;
    m_warnings = warnings;
    showMarks();
}

void ExpressionField::showMarks()
{
    QList<QTextEdit::ExtraSelection> marks;
    const QString written = text();
    const int size = int(written.size());
    const auto range = [&](int offset, int length) {
        QTextCursor cursor(document());
        // Where something is missing there may be no character: the one before stands for it.
        const int from = std::clamp(offset, 0, std::max(0, size - 1));
        cursor.setPosition(from);
        cursor.setPosition(std::min(size, from + std::max(1, length)), QTextCursor::KeepAnchor);
        return cursor;
    };
    const auto underline = [&](int offset, int length, const QColor &color) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = range(offset, length);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(color);
        marks.append(mark);
    };
    for (const Fault &warning : std::as_const(m_warnings))
        underline(warning.offset, warning.length, colors().warning);
    for (const Fault &fault : std::as_const(m_faults)) {
        underline(fault.offset, fault.length, colors().bad);
        if (fault.relatedOffset >= 0)
            underline(fault.relatedOffset, fault.relatedLength, colors().bad);
    }
    if (const auto brackets = bracketsAt(written, cursorAt())) {
        for (const int place : {brackets->first, brackets->second}) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = range(place, 1);
            mark.format.setBackground(colors().accentGround);
            mark.format.setFontWeight(QFont::Bold);
            marks.append(mark);
        }
    }
    setExtraSelections(marks);
}

QRect ExpressionField::characterRect(int position) const
{
    QTextCursor cursor(document());
    cursor.setPosition(std::clamp(position, 0, int(text().size())));
    QRect rect = cursorRect(cursor);
    rect.translate(viewport()->pos());
    return rect;
}

bool ExpressionField::offerKey(int key)
{
    bool taken = false;
    emit keyOffered(key, &taken);
    return taken;
}

bool ExpressionField::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        // Esc closes the popup before it means the dialog or the page.
        auto *key = static_cast<QKeyEvent *>(event);
        bool open = false;
        if (key->key() == Qt::Key_Escape)
            emit keyOffered(0, &open);
        if (open || (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier)) {
            event->accept();
            return true;
        }
    }
    if (event->type() == QEvent::KeyPress) {
        // Tab never reaches keyPressEvent where it changes the focus.
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier && offerKey(Qt::Key_Tab))
            return true;
    }
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int at = cursorForPosition(viewport()->mapFrom(this, help->pos())).position();
        for (const Fault &fault : m_faults + m_warnings) {
            if (at >= fault.offset && at <= fault.offset + std::max(1, fault.length)) {
                QToolTip::showText(help->globalPos(), fault.message, this);
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QPlainTextEdit::event(event);
}

void ExpressionField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        emit completionRequested();
        return;
    }
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && offerKey(event->key()))
        return;
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->ignore(); // an expression is one line; the dialog may have a use for it
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

void ExpressionField::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    emit focusLeft();
}

bool ExpressionField::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText();
}

void ExpressionField::insertFromMimeData(const QMimeData *source)
{
    static const QRegularExpression breaks(QStringLiteral("\\s*[\\n\\r\\x{2028}\\x{2029}]+\\s*"));
    // More than the language takes would only make the window slow before it is refused.
    QString text = source->text().left(2 * core::expr::kMaxExpressionLength);
    insertPlainText(text.trimmed().replace(breaks, QStringLiteral(" ")));
}

} // namespace gatehouse::ui
