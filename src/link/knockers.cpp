// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/knockers_p.h"

#include "link/limits.h"

#include <algorithm>

namespace gatehouse::link {

QString Knockers::placeOf(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    if (isV4)
        return QHostAddress(v4).toString();
    Q_IPV6ADDR network = address.toIPv6Address();
    std::fill(std::begin(network.c) + 8, std::end(network.c), quint8(0));
    return QHostAddress(network).toString();
}

std::optional<quint64> Knockers::toMakeRoomFor(const QHostAddress &address, Time now) const
{
    QString crowded = placeOf(address);
    if (m_count.value(crowded) < kMaxKnockingOfAddress) {
        if (size() < kMaxKnocking)
            return std::nullopt;
        for (auto it = m_count.cbegin(); it != m_count.cend(); ++it)
            crowded = it.value() > m_count.value(crowded) ? it.key() : crowded;
    }
    std::optional<quint64> oldest;
    for (const auto &[number, one] : m_all) {
        if (one.place != crowded)
            continue;
        if (!one.hasSpoken && now - one.since > kFirstOctet)
            return number;
        oldest = oldest ? oldest : number;
    }
    return oldest;
}

void Knockers::add(quint64 number, const QHostAddress &address, Time now)
{
    const QString place = placeOf(address);
    m_all.emplace(number, One{place, now});
    ++m_count[place];
}

void Knockers::hasSpoken(quint64 number)
{
    if (const auto found = m_all.find(number); found != m_all.end())
        found->second.hasSpoken = true;
}

void Knockers::remove(quint64 number)
{
    const auto found = m_all.find(number);
    if (found == m_all.end())
        return;
    if (const auto count = m_count.find(found->second.place); --*count == 0)
        m_count.erase(count);
    m_all.erase(found);
}

QList<quint64> Knockers::overdue(Time now, std::chrono::milliseconds allowed) const
{
    QList<quint64> numbers;
    for (const auto &[number, one] : m_all) {
        if (now - one.since <= allowed)
            break; // who came later is not late either
        numbers.append(number);
    }
    return numbers;
}

} // namespace gatehouse::link
