// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/octets.h"

#include <algorithm>

namespace gatehouse::core {

void appendHexPair(QByteArray &out, char octet)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(octet);
    out += '\\';
    out += digits[value >> 4];
    out += digits[value & 15];
}

int utf8SequenceLength(QByteArrayView octets)
{
    if (octets.isEmpty())
        return 0;
    const auto at = [&](int i) { return static_cast<unsigned char>(octets[i]); };
    const unsigned char first = at(0);
    if (first < 0x80)
        return 1;
    // RFC 3629 4: the second octet's range excludes overlong forms, surrogates and what lies above U+10FFFF.
    int length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
        length = 3;
        low = first == 0xe0 ? 0xa0 : 0x80;
        high = first == 0xed ? 0x9f : 0xbf;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        low = first == 0xf0 ? 0x90 : 0x80;
        high = first == 0xf4 ? 0x8f : 0xbf;
    }
    if (length == 0 || octets.size() < length || at(1) < low || at(1) > high)
        return 0;
    for (int i = 2; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

int textOffset(QByteArrayView utf8, qsizetype octetOffset)
{
    int units = 0;
    for (qsizetype i = 0; i < std::min(octetOffset, utf8.size());) {
        const int length = std::max(1, utf8SequenceLength(utf8.sliced(i)));
        units += length == 4 ? 2 : 1;
        i += length;
    }
    return units;
}

bool isAttributeType(QByteArrayView text)
{
    if (text.isEmpty())
        return false;
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (isLetter(text.front()))
        return std::all_of(text.begin(), text.end(),
                           [&](char c) { return isLetter(c) || isDigit(c) || c == '-' || c == '_'; });
    // numericoid: at least two numbers, none of them with a leading zero.
    bool dotted = false;
    qsizetype start = 0;
    for (qsizetype i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] != '.') {
            if (!isDigit(text[i]))
                return false;
            continue;
        }
        if (i == start || (text[start] == '0' && i - start > 1))
            return false;
        dotted = dotted || i < text.size();
        start = i + 1;
    }
    return dotted;
}

bool isNamingType(QByteArrayView text)
{
    if (!isAttributeType(text) || text.contains('_'))
        return false;
    if (text.front() < '0' || text.front() > '9')
        return true;
    const QByteArrayView rest = text.sliced(2);
    const QByteArrayView second = rest.first(rest.contains('.') ? rest.indexOf('.') : rest.size());
    return text[1] == '.' && text[0] <= '2' && (text[0] == '2' || second.size() == 1 || (second.size() == 2 && second[0] < '4'));
}

/// Takes the first element off @p octets; false when there is no whole one.
static bool takeBerElement(QByteArrayView &octets, int depth)
{
    constexpr int kMaxDepth = 32;
    const auto at = [&](qsizetype place) { return static_cast<unsigned char>(octets[place]); };
    if (depth > kMaxDepth || octets.size() < 2 || at(0) == 0) // 0 ends an indefinite length (X.690 8.1.5)
        return false;
    qsizetype place = 1;
    if ((at(0) & 0x1f) == 0x1f) { // a tag of several octets
        while (place < octets.size() && (at(place) & 0x80) != 0)
            ++place;
        ++place;
    }
    if (place >= octets.size())
        return false;
    qsizetype length = at(place++);
    if (length >= 0x80) {
        const qsizetype count = length - 0x80;
        if (count < 1 || count > 4 || count > octets.size() - place)
            return false;
        length = 0;
        for (qsizetype i = 0; i < count; ++i)
            length = length << 8 | at(place++);
    }
    if (length > octets.size() - place)
        return false;
    QByteArrayView parts = octets.sliced(place, length);
    if ((at(0) & 0x20) != 0) {
        while (!parts.isEmpty()) {
            if (!takeBerElement(parts, depth + 1))
                return false;
        }
    }
    octets = octets.sliced(place + length);
    return true;
}

bool isBerElement(QByteArrayView octets)
{
    return takeBerElement(octets, 0) && octets.isEmpty();
}

} // namespace gatehouse::core
