// SPDX-License-Identifier: GPL-3.0-or-later
//
// How this process reaches gateways whose directories are behind gateway clients: the endpoint to which their clients
// dial in. There is one endpoint per environment, and whoever opens it registers it here for as long as it is open; where
// another program has it, the place where that one lends connections is registered. Every session to such a gateway then
// goes that way. All functions may be called from any thread.
#pragma once

#include "core/result.h"
#include "link/endpoint.h"

#include <QDeadlineTimer>
#include <QSet>
#include <QUuid>

#include <memory>
#include <optional>

namespace gatehouse::gateway {

struct Route {
    std::shared_ptr<link::Endpoint> endpoint; ///< none: see fault
    std::optional<core::Error> fault;         ///< why the endpoint is not open
    /// Until when a session waits for a first client: those that lost their endpoint need a moment to come back.
    QDeadlineTimer patience{0};
    QString lendingSocket = {}; ///< without an endpoint: where another program may lend (link::borrow())
};

class RouteRegistration {
public:
    RouteRegistration() = default;
    ~RouteRegistration();
    RouteRegistration(const RouteRegistration &) = delete;
    RouteRegistration &operator=(const RouteRegistration &) = delete;

    /// From now on @p route leads to these gateways, and this registration's earlier ones lead nowhere.
    void set(const QSet<QUuid> &gateways, const Route &route);
    void clear() { set({}, {}); }
};

std::optional<Route> routeTo(const QUuid &gateway);

} // namespace gatehouse::gateway
