// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/clientneed.h"

#include "core/config/configuration.h"

#include <algorithm>

namespace gatehouse::provision {

using link::Need;

Need needOf(const core::Connection &connection, const core::Rule &rule)
{
    return connection.groups.memberships && !rule.scope.groupOrganizationalUnits.isEmpty() ? Need::GroupMemberships
                                                                                  : Need::InboundProvisioning;
}

Need needOf(const core::Configuration &configuration, const core::Connection &connection)
{
    Need most = Need::InboundProvisioning;
    for (const core::Rule &rule : configuration.rules) {
        if (rule.connection == connection.name)
            most = std::max(most, needOf(connection, rule));
    }
    return most;
}

Need needOf(const core::Configuration &configuration, const core::Gateway &gateway)
{
    Need most = Need::Lookup;
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name)
            most = std::max(most, needOf(*connection, rule));
    }
    return most;
}

} // namespace gatehouse::provision
