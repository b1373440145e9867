// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/decode_p.h"

#include <algorithm>
#include <cstring>

namespace gatehouse::ldap {

/// The last value that a range may name: one more than it is asked for next.
static constexpr qint64 kMostValues = 1'000'000'000'000;

std::optional<QByteArrayView> BerReader::next(uchar tag)
{
    const auto *octets = reinterpret_cast<const uchar *>(m_rest.data());
    const qsizetype size = m_rest.size();
    if (size < 2 || octets[0] != tag)
        return std::nullopt;
    qsizetype length = octets[1];
    qsizetype header = 2;
    if (length & 0x80) {
        const qsizetype count = length & 0x7f;
        // Four octets name 4 GB, more than any message may have.
        if (count == 0 || count > 4 || size < 2 + count)
            return std::nullopt;
        length = 0;
        for (qsizetype i = 0; i < count; ++i)
            length = (length << 8) | octets[2 + i];
        header += count;
    }
    if (length > size - header)
        return std::nullopt;
    const QByteArrayView content = m_rest.sliced(header, length);
    m_rest = m_rest.sliced(header + length);
    return content;
}

Description Description::parse(QByteArrayView text)
{
    Description description;
    qsizetype semicolon = text.indexOf(';');
    description.name = semicolon < 0 ? text : text.first(semicolon);
    while (semicolon >= 0) {
        const qsizetype begin = semicolon + 1;
        semicolon = text.indexOf(';', begin);
        const QByteArrayView option = semicolon < 0 ? text.sliced(begin) : text.sliced(begin, semicolon - begin);
        const qsizetype dash = option.indexOf('-');
        if (option.size() > 6 && dash > 6 && option.first(6).compare("range=", Qt::CaseInsensitive) == 0) {
            bool fromGood = false;
            bool toGood = true;
            const QByteArrayView to = option.sliced(dash + 1);
            description.from = option.sliced(6, dash - 6).toByteArray().toLongLong(&fromGood);
            description.to = to == QByteArrayView("*") ? -1 : to.toByteArray().toLongLong(&toGood);
            description.hasRange = true;
            if (!fromGood || !toGood || description.from < 0 || description.to > kMostValues) {
                description.isPlain = false;
                description.to = std::min(description.to, kMostValues);
            }
        } else if (option.compare("binary", Qt::CaseInsensitive) != 0) {
            description.isPlain = false;
        }
    }
    return description;
}

EntryDecoder::EntryDecoder(std::shared_ptr<const core::SlotNames> slotNames, std::shared_ptr<const core::Schema> schema)
    : m_slotNames(std::move(slotNames)), m_schema(std::move(schema)), m_twins(size_t(m_slotNames->size()))
{
    if (!m_schema)
        return;
    for (const QByteArray &name : *m_slotNames)
        m_canonical.append(m_schema->canonical(name));
    for (qsizetype slot = 0; slot < m_canonical.size(); ++slot) {
        for (qsizetype other = 0; other < m_canonical.size(); ++other) {
            if (other != slot && m_canonical.at(slot).compare(m_canonical.at(other), Qt::CaseInsensitive) == 0)
                m_twins[size_t(slot)].push_back(int(other));
        }
    }
}

int EntryDecoder::lookUp(QByteArrayView description) const
{
    for (qsizetype slot = 0; slot < m_slotNames->size(); ++slot) {
        if (description.compare(m_slotNames->at(slot), Qt::CaseInsensitive) == 0)
            return int(slot);
    }
    if (!m_schema)
        return -1;
    const QByteArray canonical = m_schema->canonical(description.toByteArray());
    for (qsizetype slot = 0; slot < m_canonical.size(); ++slot) {
        if (canonical.compare(m_canonical.at(slot), Qt::CaseInsensitive) == 0)
            return int(slot);
    }
    return -1;
}

int EntryDecoder::slotOf(QByteArrayView description, size_t position)
{
    if (position < m_order.size()) {
        const Known &known = m_order[position];
        if (known.description.size() == description.size()
            && memcmp(known.description.constData(), description.data(), size_t(description.size())) == 0)
            return known.slot;
    }
    int slot = lookUp(description);
    if (slot < 0 && description.contains(';')) {
        const Description parts = Description::parse(description);
        // A range must be looked at each time: it is not remembered.
        if (parts.isPlain && (slot = lookUp(parts.name)) >= 0 && parts.hasRange)
            return slot;
    }
    if (position >= m_order.size())
        m_order.resize(position + 1);
    m_order[position] = {description.toByteArray(), slot};
    return slot;
}

bool EntryDecoder::decode(QByteArrayView dn, QByteArrayView attributes, core::EntryBatch &batch)
{
    m_found.clear();
    m_remainders.clear();
    m_octets = dn.size();
    size_t position = 0;
    BerReader list(attributes);
    while (!list.atEnd()) {
        const auto attribute = list.next(BerReader::kSequence);
        if (!attribute)
            return false;
        BerReader parts(*attribute);
        const auto description = parts.next(BerReader::kOctetString);
        const auto set = parts.next(BerReader::kSet);
        if (!description || !set)
            return false;
        const int slot = slotOf(*description, position++);
        if (slot < 0)
            continue;
        BerReader values(*set);
        while (!values.atEnd()) {
            const auto value = values.next(BerReader::kOctetString);
            if (!value)
                return false;
            m_found.push_back({slot, *value});
            for (const int twin : m_twins[size_t(slot)])
                m_found.push_back({twin, *value});
            m_octets += value->size();
        }
        if (description->endsWith('*') || !description->contains(';'))
            continue;
        if (const Description range = Description::parse(*description); range.hasRange && range.to >= 0) {
            m_remainders.push_back({slot, range.to + 1});
            for (const int twin : m_twins[size_t(slot)])
                m_remainders.push_back({twin, range.to + 1});
        }
    }
    if (m_remainders.empty()) {
        batch.begin(dn);
        for (const Found &found : m_found)
            batch.add(found.slot, found.value);
        batch.end();
    }
    return true;
}

core::Entry EntryDecoder::partEntry(QByteArrayView dn) const
{
    core::Entry entry{dn.toByteArray(), {}};
    for (const QByteArray &name : *m_slotNames)
        entry.attributes.append({name, {}});
    for (const Found &found : m_found)
        entry.attributes[found.slot].values.append(found.value.toByteArray());
    return entry;
}

std::optional<core::Entry> decodeEntry(QByteArrayView dn, QByteArrayView attributes)
{
    core::Entry entry{dn.toByteArray(), {}};
    BerReader list(attributes);
    while (!list.atEnd()) {
        const auto sequence = list.next(BerReader::kSequence);
        if (!sequence)
            return std::nullopt;
        BerReader parts(*sequence);
        const auto description = parts.next(BerReader::kOctetString);
        const auto set = parts.next(BerReader::kSet);
        if (!description || !set)
            return std::nullopt;
        core::Attribute attribute{description->toByteArray(), {}};
        BerReader values(*set);
        while (!values.atEnd()) {
            const auto value = values.next(BerReader::kOctetString);
            if (!value)
                return std::nullopt;
            attribute.values.append(value->toByteArray());
        }
        entry.attributes.append(std::move(attribute));
    }
    return entry;
}

} // namespace gatehouse::ldap
