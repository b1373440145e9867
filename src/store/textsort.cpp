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

uint64_t TextSort::octetsAt(const Text &text, uint32_t depth) const
{
    if (depth + kChunk <= text.size)
        return qFromBigEndian<quint64>(m_octets.data() + text.offset + depth);
    char chunk[kChunk] = {};
    if (depth < text.size)
        std::memcpy(chunk, m_octets.data() + text.offset + depth, std::min(kChunk, text.size - depth));
    return qFromBigEndian<quint64>(chunk);
}

void TextSort::radix(size_t from, size_t to)
{
    Key *source = m_keys.data() + from;
    Key *target = m_spare.data() + from;
    const size_t count = to - from;
    for (int shift = 0; shift < 64; shift += kDigitBits) {
        std::array<uint32_t, kDigits> starts = {};
        for (size_t place = 0; place < count; ++place)
            ++starts[(source[place].octets >> shift) & (kDigits - 1)];
        if (starts[(source[0].octets >> shift) & (kDigits - 1)] == count)
            continue; // all the same here
        uint32_t start = 0;
        for (uint32_t &entry : starts)
            start += std::exchange(entry, start);
        for (size_t place = 0; place < count; ++place)
            target[starts[(source[place].octets >> shift) & (kDigits - 1)]++] = source[place];
        std::swap(source, target);
    }
    if (source != m_keys.data() + from)
        std::memcpy(m_keys.data() + from, source, count * sizeof(Key));
}

void TextSort::sortRange(size_t from, size_t to, uint32_t depth, const std::atomic_bool &interrupted)
{
    if (interrupted.load(std::memory_order_relaxed))
        return;
    if (to - from < kFewKeys) {
        // Keys before this depth are equal. Rows are told apart by index: texts lie in the order of rows.
        std::sort(m_keys.begin() + qptrdiff(from), m_keys.begin() + qptrdiff(to), [&](const Key &a, const Key &b) {
            if (a.octets != b.octets)
                return a.octets < b.octets;
            const Text &x = m_texts[a.index];
            const Text &y = m_texts[b.index];
            const uint32_t start = std::min({depth, x.size, y.size});
            const int compared = std::memcmp(m_octets.data() + x.offset + start, m_octets.data() + y.offset + start,
                                             std::min(x.size, y.size) - start);
            if (compared != 0)
                return compared < 0;
            return x.size != y.size ? x.size < y.size : a.index < b.index;
        });
        return;
    }
    radix(from, to);
    // Runs of equal octets go on with the next ones.
    for (size_t start = from; start < to;) {
        size_t end = start + 1;
        bool more = m_texts[m_keys[start].index].size > depth + kChunk;
        for (; end < to && m_keys[end].octets == m_keys[start].octets; ++end)
            more = more || m_texts[m_keys[end].index].size > depth + kChunk;
        if (end - start > 1 && more) {
            for (size_t place = start; place < end; ++place)
                m_keys[place].octets = octetsAt(m_texts[m_keys[place].index], depth + kChunk);
            sortRange(start, end, depth + kChunk, interrupted);
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
    m_keys.resize(m_texts.size());
    m_spare.resize(m_texts.size());
    for (uint32_t index = 0; index < m_texts.size(); ++index)
        m_keys[index] = {octetsAt(m_texts[index], 0), index};
    if (!m_keys.empty())
        sortRange(0, m_keys.size(), 0, interrupted);
    std::vector<qint64> rows;
    rows.reserve(m_texts.size());
    for (const Key &key : m_keys)
        rows.push_back(m_texts[key.index].row);
    *this = TextSort();
    return rows;
}

} // namespace gatehouse::store
