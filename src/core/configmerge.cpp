// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config.h"

#include <algorithm>

namespace gatehouse::core {

namespace {

template <typename T>
const T *named(const QList<T> &things, const QString &name)
{
    const auto at = std::find_if(things.begin(), things.end(), [&](const T &thing) { return thing.name == name; });
    return at == things.end() ? nullptr : &*at;
}

/// The thing of @p things that @p name means: by the exact name, else by the name in another letter case.
template <typename T>
const T *sameThing(const QList<T> &things, const QString &name)
{
    if (const T *exact = named(things, name))
        return exact;
    const QString folded = name.toCaseFolded();
    const auto at = std::find_if(things.begin(), things.end(),
                                 [&](const T &thing) { return thing.name.toCaseFolded() == folded; });
    return at == things.end() ? nullptr : &*at;
}

void replaceName(QString &reference, const QString &from, const QString &to)
{
    if (reference == from)
        reference = to;
}

template <typename T>
void renameIn(QList<T> &things, const QString &from, const QString &to)
{
    for (T &thing : things)
        replaceName(thing.name, from, to);
}

AttributeMapping row(const char *target, const char *source)
{
    return {QString::fromLatin1(target), QString::fromLatin1(source), {}, MappingWhen::Always};
}

} // namespace

const Population *Configuration::population(const QString &name) const
{
    return named(populations, name);
}

const Population *Configuration::defaultPopulation() const
{
    const auto at = std::find_if(populations.begin(), populations.end(),
                                 [](const Population &population) { return population.isDefault; });
    return at == populations.end() ? nullptr : &*at;
}

const Gateway *Configuration::gateway(const QString &name) const
{
    return named(gateways, name);
}

const Connection *Configuration::connection(const QString &name) const
{
    return named(connections, name);
}

const Rule *Configuration::rule(const QString &name) const
{
    return named(rules, name);
}

Configuration merge(const Configuration &current, const Configuration &file, const QStringList &sections)
{
    Configuration merged = current;
    if (sections.contains(QStringLiteral("populations"))) {
        merged.populations = file.populations;
        for (Population &population : merged.populations) {
            if (const Population *known = sameThing(current.populations, population.name)) {
                population.id = known->id;
                population.row = known->row;
            }
        }
    }
    if (sections.contains(QStringLiteral("attributes")))
        merged.attributes = file.attributes;
    if (sections.contains(QStringLiteral("gateways"))) {
        merged.gateways = file.gateways;
        for (Gateway &gateway : merged.gateways) {
            const Gateway *known = sameThing(current.gateways, gateway.name);
            if (!known)
                continue;
            gateway.id = known->id;
            for (UserType &userType : gateway.userTypes) {
                if (const UserType *knownType = sameThing(known->userTypes, userType.name))
                    userType.id = knownType->id;
            }
        }
    }
    if (sections.contains(QStringLiteral("connections"))) {
        merged.connections = file.connections;
        for (Connection &connection : merged.connections) {
            if (const Connection *known = sameThing(current.connections, connection.name))
                connection.id = known->id;
        }
    }
    if (sections.contains(QStringLiteral("rules"))) {
        merged.rules = file.rules;
        for (Rule &rule : merged.rules) {
            if (const Rule *known = sameThing(current.rules, rule.name))
                rule.id = known->id;
        }
    }
    return merged;
}

Configuration rename(Configuration configuration, const QString &section, const QString &from, const QString &to)
{
    if (section == QStringLiteral("populations")) {
        renameIn(configuration.populations, from, to);
        for (Gateway &gateway : configuration.gateways) {
            for (UserType &userType : gateway.userTypes) {
                if (userType.newUserLookup)
                    replaceName(userType.newUserLookup->population, from, to);
            }
        }
        for (Rule &rule : configuration.rules)
            replaceName(rule.onboarding.population, from, to);
    } else if (section == QStringLiteral("gateways")) {
        renameIn(configuration.gateways, from, to);
        for (Connection &connection : configuration.connections)
            replaceName(connection.gateway, from, to);
    } else if (section == QStringLiteral("connections")) {
        renameIn(configuration.connections, from, to);
        for (Rule &rule : configuration.rules)
            replaceName(rule.connection, from, to);
    } else if (section == QStringLiteral("rules")) {
        renameIn(configuration.rules, from, to);
    }
    return configuration;
}

Configuration renameUserType(Configuration configuration, const QString &gateway, const QString &from,
                             const QString &to)
{
    for (Gateway &one : configuration.gateways) {
        if (one.name == gateway)
            renameIn(one.userTypes, from, to);
    }
    for (Rule &rule : configuration.rules) {
        const Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway)
            replaceName(rule.onboarding.gatewayUserType, from, to);
    }
    return configuration;
}

QList<AttributeMapping> defaultInboundMappings(Vendor vendor)
{
    const char *username = vendor == Vendor::ActiveDirectory ? "sAMAccountName" : "uid";
    return {row("username", username), row("name.family", "sn"), row("name.given", "givenName"), row("email", "mail"),
            row("enabled", "active")};
}

} // namespace gatehouse::core
