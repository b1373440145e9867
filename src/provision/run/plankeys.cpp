// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/plankeys.h"

#include "core/dn.h"
#include "core/identity.h"
#include "provision/run/planform.h"

#include <QtEndian>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::provision {

namespace {

// What they begin with keeps them apart.
QByteArray idKey(const QByteArray &id)
{
    return "i" + id;
}

QByteArray nameKey(const QString &name)
{
    return "n" + core::usernameKey(name).toUtf8();
}

QByteArray placeKey(QByteArrayView dn)
{
    return "d" + core::dnKey(dn);
}

uint32_t hashOf(const QByteArray &key)
{
    return uint32_t(XXH3_64bits(key.constData(), size_t(key.size())));
}

void appendKeysOf(const core::ObjectRef &object, QList<QByteArray> &keys)
{
    if (!object.id.isEmpty())
        keys.append(idKey(object.id));
    if (!object.name.isEmpty())
        keys.append(object.kind == core::ObjectKind::Entry ? placeKey(object.name) : nameKey(object.text()));
}

QList<QByteArray> keysOf(const core::Step &step)
{
    QList<QByteArray> keys;
    appendKeysOf(step.source, keys);
    appendKeysOf(step.target, keys);
    for (const core::AttributeChange &change : step.changes) {
        const bool isName = change.name == QStringLiteral("username") || change.name == QStringLiteral("name");
        if (isName && core::displayText(change.after) != step.target.text())
            keys.append(nameKey(core::displayText(change.after)));
    }
    return keys;
}

} // namespace

PlanKey::PlanKey(const QString &key)
{
    m_keys.append(nameKey(key));
    if (const QUuid id = QUuid::fromString(key); !id.isNull())
        m_keys.append(idKey(id.toRfc4122()));
    // Ids that are no UUID are shown as hexadecimal digits.
    const QByteArray octets = QByteArray::fromHex(key.toLatin1());
    if (!octets.isEmpty() && QString::fromLatin1(octets.toHex()).compare(key, Qt::CaseInsensitive) == 0)
        m_keys.append(idKey(octets));
    if (key.contains(u'='))
        m_keys.append(placeKey(key.toUtf8()));
}

bool PlanKey::matches(const core::Step &step) const
{
    const QList<QByteArray> keys = keysOf(step);
    return std::any_of(m_keys.cbegin(), m_keys.cend(), [&](const QByteArray &key) { return keys.contains(key); });
}

std::vector<uint32_t> PlanKey::hashes() const
{
    std::vector<uint32_t> hashes;
    for (const QByteArray &key : m_keys)
        hashes.push_back(hashOf(key));
    return hashes;
}

void appendKeys(const core::Step &step, uint32_t number, std::vector<uint64_t> &keys)
{
    const QList<QByteArray> own = keysOf(step);
    for (const QByteArray &key : own)
        keys.push_back(uint64_t(hashOf(key)) << 32 | number);
}

QByteArray toOctets(const std::vector<uint64_t> &keys, size_t from, size_t count)
{
    QByteArray octets(qsizetype(count) * kKeySize, Qt::Uninitialized);
    qToLittleEndian<quint64>(keys.data() + from, qsizetype(count), octets.data());
    return octets;
}

core::Result<std::vector<uint32_t>> SortedKeys::find(uint32_t hash) const
{
    const auto keyAt = [this](quint64 place) -> core::Result<quint64> {
        const auto octets = file.octets(at + place * quint64(kKeySize), kKeySize);
        if (!octets)
            return core::fail(octets.error());
        return qFromLittleEndian<quint64>(octets->constData());
    };
    quint64 first = 0;
    for (quint64 end = count; first < end;) {
        const quint64 middle = first + (end - first) / 2;
        const auto key = keyAt(middle);
        if (!key)
            return core::fail(key.error());
        if (*key >> 32 < hash)
            first = middle + 1;
        else
            end = middle;
    }
    std::vector<uint32_t> numbers;
    for (; first < count; ++first) {
        const auto key = keyAt(first);
        if (!key)
            return core::fail(key.error());
        if (*key >> 32 != hash)
            break;
        numbers.push_back(uint32_t(*key));
    }
    return numbers;
}

} // namespace gatehouse::provision
