// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "core/dn.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <functional>

namespace gatehouse::core {

namespace {

template <typename T>
const T *named(const QList<T> &things, const QString &name)
{
    const auto at = std::find_if(things.begin(), things.end(), [&](const T &thing) { return thing.name == name; });
    return at == things.end() ? nullptr : &*at;
}

/// Finds the thing that a name means: by the exact name, else by the name in another letter case.
template <typename T>
class Names {
public:
    explicit Names(const QList<T> &things)
    {
        for (const T &thing : things) {
            insertFirst(m_exact, thing.name, &thing);
            insertFirst(m_folded, thing.name.toCaseFolded(), &thing);
        }
    }
    const T *find(const QString &name) const
    {
        const T *exact = m_exact.value(name);
        return exact ? exact : m_folded.value(name.toCaseFolded());
    }

private:
    using Index = QHash<QString, const T *>;
    static void insertFirst(Index &index, const QString &name, const T *thing)
    {
        if (!index.contains(name))
            index.insert(name, thing);
    }
    Index m_exact;
    Index m_folded;
};

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

namespace {

template <typename T>
using Likeness = std::function<bool(const T &known, const T &wanted)>;

/// Gives things of a file the ids of those that they are: by name, else, for a thing that the file calls by a new name, by
/// what it is. @p alike: the first of these tests that exactly one thing without a namesake passes decides.
template <typename T>
void keepIds(QList<T> &wanted, const QList<T> &known, const QList<Likeness<T>> &alike)
{
    const Names names(known);
    QSet<const T *> found;
    QList<T *> fresh;
    for (T &thing : wanted) {
        const T *same = names.find(thing.name);
        if (!same) {
            fresh.append(&thing);
            continue;
        }
        thing.id = same->id;
        found.insert(same);
    }
    QList<const T *> left;
    for (const T &one : known) {
        if (!found.contains(&one))
            left.append(&one);
    }
    for (const Likeness<T> &isAlike : alike) {
        // Two that are alike cannot be told apart: then neither is taken for a renamed one.
        QList<QPair<const T *, T *>> pairs;
        for (const T *one : std::as_const(left)) {
            for (T *thing : std::as_const(fresh)) {
                if (isAlike(*one, *thing))
                    pairs.append({one, thing});
            }
        }
        for (const auto &[one, thing] : std::as_const(pairs)) {
            const auto claims = std::count_if(pairs.cbegin(), pairs.cend(), [&](const auto &pair) {
                return pair.first == one || pair.second == thing;
            });
            if (claims != 1)
                continue;
            thing->id = one->id;
            left.removeOne(one);
            fresh.removeOne(thing);
        }
    }
}

QString folded(const QStringList &texts)
{
    QStringList sorted = texts;
    sorted.sort();
    return sorted.join(u'\n').toCaseFolded();
}

/// The same but for what it is called.
template <typename T>
bool isSameButNamed(T one, const T &other, QStringList without)
{
    without << QStringLiteral("name") << QStringLiteral("description");
    QJsonObject left = toJson(one);
    QJsonObject right = toJson(other);
    for (const QString &key : std::as_const(without)) {
        left.remove(key);
        right.remove(key);
    }
    return left == right;
}

void keepUserTypes(Gateway &gateway, const Gateway &known)
{
    const auto same = [](const UserType &one, const UserType &other) {
        UserType renamed = one;
        renamed.name = other.name;
        renamed.id = other.id;
        return renamed == other;
    };
    const auto samePeople = [](const UserType &one, const UserType &other) {
        const auto pattern = [](const UserType &type) { return type.newUserLookup ? type.newUserLookup->ldapFilterPattern : QString(); };
        return dnKey(one.searchBaseDn.toUtf8()) == dnKey(other.searchBaseDn.toUtf8()) && pattern(one) == pattern(other)
               && folded(one.orderedCorrelationAttributes) == folded(other.orderedCorrelationAttributes);
    };
    keepIds<UserType>(gateway.userTypes, known.userTypes, {same, samePeople});
}

void keepGateways(QList<Gateway> &gateways, const QList<Gateway> &known)
{
    const auto sameDirectory = [](const Gateway &one, const Gateway &other) {
        return one.type == other.type && one.vendor == other.vendor && !one.serversHostAndPort.isEmpty()
               && folded(one.serversHostAndPort) == folded(other.serversHostAndPort);
    };
    keepIds<Gateway>(gateways, known,
                     {[](const Gateway &one, const Gateway &other) { return isSameButNamed(one, other, {}); }, sameDirectory});
    for (Gateway &gateway : gateways) {
        for (const Gateway &one : known) {
            if (one.id == gateway.id && !one.id.isNull())
                keepUserTypes(gateway, one);
        }
    }
}

/// Things refer to each other by name: the same one may be called otherwise on the two sides.
template <typename T>
QUuid idOf(const QList<T> &things, const QString &name)
{
    const T *thing = named(things, name);
    return thing ? thing->id : QUuid();
}

void keepConnections(Configuration &merged, const Configuration &current)
{
    const auto sameGateway = [&](const Connection &one, const Connection &other) {
        const QUuid id = idOf(current.gateways, one.gateway);
        return !id.isNull() && id == idOf(merged.gateways, other.gateway);
    };
    const auto same = [&](const Connection &one, const Connection &other) {
        return sameGateway(one, other) && isSameButNamed(one, other, {QStringLiteral("gateway")});
    };
    keepIds<Connection>(merged.connections, current.connections, {same, sameGateway});
}

void keepRules(Configuration &merged, const Configuration &current)
{
    const auto sameConnection = [&](const Rule &one, const Rule &other) {
        const QUuid id = idOf(current.connections, one.connection);
        return !id.isNull() && id == idOf(merged.connections, other.connection);
    };
    const auto same = [&](const Rule &one, const Rule &other) {
        return sameConnection(one, other) && isSameButNamed(one, other, {QStringLiteral("connection")});
    };
    const auto samePeople = [&](const Rule &one, const Rule &other) {
        const auto units = [](const Rule &rule) {
            QStringList keys;
            for (const QString &unit : rule.scope.userOrganizationalUnits)
                keys.append(QString::fromUtf8(dnKey(unit.toUtf8())));
            return folded(keys);
        };
        return sameConnection(one, other) && one.direction == other.direction
               && one.scope.userFilter == other.scope.userFilter
               && dnKey(one.scope.baseDn.toUtf8()) == dnKey(other.scope.baseDn.toUtf8()) && units(one) == units(other);
    };
    keepIds<Rule>(merged.rules, current.rules, {same, samePeople});
}

} // namespace

Configuration merge(const Configuration &current, const Configuration &file, const QStringList &sections)
{
    Configuration merged = current;
    if (sections.contains(QStringLiteral("populations"))) {
        merged.populations = file.populations;
        const Names known(current.populations);
        for (Population &population : merged.populations) {
            if (const Population *same = known.find(population.name)) {
                population.id = same->id;
                population.row = same->row;
            }
        }
    }
    if (sections.contains(QStringLiteral("attributes")))
        merged.attributes = file.attributes;
    if (sections.contains(QStringLiteral("gateways"))) {
        merged.gateways = file.gateways;
        keepGateways(merged.gateways, current.gateways);
    }
    if (sections.contains(QStringLiteral("connections"))) {
        merged.connections = file.connections;
        keepConnections(merged, current);
    }
    if (sections.contains(QStringLiteral("rules"))) {
        merged.rules = file.rules;
        keepRules(merged, current);
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
