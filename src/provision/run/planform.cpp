// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/planform.h"

#include <QtEndian>

namespace gatehouse::provision {

namespace {
// Line ends of two kinds and an octet that no text has: a transfer as text breaks them.
constexpr QByteArrayView kName("GHPLAN\r\n", kNameSize);
constexpr qsizetype kVersionAt = 8;
} // namespace

QByteArray planMark()
{
    QByteArray mark = kName.toByteArray() + QByteArray(kMarkSize - kNameSize, '\0');
    qToLittleEndian(kPlanVersion, mark.data() + kVersionAt);
    return mark;
}

bool isPlanMark(QByteArrayView mark)
{
    return mark.size() == kMarkSize && mark.first(kNameSize) == kName;
}

quint32 versionOf(QByteArrayView mark)
{
    return qFromLittleEndian<quint32>(mark.data() + kVersionAt);
}

PlanEnd PlanEnd::read(QByteArrayView octets)
{
    PlanEnd end;
    end.keys = qFromLittleEndian<quint64>(octets.data());
    end.keyCount = qFromLittleEndian<quint64>(octets.data() + 8);
    end.hash = octets.sliced(16, kHashSize).toByteArray();
    end.seal = octets.sliced(16 + kHashSize, kHashSize).toByteArray();
    // A file that was made longer ends otherwise; its hash says the rest.
    if (octets.last(kNameSize) != kName)
        end.hash.clear();
    return end;
}

QByteArray PlanEnd::places() const
{
    QByteArray octets(16, Qt::Uninitialized);
    qToLittleEndian(keys, octets.data());
    qToLittleEndian(keyCount, octets.data() + 8);
    return octets;
}

QByteArray PlanEnd::write() const
{
    return places() + hash + seal + kName.toByteArray();
}

} // namespace gatehouse::provision
