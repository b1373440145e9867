// SPDX-License-Identifier: GPL-3.0-or-later
//
// A gateway client that is connected, as a list of instances shows it. Plain values, any thread; Endpoint makes them.
#pragma once

#include "link/versions.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QUuid>

namespace gatehouse::link {

enum class Health { Healthy, Degraded, Unhealthy };
/// "HEALTHY", "DEGRADED", "UNHEALTHY".
QString healthName(Health health);

/// An LDAP server as a client last found it by connecting to its port.
struct ServerState {
    QString server; ///< host:port, as the client's own configuration has it
    bool isReachable = false;
    QString detail; ///< why not
    bool operator==(const ServerState &) const = default;
};

struct Instance {
    QUuid id;         ///< of this start of the client
    QUuid gateway;
    QUuid credential;
    QString hostName; ///< as the client says
    QString address;  ///< from where it connects
    QString version;
    UpdateStatus updateStatus = UpdateStatus::AtLatest;
    /// Healthy: all its servers answer; Degraded: some do not, or its last heartbeat is late; Unhealthy: none does.
    Health health = Health::Healthy;
    QDateTime connectedAt;
    QDateTime lastReportedAt;
    double operationsPerSecond = 0;  ///< requests answered, over the last seconds
    double responseTimeMilliseconds = 0; ///< from request to the first octet of its answer, smoothed; the link included
    double roundTripMilliseconds = 0;    ///< of the heartbeat: the link alone
    int busyPercentage = 0;              ///< of one processor, as the client says
    int streams = 0;                     ///< open now
    qint64 errors = 0;                   ///< streams that could not be opened or were cut, since connected
    QStringList currentErrors;           ///< servers that do not answer, and why
    QList<ServerState> servers;
    bool operator==(const Instance &) const = default;
};

} // namespace gatehouse::link
