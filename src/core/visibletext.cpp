// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/visibletext.h"

#include "core/octets.h"

#include <QStringList>

#include <algorithm>

namespace gatehouse::core {

namespace {

constexpr char32_t kNonJoiner = 0x200C;
constexpr char32_t kJoiner = 0x200D;
constexpr char32_t kEmojiStyle = 0xFE0F;

/// The character at @p at, as one number; a half of a pair that stands alone is itself.
char32_t codeAt(QStringView text, qsizetype at)
{
    const QChar unit = text[at];
    if (unit.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(unit, text[at + 1]);
    return unit.unicode();
}

char32_t codeBefore(QStringView text, qsizetype at)
{
    if (at == 0)
        return 0;
    const QChar unit = text[at - 1];
    if (unit.isLowSurrogate() && at > 1 && text[at - 2].isHighSurrogate())
        return QChar::surrogateToUcs4(text[at - 2], unit);
    return unit.unicode();
}

/// Scripts whose letters are written otherwise beside a joiner (Unicode 23.2), and the parts of emoji.
bool isJoined(char32_t code)
{
    switch (QChar::script(code)) {
    case QChar::Script_Arabic:
    case QChar::Script_Syriac:
    case QChar::Script_Mongolian:
    case QChar::Script_Nko:
    case QChar::Script_Devanagari:
    case QChar::Script_Bengali:
    case QChar::Script_Gurmukhi:
    case QChar::Script_Gujarati:
    case QChar::Script_Oriya:
    case QChar::Script_Tamil:
    case QChar::Script_Telugu:
    case QChar::Script_Kannada:
    case QChar::Script_Malayalam:
    case QChar::Script_Sinhala:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
    case QChar::Script_Tibetan:
        return !isHiddenCharacter(code);
    default:
        return code == kEmojiStyle || (code >= 0x1F3FB && code <= 0x1F3FF)
            || (code >= 0x2190 && QChar::category(code) == QChar::Symbol_Other);
    }
}

/// A joiner between two letters that it shapes is part of the word.
bool isNeeded(QStringView text, qsizetype at)
{
    return at > 0 && at + 1 < text.size() && isJoined(codeBefore(text, at)) && isJoined(codeAt(text, at + 1));
}

bool isShown(QStringView text, qsizetype at, char32_t code)
{
    return !isHiddenCharacter(code) || ((code == kNonJoiner || code == kJoiner) && isNeeded(text, at));
}

QString numbered(char32_t code)
{
    return QStringLiteral("<U+%1>").arg(uint(code), 4, 16, QLatin1Char('0')).toUpper();
}

/// Spaces that a reader cannot tell from an ordinary one, or does not see at all.
bool isOddSpace(QStringView text, qsizetype at)
{
    const QChar unit = text[at];
    if (unit != u' ')
        return unit.category() == QChar::Separator_Space;
    return at == 0 || at + 1 == text.size() || text[at - 1] == u' ';
}

template <typename IsShown>
QString written(const QString &text, IsShown isPlain)
{
    QString result;
    qsizetype copied = 0;
    for (qsizetype at = 0; at < text.size();) {
        const char32_t code = codeAt(text, at);
        const qsizetype length = code > 0xFFFF ? 2 : 1;
        if (!isPlain(at, code)) {
            result += QStringView(text).sliced(copied, at - copied);
            result += numbered(code);
            copied = at + length;
        }
        at += length;
    }
    return copied == 0 ? text : result + QStringView(text).sliced(copied);
}

bool isPlainAscii(QByteArrayView octets)
{
    return std::all_of(octets.begin(), octets.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

} // namespace

bool isHiddenCharacter(char32_t code)
{
    if (code >= 0x20 && code < 0x7F)
        return false;
    if (code < 0xA0)
        return true; // C0, DEL, C1
    if (code == 0x034F || code == 0x115F || code == 0x1160 || code == 0x3164 || code == 0xFFA0)
        return true; // the grapheme joiner and the fillers: letters that are not seen
    if ((code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE)
        return true;
    switch (QChar::category(code)) {
    case QChar::Other_Format:
        // Signs over or under numbers are seen (Unicode, Prepended_Concatenation_Mark).
        return !((code >= 0x0600 && code <= 0x0605) || code == 0x06DD || code == 0x070F || code == 0x0890
                 || code == 0x0891 || code == 0x08E2 || code == 0x110BD || code == 0x110CD);
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

QString visible(const QString &text)
{
    return written(text, [&](qsizetype at, char32_t code) { return isShown(text, at, code); });
}

QString pointedOut(const QString &text)
{
    return written(text, [&](qsizetype at, char32_t code) { return isShown(text, at, code) && !isOddSpace(text, at); });
}

QByteArray visibleLines(const QByteArray &utf8)
{
    const auto kept = [](char c) { return c == '\n' || c == '\t'; };
    if (std::all_of(utf8.begin(), utf8.end(), [&](char c) { return (c >= 0x20 && c < 0x7f) || kept(c); }))
        return utf8;
    QByteArray result;
    result.reserve(utf8.size());
    for (qsizetype at = 0; at < utf8.size();) {
        // A line at a time, so that a joiner sees its neighbours.
        qsizetype end = at;
        while (end < utf8.size() && !kept(utf8.at(end)) && utf8SequenceLength(QByteArrayView(utf8).sliced(end)) > 0)
            end += utf8SequenceLength(QByteArrayView(utf8).sliced(end));
        const QByteArrayView part = QByteArrayView(utf8).sliced(at, end - at);
        if (isPlainAscii(part))
            result += part;
        else
            result += visible(QString::fromUtf8(part)).toUtf8();
        if (end < utf8.size()) {
            if (kept(utf8.at(end)))
                result += utf8.at(end);
            else
                result += '<' + QByteArray(1, utf8.at(end)).toHex().toUpper() + '>';
            ++end;
        }
        at = end;
    }
    return result;
}

QByteArray visibleJson(const QByteArray &json)
{
    const auto isPlain = [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' || c == '\r'; };
    if (std::all_of(json.begin(), json.end(), isPlain))
        return json;
    QByteArray result;
    result.reserve(json.size());
    const QByteArrayView view(json);
    for (qsizetype at = 0; at < json.size();) {
        const int length = std::max(1, utf8SequenceLength(view.sliced(at)));
        const QByteArrayView octets = view.sliced(at, length);
        at += length;
        if (length == 1 && isPlain(octets.front())) {
            result += octets.front();
            continue;
        }
        // JSON escapes what is below a space already; joiners alone do nothing to a terminal.
        const QString text = QString::fromUtf8(octets);
        const char32_t code = codeAt(text, 0);
        if (!isHiddenCharacter(code) || code == kNonJoiner || code == kJoiner) {
            result += octets;
            continue;
        }
        for (const QChar unit : text)
            result += "\\u" + QByteArray::number(unit.unicode(), 16).rightJustified(4, '0');
    }
    return result;
}

QString shortened(const QString &text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    const qsizetype kept = most > 1 && text.at(most - 2).isHighSurrogate() ? most - 2 : most - 1;
    return text.left(std::max<qsizetype>(kept, 0)) + u'…';
}

} // namespace gatehouse::core
