// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/textsort.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <cstring>

namespace gatehouse::store {

namespace {

constexpr uint32_t kChunk = 8;   // octets a key holds
constexpr size_t kUsualSize = 20; // octets of a name or an address
constexpr size_t kFewKeys = 256; // below this comparing is faster than counting
constexpr int kDigitBits = 11;
constexpr size_t kDigits = 1 << kDigitBits;

} // namespace

void TextSort::reserve(size_t rows)
{
    m_texts.reserve(rows);
    m_octets.reserve(rows * kUsualSize);
}

void TextSort::add(qint64 row, QByteArrayView text)
{
    const size_t offset = m_octets.size();
    m_octets.resize(offset + size_t(text.size()));
    std::memcpy(m_octets.data() + offset, text.data(), size_t(text.size()));
    m_texts.push_back({row, uint32_t(offset), uint32_t(text.size())});
}

TextSort::Key TextSort::keyAt(uint32_t index, uint32_t depth) const
{
    const Text &text = m_texts[index];
    char octets[2 * kChunk] = {};
    if (depth < text.size)
        std::memcpy(octets, m_octets.data() + text.offset + depth, std::min(2 * kChunk, text.size - depth));
    return {{qFromBigEndian<quint64>(octets), qFromBigEndian<quint64>(octets + kChunk)}, index};
}

void TextSort::radix(const Range &range)
{
    Key *source = m_keys.data() + range.from;
    Key *target = m_spare.data() + range.from;
    const size_t count = range.to - range.from;
    const int half = range.half;
    for (int shift = 0; shift < 64; shift += kDigitBits) {
        const auto digit = [&](const Key &key) { return (key.octets[half] >> shift) & (kDigits - 1); };
        std::array<uint32_t, kDigits> starts = {};
        for (size_t place = 0; place < count; ++place)
            ++starts[digit(source[place])];
        if (starts[digit(source[0])] == count)
            continue; // all the same here
        uint32_t start = 0;
        for (uint32_t &entry : starts)
            start += std::exchange(entry, start);
        for (size_t place = 0; place < count; ++place)
            target[starts[digit(source[place])]++] = source[place];
        std::swap(source, target);
    }
    if (source != m_keys.data() + range.from)
        std::memcpy(m_keys.data() + range.from, source, count * sizeof(Key));
}

void TextSort::sortFew(const Range &range)
{
    const auto less = [&](const Key &a, const Key &b) {
        for (int half = range.half; half < 2; ++half) {
            if (a.octets[half] != b.octets[half])
                return a.octets[half] < b.octets[half];
        }
        const Text &x = m_texts[a.index];
        const Text &y = m_texts[b.index];
        const uint32_t known = range.depth + 2 * kChunk;
        if (x.size > known && y.size > known) {
            const int compared = std::memcmp(m_octets.data() + x.offset + known, m_octets.data() + y.offset + known,
                                             std::min(x.size, y.size) - known);
            if (compared != 0)
                return compared < 0;
        }
        // Texts lie in the order of rows.
        return x.size != y.size ? x.size < y.size : a.index < b.index;
    };
    std::sort(m_keys.begin() + qptrdiff(range.from), m_keys.begin() + qptrdiff(range.to), less);
}

void TextSort::sortRange(const Range &range, const std::atomic_bool &interrupted)
{
    if (interrupted.load(std::memory_order_relaxed))
        return;
    if (range.to - range.from < kFewKeys)
        return sortFew(range);
    radix(range);
    // Runs of equal octets go on with the next ones.
    for (size_t start = range.from; start < range.to;) {
        const uint64_t octets = m_keys[start].octets[range.half];
        size_t end = start + 1;
        while (end < range.to && m_keys[end].octets[range.half] == octets)
            ++end;
        if (end - start > 1) {
            const bool loaded = range.half == 0;
            const uint32_t depth = loaded ? range.depth : range.depth + 2 * kChunk;
            const bool more = loaded || std::any_of(m_keys.begin() + qptrdiff(start), m_keys.begin() + qptrdiff(end),
                                                    [&](const Key &key) { return m_texts[key.index].size > depth; });
            for (size_t place = start; more && !loaded && place < end; ++place)
                m_keys[place] = keyAt(m_keys[place].index, depth);
            if (more)
                sortRange({start, end, depth, loaded ? 1 : 0}, interrupted);
        }
        start = end;
    }
}

std::vector<qint64> TextSort::sorted(const std::atomic_bool &interrupted)
{
    // The radix keeps equals in their order.
    const auto byRow = [](const Text &a, const Text &b) { return a.row < b.row; };
    if (!std::is_sorted(m_texts.begin(), m_texts.end(), byRow))
        std::sort(m_texts.begin(), m_texts.end(), byRow);
    m_keys.reserve(m_texts.size());
    for (uint32_t index = 0; index < m_texts.size(); ++index)
        m_keys.push_back(keyAt(index, 0));
    m_spare.resize(m_texts.size());
    if (!m_keys.empty())
        sortRange({0, m_keys.size(), 0, 0}, interrupted);
    std::vector<qint64> rows;
    rows.reserve(m_texts.size());
    for (const Key &key : m_keys)
        rows.push_back(m_texts[key.index].row);
    *this = TextSort();
    return rows;
}

} // namespace gatehouse::store
