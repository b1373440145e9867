// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/rulecontext.h"

#include "core/config/configuration.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/links.h"

#include <QDateTime>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::provision {

namespace {

QList<int> slotsOf(core::SlotNames &names, const QList<QByteArray> &wanted)
{
    QList<int> found;
    for (const QByteArray &name : wanted) {
        const auto same = [&](const QByteArray &other) { return other.compare(name, Qt::CaseInsensitive) == 0; };
        auto at = std::find_if(names.cbegin(), names.cend(), same);
        if (at == names.cend()) {
            names.append(name);
            at = names.cend() - 1;
        }
        found.append(int(at - names.cbegin()));
    }
    return found;
}

core::Result<void> checkSwitchedOn(const core::Rule &rule, const core::Connection &connection,
                                   const core::Gateway &gateway)
{
    const auto off = [](const QString &what, const QString &name) {
        return core::fail(core::Code::Conflict, QStringLiteral("The %1 \"%2\" is switched off").arg(what, name),
                          QStringLiteral("Turn its toggle on, or set \"enabled\": true in the configuration"), name);
    };
    if (!rule.enabled)
        return off(QStringLiteral("rule"), rule.name);
    if (!connection.enabled)
        return off(QStringLiteral("connection"), connection.name);
    if (!gateway.enabled)
        return off(QStringLiteral("gateway"), gateway.name);
    return {};
}

} // namespace

core::Result<RuleContext> resolveRule(store::Environment &environment, const QString &ruleName, Purpose purpose)
{
    auto configuration = environment.configurations().load();
    if (!configuration)
        return core::fail(configuration.error());
    const core::Rule *rule = configuration->rule(ruleName);
    if (!rule)
        return core::fail(core::Code::NotFound, QStringLiteral("There is no rule \"%1\"").arg(ruleName));
    const core::Connection *connection = configuration->connection(rule->connection);
    const core::Gateway *gateway = connection ? configuration->gateway(connection->gateway) : nullptr;
    if (!connection || !gateway) {
        return core::fail(core::Code::InvalidInput,
                          QStringLiteral("The rule \"%1\" has no connection with a gateway").arg(ruleName));
    }
    if (purpose == Purpose::Apply) {
        if (auto on = checkSwitchedOn(*rule, *connection, *gateway); !on)
            return core::fail(on.error());
    }
    auto mapping = core::Mapping::compile(rule->mappings.users, environment.catalog());
    if (!mapping)
        return core::fail(mapping.error().constFirst().in(QStringLiteral("rules[%1]").arg(ruleName)));
    const core::Population *population = rule->onboarding.population.isEmpty()
                                             ? configuration->defaultPopulation()
                                             : configuration->population(rule->onboarding.population);
    if (!population) {
        return core::fail(core::Code::InvalidInput, QStringLiteral("The rule \"%1\" has no population").arg(ruleName));
    }

    RuleContext context{*rule, *connection, *gateway, *std::move(mapping), ldap::Dialect(gateway->vendor)};
    context.now = QDateTime::currentMSecsSinceEpoch();
    core::SlotNames names = context.mapping.sources();
    context.idSlots = slotsOf(names, context.dialect.idAttributes());
    context.activeSlots = slotsOf(names, context.dialect.activeAttributes());
    context.slotNames = std::make_shared<const core::SlotNames>(std::move(names));
    auto scope = scopeOf(*rule, context.dialect);
    if (!scope)
        return core::fail(scope.error().in(QStringLiteral("rules[%1]").arg(ruleName)));
    context.scope = *std::move(scope);

    // What an entry's fingerprint must change with, besides the entry: the mapping, and what the preferences let by.
    const QByteArray preferences = QByteArray(1, char('0' + connection->users.update))
                                   + char('0' + connection->users.disable) + context.slotNames->join(',');
    context.fingerprint = context.mapping.fingerprint()
                          ^ XXH3_64bits(preferences.constData(), size_t(preferences.size()));

    auto ruleRow = environment.links().ruleRow(rule->id);
    if (!ruleRow)
        return core::fail(ruleRow.error());
    context.apply.gateway = gateway->id;
    context.ruleRow = *ruleRow;
    context.frame.population = population->id;
    if (rule->onboarding.authenticateViaLdap) {
        const QString &name = rule->onboarding.gatewayUserType;
        const auto type = std::find_if(gateway->userTypes.cbegin(), gateway->userTypes.cend(),
                                       [&](const core::UserType &one) { return one.name == name; });
        const QUuid typeId = type == gateway->userTypes.cend() ? QUuid() : type->id;
        context.frame.authority = core::Authority{gateway->id, typeId, gateway->name, name};
    }
    context.basis = PlanBasis(*rule, *connection, *gateway, population->row);
    for (const core::Rule &other : std::as_const(configuration->rules)) {
        const core::Connection *theirs = configuration->connection(other.connection);
        if (other.id == rule->id || !other.enabled || other.direction != core::Direction::Inbound || !theirs
            || !theirs->enabled || theirs->gateway != gateway->name)
            continue;
        auto row = environment.links().ruleRow(other.id);
        if (!row)
            return core::fail(row.error());
        // One that cannot be read by means nobody.
        if (auto theirScope = scopeOf(other, context.dialect))
            context.otherRules.insert(*row, {*std::move(theirScope)});
    }
    return context;
}

} // namespace gatehouse::provision
