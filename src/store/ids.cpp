// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/ids.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QtEndian>

#include <atomic>
#include <cstring>
#include <random>

namespace gatehouse::store {

QUuid timeOrderedId()
{
    // 48 bits of milliseconds and 12 bits of counter in one number that only grows; a thousand ids in one millisecond
    // run ahead of the clock a little rather than repeat (RFC 9562 6.2, method 3).
    static std::atomic<quint64> last = 0;
    const quint64 now = quint64(QDateTime::currentMSecsSinceEpoch()) << 12;
    quint64 previous = last.load(std::memory_order_relaxed);
    quint64 stamp;
    do {
        stamp = qMax(previous + 1, now);
    } while (!last.compare_exchange_weak(previous, stamp, std::memory_order_relaxed));

    // 62 random bits. They keep processes apart and need not be secret, so one seed from the system is enough.
    thread_local std::mt19937_64 generator(QRandomGenerator::system()->generate64());
    const quint64 random = generator();
    const quint64 milliseconds = stamp >> 12;
    return QUuid(uint(milliseconds >> 16), ushort(milliseconds & 0xffff), ushort(0x7000 | (stamp & 0xfff)),
                 uchar(0x80 | ((random >> 56) & 0x3f)), uchar(random >> 48), uchar(random >> 40), uchar(random >> 32),
                 uchar(random >> 24), uchar(random >> 16), uchar(random >> 8), uchar(random));
}

std::array<char, 16> octetsOf(const QUuid &id)
{
    std::array<char, 16> octets;
    qToBigEndian<quint32>(id.data1, octets.data());
    qToBigEndian<quint16>(id.data2, octets.data() + 4);
    qToBigEndian<quint16>(id.data3, octets.data() + 6);
    std::memcpy(octets.data() + 8, id.data4, 8);
    return octets;
}

} // namespace gatehouse::store
