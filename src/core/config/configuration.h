// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment's configuration as one value: populations, custom attributes, gateways with their user types,
// connections, rules. The window, the command line and the file all change it in the same way: take the value,
// change it, validate it whole, save it whole (store::Configurations). Things refer to each other by name, as in the
// file; rename() keeps references. Pure values, any thread; nothing here touches a file or a secret. Headers that
// hold no whole configuration forward-declare it, or include the section that they hold.
#pragma once

#include "core/config/connection.h"
#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "core/identity.h"

#include <QList>

namespace gatehouse::core {

struct Configuration {
    QList<Population> populations;
    QList<AttributeDefinition> attributes;
    QList<Gateway> gateways;
    QList<Connection> connections;
    QList<Rule> rules;

    const Population *population(const QString &name) const;
    const Population *defaultPopulation() const;
    const Gateway *gateway(const QString &name) const;
    const Connection *connection(const QString &name) const;
    const Rule *rule(const QString &name) const;
    bool operator==(const Configuration &) const = default;
};

} // namespace gatehouse::core
