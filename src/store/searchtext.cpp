// SPDX-License-Identifier: GPL-3.0-or-later
//
// A block is a row of entries: two octets for the user's place in the block, then the text. The two octets are from
// 0xF8 to 0xFF, which UTF-8 never uses (RFC 3629 3), so no search can match across them.
#include "store/searchtext.h"

#include "core/casefold.h"
#include "store/database.h"

#include <cstring>

namespace gatehouse::store {

using core::Result;

namespace {

constexpr int kBlockBits = 6; // 64 users
constexpr int kPlaceMask = (1 << kBlockBits) - 1;
constexpr char kSeparator = 0x1f;

bool isMark(char octet)
{
    return uchar(octet) >= 0xf8;
}

void appendMark(QByteArray &texts, qint64 userRow)
{
    const int place = int(userRow & kPlaceMask);
    texts.append(char(0xf8 | (place >> 3)));
    texts.append(char(0xf8 | (place & 7)));
}

int placeAt(const char *mark)
{
    return (uchar(mark[0]) & 7) << 3 | (uchar(mark[1]) & 7);
}

bool appendAscii(QByteArray &target, QStringView text)
{
    const qsizetype start = target.size();
    target.resize(start + text.size());
    char *out = target.data() + start;
    for (const QChar character : text) {
        const char16_t code = character.unicode();
        if (code >= 0x80) {
            target.resize(start);
            return false;
        }
        const char octet = char(code);
        *out++ = octet >= 'A' && octet <= 'Z' ? char(octet | 0x20) : octet < ' ' ? ' ' : octet;
    }
    return true;
}

/// Takes out the entry of the user at @p place, if there is one.
void removePlace(QByteArray &texts, int place)
{
    const char *const begin = texts.constData();
    const char *const end = begin + texts.size();
    for (const char *mark = begin; mark < end;) {
        const char *next = mark + 2;
        while (next < end && !isMark(*next))
            ++next;
        if (placeAt(mark) == place) {
            texts.remove(mark - begin, next - mark);
            return;
        }
        mark = next;
    }
}

} // namespace

void appendFolded(QByteArray &target, QStringView text)
{
    if (appendAscii(target, text))
        return;
    // Accents are taken off where they stand on Latin, Greek and Cyrillic letters only: elsewhere marks are vowels, or
    // tell letters apart.
    const QString apart = text.toString().normalized(QString::NormalizationForm_KD);
    QString bare;
    bare.reserve(apart.size());
    for (const QChar character : apart) {
        const char16_t code = character.unicode();
        if (code >= 0x300 && code <= 0x36f)
            continue;
        bare.append(character.category() == QChar::Other_Control ? QChar(u' ') : character);
    }
    target.append(core::caseFolded(bare).toUtf8());
}

QString displayName(const QString &given, const QString &family, const QString &formatted)
{
    if (!formatted.isEmpty())
        return formatted;
    if (given.isEmpty() || family.isEmpty())
        return given + family;
    return given + u' ' + family;
}

QByteArray searchText(const NamedParts &parts)
{
    QByteArray text;
    text.reserve(parts.username.size() + parts.given.size() + parts.family.size() + parts.formatted.size()
                 + parts.email.size() + 8);
    const auto addNames = [&] {
        appendFolded(text, parts.given);
        if (!parts.given.isEmpty() && !parts.family.isEmpty())
            text.append(' ');
        appendFolded(text, parts.family);
    };
    appendFolded(text, parts.username);
    text.append(kSeparator);
    const bool formatted = !parts.formatted.isEmpty();
    formatted ? appendFolded(text, parts.formatted) : addNames();
    text.append(kSeparator);
    // "Given Family" would only say the same again.
    const bool same = parts.formatted.size() == parts.given.size() + 1 + parts.family.size()
                      && parts.formatted.startsWith(parts.given) && parts.formatted.endsWith(parts.family);
    if (formatted && !same)
        addNames();
    text.append(kSeparator);
    appendFolded(text, parts.email);
    text.append(kSeparator);
    return text;
}

Result<SearchTexts::Block *> SearchTexts::load(qint64 block)
{
    const auto found = m_blocks.find(block);
    if (found != m_blocks.end())
        return &found->second;
    Statement statement = m_database.prepare("SELECT texts FROM user_search WHERE block = ?1");
    const auto row = statement.bind(1, block).step();
    if (!row)
        return core::fail(row.error());
    Block loaded;
    if (*row)
        loaded.texts = statement.blob(0).toByteArray();
    return &m_blocks.emplace(block, std::move(loaded)).first->second;
}

Result<void> SearchTexts::set(qint64 userRow, QByteArrayView text, bool isNew)
{
    const auto block = load(userRow >> kBlockBits);
    if (!block)
        return core::fail(block.error());
    if (!isNew)
        removePlace((*block)->texts, int(userRow & kPlaceMask));
    appendMark((*block)->texts, userRow);
    (*block)->texts.append(text);
    (*block)->changed = true;
    return {};
}

Result<void> SearchTexts::remove(qint64 userRow)
{
    const auto block = load(userRow >> kBlockBits);
    if (!block)
        return core::fail(block.error());
    removePlace((*block)->texts, int(userRow & kPlaceMask));
    (*block)->changed = true;
    return {};
}

Result<void> SearchTexts::flush()
{
    Statement write = m_database.prepare("INSERT OR REPLACE INTO user_search (block, texts) VALUES (?1, ?2)");
    Statement erase = m_database.prepare("DELETE FROM user_search WHERE block = ?1");
    for (const auto &[number, block] : m_blocks) {
        if (!block.changed)
            continue;
        auto done = block.texts.isEmpty() ? erase.bind(1, number).run()
                                          : write.bind(1, number).bindBlobView(2, block.texts).run();
        if (!done)
            return done;
    }
    write.reset();
    m_blocks.clear();
    return {};
}

qint64 SearchTexts::entry(qint64 block, QByteArrayView texts, qsizetype &at, SearchFields &fields)
{
    const char *const mark = texts.data() + at;
    const char *const end = texts.data() + texts.size();
    const char *from = mark + 2;
    for (QByteArrayView &field : fields) {
        const auto *close = static_cast<const char *>(std::memchr(from, kSeparator, size_t(end - from)));
        if (!close)
            close = end; // a damaged block ends here
        field = {from, close - from};
        from = qMin(close + 1, end);
    }
    at = from - texts.data();
    return block << kBlockBits | placeAt(mark);
}

void SearchTexts::find(qint64 block, QByteArrayView texts, QByteArrayView needle, std::vector<qint64> &rows)
{
    const char *const begin = texts.data();
    const char *const end = begin + texts.size();
    for (const char *from = begin; from < end;) {
        const auto *hit = static_cast<const char *>(
            memmem(from, size_t(end - from), needle.data(), size_t(needle.size())));
        if (!hit)
            return;
        const char *mark = hit;
        while (mark > begin && !isMark(*mark))
            --mark;
        // mark is now the second octet of the entry's place.
        rows.push_back(block << kBlockBits | placeAt(mark - 1));
        from = hit + needle.size();
        while (from < end && !isMark(*from))
            ++from;
    }
}

} // namespace gatehouse::store
