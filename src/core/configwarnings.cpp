// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config.h"

namespace gatehouse::core {

QList<Error> warnings(const Configuration &configuration)
{
    QList<Error> found;
    for (qsizetype i = 0; i < configuration.rules.size(); ++i) {
        const Rule &rule = configuration.rules.at(i);
        const Connection *connection = configuration.connection(rule.connection);
        const Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
        if (!rule.onboarding.authenticateViaLdap || !gateway)
            continue;
        for (const UserType &userType : gateway->userTypes) {
            // The rule creates people already: with migration on they would be created, and updated, by both.
            if (userType.name != rule.onboarding.gatewayUserType || !userType.newUserLookup)
                continue;
            found.append({Code::Conflict, QStringLiteral("the rule authenticates by a user type that also migrates users"),
                          QStringLiteral("people come both from the rule \"%1\" and from their first sign-on as \"%2\": use a user "
                                         "type without \"newUserLookup\"").arg(rule.name, userType.name),
                          QStringLiteral("rules[%1].onboarding.gatewayUserType").arg(i)});
        }
    }
    return found;
}

} // namespace gatehouse::core
