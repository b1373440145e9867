// SPDX-License-Identifier: GPL-3.0-or-later
//
// A set of texts known by their 128-bit hash (XXH3): who has claimed which username in a run over a million people, in
// 32 octets a name. Two different names taken for one would need about 10^19 names.
#pragma once

#include <QStringView>

#include <cstdint>
#include <optional>
#include <vector>

namespace gatehouse::core {

class KeySet {
public:
    /// True when @p key was not in the set before.
    bool insert(QStringView key);
    bool contains(QStringView key) const;

protected:
    struct Hash {
        uint64_t high = 0;
        uint64_t low = 0;
        bool operator==(const Hash &) const = default;
    };
    static Hash hashOf(QStringView key);
    size_t slotOf(const Hash &hash) const;
    void grow();
    std::vector<Hash> m_slots; ///< all zero: free
    size_t m_used = 0;
};

/// The same with a number for each text, in four octets more.
class KeyNumbers : private KeySet {
public:
    /// Nothing when @p key was not there and has @p number now; else the number that it has.
    std::optional<uint32_t> insert(QStringView key, uint32_t number);

private:
    std::vector<uint32_t> m_numbers; ///< by slot
};

} // namespace gatehouse::core
