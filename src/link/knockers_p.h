// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who is at the endpoint's door and has not shown a credential yet: how many there may be, and who has to go when there
// is one too many. Strangers may come in any number; whoever comes always gets in, and the oldest that says nothing goes
// for it. Plain values without sockets; the time is handed in.
#pragma once

#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <chrono>
#include <map>
#include <optional>

namespace gatehouse::link {

class Knockers {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// As long as a client may need to send its first octet; only then it counts as silent.
    static constexpr std::chrono::milliseconds kFirstOctet{1'000};

    /// Who has to go before one more from @p address fits in: one of that address when it has its share already, else one
    /// of the address that has most. The oldest that has been silent, or else the oldest. Nobody where there is room.
    std::optional<quint64> toMakeRoomFor(const QHostAddress &address, Time now) const;
    /// Numbers rise.
    void add(quint64 number, const QHostAddress &address, Time now);
    /// Something came from it.
    void hasSpoken(quint64 number);
    void remove(quint64 number);
    /// Those who came longer than @p allowed ago.
    QList<quint64> overdue(Time now, std::chrono::milliseconds allowed) const;
    qsizetype size() const { return qsizetype(m_all.size()); }

    /// What counts as one address: an IPv4 address, or the /64 of an IPv6 address, which one machine may fill.
    static QString placeOf(const QHostAddress &address);

private:
    struct One {
        QString place;
        Time since;
        bool hasSpoken = false;
    };
    std::map<quint64, One> m_all; ///< in the order in which they came
    QHash<QString, int> m_count;  ///< by place
};

} // namespace gatehouse::link
