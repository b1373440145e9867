// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keyset.h"

#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::core {

KeySet::Hash KeySet::hashOf(QStringView key)
{
    const XXH128_hash_t hash = XXH3_128bits(key.utf16(), size_t(key.size()) * sizeof(char16_t));
    // All zero marks a free slot.
    return {hash.high64, hash.low64 == 0 && hash.high64 == 0 ? 1 : hash.low64};
}

size_t KeySet::slotOf(const Hash &hash) const
{
    size_t slot = hash.low & (m_slots.size() - 1);
    while (m_slots[slot] != Hash{} && m_slots[slot] != hash)
        slot = (slot + 1) & (m_slots.size() - 1);
    return slot;
}

void KeySet::grow()
{
    std::vector<Hash> old = std::exchange(m_slots, std::vector<Hash>(m_slots.empty() ? 1024 : m_slots.size() * 2));
    for (const Hash &hash : old) {
        if (hash != Hash{})
            m_slots[slotOf(hash)] = hash;
    }
}

bool KeySet::insert(QStringView key)
{
    if (m_used * 4 >= m_slots.size() * 3)
        grow();
    const Hash hash = hashOf(key);
    Hash &slot = m_slots[slotOf(hash)];
    if (slot == hash)
        return false;
    slot = hash;
    ++m_used;
    return true;
}

bool KeySet::contains(QStringView key) const
{
    return !m_slots.empty() && m_slots[slotOf(hashOf(key))] != Hash{};
}

std::optional<uint32_t> KeyNumbers::insert(QStringView key, uint32_t number)
{
    if (m_used * 4 >= m_slots.size() * 3) {
        const std::vector<Hash> slotsBefore = m_slots;
        const std::vector<uint32_t> numbersBefore = std::move(m_numbers);
        grow();
        m_numbers.assign(m_slots.size(), 0);
        for (size_t slot = 0; slot < slotsBefore.size(); ++slot) {
            if (slotsBefore[slot] != Hash{})
                m_numbers[slotOf(slotsBefore[slot])] = numbersBefore[slot];
        }
    }
    const Hash hash = hashOf(key);
    const size_t slot = slotOf(hash);
    if (m_slots[slot] == hash)
        return m_numbers[slot];
    m_slots[slot] = hash;
    m_numbers[slot] = number;
    ++m_used;
    return std::nullopt;
}

} // namespace gatehouse::core
