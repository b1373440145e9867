// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sorts a million rows by short texts in a fraction of the time that comparing them takes: eight octets at a time as a
// number, by radix, and only those that are equal so far go on to the next eight. Values only.
#pragma once

#include <QByteArrayView>

#include <atomic>
#include <cstdint>
#include <vector>

namespace gatehouse::store {

class TextSort {
public:
    void reserve(size_t rows);
    /// At most 2^32 octets of text altogether.
    void add(qint64 row, QByteArrayView text);
    /// The rows in the order of their texts, equals in the order of rows. Meaningless when @p interrupted is set
    /// meanwhile. Leaves the object empty.
    std::vector<qint64> sorted(const std::atomic_bool &interrupted);

private:
    struct Key {
        uint64_t octets[2]; ///< sixteen of them, from the current depth on, big-endian; zero after the end
        uint32_t index;     ///< into m_texts
    };
    struct Text {
        qint64 row;
        uint32_t offset; ///< in m_octets
        uint32_t size;
    };
    struct Range {
        size_t from;
        size_t to;
        uint32_t depth; ///< octets before it are equal
        int half;       ///< of Key::octets that is sorted by
    };
    void sortRange(const Range &range, const std::atomic_bool &interrupted);
    void sortFew(const Range &range);
    void radix(const Range &range);
    Key keyAt(uint32_t index, uint32_t depth) const;
    std::vector<Text> m_texts;
    std::vector<char> m_octets;
    std::vector<Key> m_keys;
    std::vector<Key> m_spare;
};

} // namespace gatehouse::store
