// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/expressioncolors.h"

#include "core/expr/lexer.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace gatehouse::ui {

namespace {

using core::expr::TokenKind;

QList<QTextLayout::FormatRange> moved(const QList<QTextLayout::FormatRange> &formats, int from, int length)
{
    QList<QTextLayout::FormatRange> part;
    for (const QTextLayout::FormatRange &format : formats) {
        const int begin = std::max(format.start, from) - from;
        const int end = std::min(format.start + format.length, from + length) - from;
        if (begin < end)
            part.append({begin, end - begin, format.format});
    }
    return part;
}

} // namespace

QList<QTextLayout::FormatRange> expressionColors(const QString &text)
{
    const Colors &c = colors();
    QList<QTextLayout::FormatRange> formats;
    int callWords = 0; // of #library.function, the words that are still to come
    for (const core::expr::Token &token : core::expr::tokenize(text).tokens) {
        QColor color;
        switch (token.kind) {
        case TokenKind::Hash:
            callWords = 3;
            color = c.code;
            break;
        case TokenKind::Dot:
            color = callWords > 0 ? c.code : c.muted;
            break;
        case TokenKind::Name: {
            const QStringView word = QStringView(text).mid(token.offset, token.length);
            const bool constant = word == u"true" || word == u"false" || word == u"null" || word == u"new";
            color = callWords > 0 ? c.code : token.op || constant ? c.accent : c.text;
            break;
        }
        case TokenKind::Text:
            color = c.good;
            break;
        case TokenKind::Int:
        case TokenKind::Long:
        case TokenKind::HexInt:
        case TokenKind::HexLong:
        case TokenKind::Real:
        case TokenKind::Float:
            color = c.accent;
            break;
        case TokenKind::Unknown: {
            // "${" opens an attribute in a user type's text.
            const bool opens = text.at(token.offset) == u'$' && token.end() < text.size() && text.at(token.end()) == u'{';
            color = opens ? c.muted : c.bad;
            break;
        }
        default:
            break;
        }
        if (token.kind != TokenKind::Hash && callWords > 0)
            callWords = token.kind == TokenKind::Dot || token.kind == TokenKind::Name ? callWords - 1 : 0;
        if (!color.isValid())
            continue;
        QTextCharFormat format;
        format.setForeground(color);
        formats.append({token.offset, token.length, format});
    }
    return formats;
}

QTextLayout::FormatRange faultMark(const QString &text, int offset, int length)
{
    QTextCharFormat format;
    format.setForeground(colors().bad);
    if (offset < 0)
        return {0, int(text.size()), format};
    format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    format.setUnderlineColor(colors().bad);
    const int start = std::clamp(offset, 0, std::max(0, int(text.size()) - 1));
    return {start, std::max(1, std::min(length, int(text.size()) - start)), format};
}

void paintCode(QPainter &painter, const QRect &rect, const QFont &font, const QString &text,
               const QList<QTextLayout::FormatRange> &formats)
{
    const QFontMetrics metrics(font);
    QString first = text;
    QString second;
    if (metrics.horizontalAdvance(text) > rect.width() && rect.height() >= 2 * metrics.height()) {
        QTextLayout whole(text, font);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        whole.setTextOption(option);
        whole.beginLayout();
        QTextLine line = whole.createLine();
        line.setLineWidth(rect.width());
        whole.endLayout();
        first = text.left(line.textLength());
        second = metrics.elidedText(text.mid(line.textLength()), Qt::ElideRight, rect.width());
    } else {
        first = metrics.elidedText(text, Qt::ElideRight, rect.width());
    }
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setPen(colors().text);
    const int lines = second.isEmpty() ? 1 : 2;
    int y = rect.top() + (rect.height() - lines * metrics.height()) / 2;
    int from = 0;
    for (const QString &part : {first, second}) {
        if (part.isEmpty())
            continue;
        QTextLayout layout(part, font);
        layout.setFormats(moved(formats, from, int(part.size())));
        layout.beginLayout();
        layout.createLine().setLineWidth(rect.width() + metrics.averageCharWidth());
        layout.endLayout();
        layout.draw(&painter, QPointF(rect.left(), y));
        y += metrics.height();
        from += int(part.size());
    }
    painter.restore();
}

} // namespace gatehouse::ui
