// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/links.h"

#include <xxhash.h>

#include <bit>
#include <cstring>

namespace gatehouse::store {

LinkIndex::Key LinkIndex::keyOf(QByteArrayView sourceId)
{
    Key key;
    if (sourceId.size() == 16) {
        std::memcpy(&key.high, sourceId.data(), 8);
        std::memcpy(&key.low, sourceId.data() + 8, 8);
    } else {
        const XXH128_hash_t hash = XXH3_128bits(sourceId.data(), size_t(sourceId.size()));
        key.high = hash.high64;
        key.low = hash.low64;
    }
    return key;
}

size_t LinkIndex::slotOf(const Key &key) const
{
    // Ids made in the order of time differ in few bits: multiply them apart (2^64 divided by the golden ratio).
    const quint64 mixed = (key.high ^ std::rotl(key.low, 32)) * 0x9e3779b97f4a7c15ull;
    size_t slot = size_t(mixed >> 32) & (m_slots.size() - 1);
    while (m_slots[slot] != 0 && m_keys[m_slots[slot] - 1] != key)
        slot = (slot + 1) & (m_slots.size() - 1);
    return slot;
}

void LinkIndex::grow(size_t capacity)
{
    m_slots.assign(capacity, 0);
    for (size_t index = 0; index < m_keys.size(); ++index)
        m_slots[slotOf(m_keys[index])] = uint32_t(index + 1);
}

void LinkIndex::reserve(qsizetype count)
{
    m_keys.reserve(size_t(count));
    m_links.reserve(size_t(count));
    // Three slots for two links at least.
    const size_t capacity = std::bit_ceil(size_t(count) + size_t(count) / 2 + 16);
    if (capacity > m_slots.size())
        grow(capacity);
}

void LinkIndex::insert(QByteArrayView sourceId, const Link &link)
{
    if (m_slots.size() < (m_links.size() + 1) * 3 / 2 + 1)
        grow(std::bit_ceil(m_links.size() * 2 + 16));
    const Key key = keyOf(sourceId);
    const size_t slot = slotOf(key);
    if (m_slots[slot] != 0) {
        m_links[m_slots[slot] - 1] = link;
        return;
    }
    m_keys.push_back(key);
    m_links.push_back(link);
    m_slots[slot] = uint32_t(m_links.size());
}

Link *LinkIndex::find(QByteArrayView sourceId)
{
    if (m_slots.empty())
        return nullptr;
    const uint32_t index = m_slots[slotOf(keyOf(sourceId))];
    return index == 0 ? nullptr : &m_links[index - 1];
}

qsizetype LinkIndex::occupied() const
{
    return qsizetype(m_keys.capacity() * sizeof(Key) + m_links.capacity() * sizeof(Link)
                     + m_slots.capacity() * sizeof(uint32_t));
}

core::LinkState LinkIndex::state(const Link &link, const QByteArray &sourceId) const
{
    return {sourceId, {}, m_rules.value(link.ruleRow), link.fingerprint, link.disabling};
}

} // namespace gatehouse::store
