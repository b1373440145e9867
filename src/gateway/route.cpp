// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/route.h"

#include <QHash>
#include <QMutex>

namespace gatehouse::gateway {

namespace {

struct Entry {
    const RouteRegistration *owner = nullptr;
    Route route;
};

struct Routes {
    QMutex mutex;
    QHash<QUuid, Entry> entries;
};

Routes &routes()
{
    static Routes all;
    return all;
}

} // namespace

RouteRegistration::~RouteRegistration()
{
    clear();
}

void RouteRegistration::set(const QSet<QUuid> &gateways, const Route &route)
{
    QHash<QUuid, Entry> gone; // an endpoint that nobody holds any more ends outside of the lock
    const QMutexLocker lock(&routes().mutex);
    for (auto it = routes().entries.begin(); it != routes().entries.end();) {
        if (it->owner == this) {
            gone.insert(it.key(), *it);
            it = routes().entries.erase(it);
        } else {
            ++it;
        }
    }
    for (const QUuid &gateway : gateways)
        routes().entries.insert(gateway, {this, route});
}

std::optional<Route> routeTo(const QUuid &gateway)
{
    const QMutexLocker lock(&routes().mutex);
    const auto found = routes().entries.constFind(gateway);
    return found == routes().entries.cend() ? std::nullopt : std::make_optional(found->route);
}

} // namespace gatehouse::gateway
