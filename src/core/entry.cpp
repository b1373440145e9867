// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/entry.h"

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::core {

QList<QByteArray> Entry::values(QByteArrayView name) const
{
    for (const Attribute &attribute : attributes) {
        if (name.compare(attribute.name, Qt::CaseInsensitive) == 0)
            return attribute.values;
    }
    return {};
}

bool isBinaryAttribute(QByteArrayView name)
{
    static constexpr QByteArrayView known[] = {
        "objectGUID",  "objectSid",           "sIDHistory",   "tokenGroups",       "mS-DS-ConsistencyGuid",
        "jpegPhoto",   "thumbnailPhoto",      "thumbnailLogo", "photo",            "audio",
        "logonHours",  "nTSecurityDescriptor", "userCertificate", "userSMIMECertificate", "userPKCS12",
        "cACertificate", "msExchMailboxGuid", "userPassword",
    };
    if (name.size() > 7 && name.last(7).compare(";binary", Qt::CaseInsensitive) == 0)
        return true;
    return std::any_of(std::begin(known), std::end(known),
                       [&](QByteArrayView binary) { return binary.compare(name, Qt::CaseInsensitive) == 0; });
}

QByteArrayView EntryView::dn() const
{
    const auto &entry = m_batch->m_entries[size_t(m_index)];
    return m_batch->octets(entry.dnOffset, entry.dnLength);
}

int EntryView::count(int slot) const
{
    const auto &entry = m_batch->m_entries[size_t(m_index)];
    int found = 0;
    for (quint32 i = 0; i < entry.valueCount; ++i) {
        if (m_batch->m_values[entry.firstValue + i].slot == quint32(slot))
            ++found;
    }
    return found;
}

QByteArrayView EntryView::value(int slot, int index) const
{
    const auto &entry = m_batch->m_entries[size_t(m_index)];
    for (quint32 i = 0; i < entry.valueCount; ++i) {
        const auto &value = m_batch->m_values[entry.firstValue + i];
        if (value.slot == quint32(slot) && index-- == 0)
            return m_batch->octets(value.offset, value.length);
    }
    return {};
}

quint64 EntryView::fingerprint() const
{
    const auto &entry = m_batch->m_entries[size_t(m_index)];
    quint64 sum = XXH3_64bits(m_batch->m_arena.data() + entry.dnOffset, entry.dnLength);
    // Addition commutes, so neither the order of attributes nor that of values counts.
    for (quint32 i = 0; i < entry.valueCount; ++i) {
        const auto &value = m_batch->m_values[entry.firstValue + i];
        sum += XXH3_64bits_withSeed(m_batch->m_arena.data() + value.offset, value.length, value.slot + 1);
    }
    return sum;
}

QByteArrayView EntryView::slotName(int slot) const
{
    return m_batch->slotNames().at(slot);
}

int EntryView::slotCount() const
{
    return int(m_batch->slotNames().size());
}

Entry EntryView::toEntry() const
{
    Entry result{dn().toByteArray(), {}};
    for (qsizetype slot = 0; slot < m_batch->slotNames().size(); ++slot) {
        Attribute attribute{m_batch->slotNames().at(slot), {}};
        const int values = count(int(slot));
        for (int i = 0; i < values; ++i)
            attribute.values.append(value(int(slot), i).toByteArray());
        if (!attribute.values.isEmpty())
            result.attributes.append(attribute);
    }
    return result;
}

EntryBatch::EntryBatch(std::shared_ptr<const SlotNames> slotNames) : m_slotNames(std::move(slotNames)) {}

int EntryBatch::slotOf(QByteArrayView name) const
{
    for (qsizetype i = 0; i < m_slotNames->size(); ++i) {
        if (name.compare(m_slotNames->at(i), Qt::CaseInsensitive) == 0)
            return int(i);
    }
    return -1;
}

void EntryBatch::begin(QByteArrayView dn)
{
    const auto offset = quint32(m_arena.size());
    m_arena.append(dn.data(), size_t(dn.size()));
    m_entries.push_back({offset, quint32(dn.size()), quint32(m_values.size()), 0});
}

void EntryBatch::add(int slot, QByteArrayView value)
{
    const auto offset = quint32(m_arena.size());
    m_arena.append(value.data(), size_t(value.size()));
    m_values.push_back({quint32(slot), offset, quint32(value.size())});
}

void EntryBatch::end()
{
    m_entries.back().valueCount = quint32(m_values.size()) - m_entries.back().firstValue;
}

void EntryBatch::append(const Entry &entry)
{
    begin(entry.dn);
    for (const Attribute &attribute : entry.attributes) {
        const int slot = slotOf(attribute.name);
        if (slot < 0)
            continue;
        for (const QByteArray &value : attribute.values)
            add(slot, value);
    }
    end();
}

} // namespace gatehouse::core
