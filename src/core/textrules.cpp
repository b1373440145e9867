// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/textrules.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>

namespace gatehouse::core {

namespace {

bool isAsciiLetter(char16_t c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isAsciiDigit(char16_t c)
{
    return c >= u'0' && c <= u'9';
}

// RFC 5322 3.2.3, extended by RFC 6531 3.3 to everything beyond ASCII.
bool isAtomText(char16_t c)
{
    return isAsciiLetter(c) || isAsciiDigit(c) || c >= 0x80
        || QStringView(u"!#$%&'*+-/=?^_`{|}~").contains(QChar(c));
}

qsizetype utf8Length(QStringView text)
{
    qsizetype length = 0;
    for (const QChar c : text)
        length += c.unicode() < 0x80 ? 1 : c.isSurrogate() || c.unicode() < 0x800 ? 2 : 3;
    return length;
}

/// Characters without a shape of their own, as those that turn the direction: they make one address look like another.
bool hasFormatCharacter(QStringView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        char32_t c = text[i].unicode();
        if (text[i].isHighSurrogate() && i + 1 < text.size()) {
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
            ++i;
        }
        if (c >= 0x80 && QChar::category(c) == QChar::Other_Format)
            return true;
    }
    return false;
}

bool isDotAtom(QStringView text)
{
    if (text.isEmpty() || text.front() == u'.' || text.back() == u'.')
        return false;
    char16_t previous = 0;
    for (const QChar c : text) {
        if (c == u'.' ? previous == u'.' : !isAtomText(c.unicode()))
            return false;
        previous = c.unicode();
    }
    return true;
}

bool isQuotedLocalPart(QStringView text)
{
    if (text.size() < 3 || text.front() != u'"' || text.back() != u'"')
        return false;
    const QStringView inner = text.sliced(1, text.size() - 2);
    for (qsizetype i = 0; i < inner.size(); ++i) {
        if (inner[i] == u'"')
            return false;
        if (inner[i] == u'\\' && ++i == inner.size())
            return false;
    }
    return true;
}

bool isDomain(QStringView text)
{
    if (text.startsWith(u'[')) // domain-literal, e.g. [192.0.2.1]
        return text.size() > 2 && text.endsWith(u']') && !text.sliced(1, text.size() - 2).contains(u'[')
            && !text.contains(u' ') && text.indexOf(u']') == text.size() - 1;
    qsizetype labelStart = 0;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] != u'.') {
            const char16_t c = text[i].unicode();
            if (!isAsciiLetter(c) && !isAsciiDigit(c) && c != u'-' && c != u'_' && c < 0x80)
                return false;
            continue;
        }
        const QStringView label = text.sliced(labelStart, i - labelStart);
        if (label.isEmpty() || label.size() > 63 || label.front() == u'-' || label.back() == u'-')
            return false;
        labelStart = i + 1;
    }
    return true;
}

bool isPhone(QStringView text)
{
    bool digit = false;
    for (const QChar c : text)
        digit = digit || isAsciiDigit(c.unicode()) || (c.unicode() >= 0x80 && c.isDigit());
    return digit && isPrintable(text);
}

bool isCountryCode(QStringView text)
{
    const auto upper = [](QChar c) { return c >= u'A' && c <= u'Z'; };
    return text.size() == 2 && upper(text[0]) && upper(text[1]);
}

QRegularExpression compiled(const QString &pattern)
{
    QRegularExpression expression(QRegularExpression::anchoredPattern(pattern));
    expression.optimize();
    return expression;
}

bool isLanguageTag(QStringView text)
{
    // RFC 5646 2.1: langtag, privateuse, and the grandfathered tags that do not fit langtag.
    static const QRegularExpression tag = compiled(QStringLiteral(
        "(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})"
        "(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
        "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
        "(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
        "(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
        "|[xX](?:-[A-Za-z0-9]{1,8})+|[iI]-[A-Za-z]{3,8}|(?i:en-GB-oed|sgn-(?:BE-FR|BE-NL|CH-DE))"));
    return tag.match(text).hasMatch();
}

bool isLanguageRange(QStringView text)
{
    // RFC 9110 12.5.4 with the basic language-range of RFC 4647 2.1; weights as in RFC 9110 12.4.2.
    static const QRegularExpression ranges = compiled(QStringLiteral(
        "(?<one>(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\\*)(?:[ \\t]*;[ \\t]*[qQ]=(?:0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?))?)"
        "(?:[ \\t]*,[ \\t]*(?&one))*"));
    return ranges.match(text).hasMatch();
}

bool isTimezone(QStringView text)
{
    // Area/Place, and the three-part names such as America/Argentina/Buenos_Aires.
    static const QRegularExpression zone =
        compiled(QStringLiteral("[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,64}){1,2}"));
    return zone.match(text).hasMatch();
}

bool isHttpUrl(QStringView text)
{
    if (!text.startsWith(u"https://", Qt::CaseInsensitive) && !text.startsWith(u"http://", Qt::CaseInsensitive))
        return false;
    if (text.contains(u' ') || !isPrintable(text))
        return false;
    const QUrl url(text.toString(), QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty();
}

} // namespace

bool isPrintable(QStringView text, bool lineBreaks)
{
    const char16_t *at = text.utf16();
    const char16_t *const end = at + text.size();
    for (; at != end; ++at) {
        const char16_t c = *at;
        if (c >= 0x20 && c < 0x7f)
            continue;
        if (c < 0xa0) { // C0, DEL, C1
            if (lineBreaks && (c == u'\n' || c == u'\r' || c == u'\t'))
                continue;
            return false;
        }
        if (c == 0x2028 || c == 0x2029 || (c >= 0xfdd0 && c <= 0xfdef) || c >= 0xfffe)
            return false;
        if (!QChar::isSurrogate(c))
            continue;
        if (!QChar::isHighSurrogate(c) || at + 1 == end || !QChar::isLowSurrogate(at[1]))
            return false;
        if ((QChar::surrogateToUcs4(c, at[1]) & 0xfffe) == 0xfffe)
            return false;
        ++at;
    }
    return !text.isEmpty();
}

bool isBlank(QStringView text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        return c.isSpace() || c.category() == QChar::Other_Format;
    });
}

bool isBlank(QByteArrayView utf8)
{
    for (const char c : utf8) {
        if (c & 0x80) // beyond ASCII: looked at as text
            return utf8.isValidUtf8() && isBlank(QString::fromUtf8(utf8));
        if (c != ' ' && (c < '\t' || c > '\r'))
            return false;
    }
    return true;
}

bool isEmailAddress(QStringView text)
{
    const qsizetype at = text.lastIndexOf(u'@');
    if (at < 1 || at + 1 == text.size() || !isPrintable(text))
        return false;
    if (hasFormatCharacter(text))
        return false;
    const QStringView local = text.first(at);
    const QStringView domain = text.sliced(at + 1);
    return utf8Length(local) <= 64 && utf8Length(domain) <= 255 && (isDotAtom(local) || isQuotedLocalPart(local))
        && isDomain(domain);
}

bool follows(TextRule rule, QStringView text)
{
    switch (rule) {
    case TextRule::Printable: return isPrintable(text);
    case TextRule::MultiLine: return isPrintable(text, true);
    case TextRule::Email: return isEmailAddress(text);
    case TextRule::Phone: return isPhone(text);
    case TextRule::CountryCode: return isCountryCode(text);
    case TextRule::LanguageTag: return isLanguageTag(text);
    case TextRule::LanguageRange: return isLanguageRange(text);
    case TextRule::Timezone: return isTimezone(text);
    case TextRule::HttpUrl: return isHttpUrl(text);
    }
    return false;
}

QString explain(TextRule rule)
{
    switch (rule) {
    case TextRule::Printable: return QStringLiteral("must not contain control characters or line breaks");
    case TextRule::MultiLine: return QStringLiteral("must not contain control characters other than line breaks");
    case TextRule::Email: return QStringLiteral("is not an email address like name@example.com");
    case TextRule::Phone: return QStringLiteral("is not a phone number: it needs at least one digit");
    case TextRule::CountryCode: return QStringLiteral("is not a country code of two upper-case letters like DE");
    case TextRule::LanguageTag: return QStringLiteral("is not a language tag like en or de-AT (BCP 47)");
    case TextRule::LanguageRange: return QStringLiteral("is not a list of languages like de-AT, en;q=0.8");
    case TextRule::Timezone: return QStringLiteral("is not a time zone like Europe/Berlin");
    case TextRule::HttpUrl: return QStringLiteral("is not an http or https address");
    }
    return {};
}

} // namespace gatehouse::core
