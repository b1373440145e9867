// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"

#include <QJsonArray>
#include <QMap>
#include <QSet>

#include <algorithm>

namespace gatehouse::core {

namespace {

/// The key by which elements of an array are told apart: things have names, rows of a rule's mapping have targets,
/// RADIUS clients have addresses.
QString keyOf(const QJsonArray &array)
{
    for (const QString &key : {QStringLiteral("name"), QStringLiteral("target"), QStringLiteral("ip")}) {
        const bool all = !array.isEmpty() && std::all_of(array.begin(), array.end(), [&](const QJsonValue &element) {
            return element.toObject().contains(key);
        });
        if (all)
            return key;
    }
    return {};
}

QString identity(const QJsonValue &element, const QString &key)
{
    return element.toObject().value(key).toString().toCaseFolded();
}

class Comparison {
public:
    QList<ConfigurationChange> changes;

    void compare(const QString &path, const QJsonValue &before, const QJsonValue &after)
    {
        if (before == after)
            return;
        if (before.isObject() && after.isObject()) {
            compareObjects(path, before.toObject(), after.toObject());
            return;
        }
        if (before.isArray() && after.isArray()) {
            const QJsonArray from = before.toArray();
            const QJsonArray to = after.toArray();
            const QString key = keyOf(from.isEmpty() ? to : from);
            if (!key.isEmpty() && (to.isEmpty() || keyOf(to) == key)) {
                compareThings(path, key, from, to);
                return;
            }
        }
        changes.append({path, before, after});
    }

private:
    void compareObjects(const QString &path, const QJsonObject &before, const QJsonObject &after)
    {
        QStringList keys = before.keys() + after.keys();
        keys.sort();
        keys.removeDuplicates();
        for (const QString &key : std::as_const(keys))
            compare(path.isEmpty() ? key : path + u'.' + key, before.value(key), after.value(key));
    }

    void compareThings(const QString &path, const QString &key, const QJsonArray &before, const QJsonArray &after)
    {
        QMap<QString, QJsonValue> wanted;
        for (const QJsonValue &element : after)
            wanted.insert(identity(element, key), element);
        QSet<QString> kept;
        for (const QJsonValue &element : before) {
            const QString place = path + u'[' + element.toObject().value(key).toString() + u']';
            const QString name = identity(element, key);
            const auto at = wanted.constFind(name);
            if (at == wanted.constEnd()) {
                changes.append({place, element, QJsonValue(QJsonValue::Undefined)});
                continue;
            }
            kept.insert(name);
            compare(place, element, *at);
        }
        for (const QJsonValue &element : after) {
            if (!kept.contains(identity(element, key)))
                changes.append({path + u'[' + element.toObject().value(key).toString() + u']',
                                QJsonValue(QJsonValue::Undefined), element});
        }
        compareOrder(path, key, before, after);
    }

    /// The order in which user types stand is the order in which they are tried; elsewhere order means nothing.
    void compareOrder(const QString &path, const QString &key, const QJsonArray &before, const QJsonArray &after)
    {
        if (!path.endsWith(QStringLiteral(".userTypes")))
            return;
        const auto names = [&](const QJsonArray &array, const QJsonArray &other) {
            QStringList present;
            for (const QJsonValue &element : other)
                present.append(identity(element, key));
            QJsonArray list;
            for (const QJsonValue &element : array) {
                if (present.contains(identity(element, key)))
                    list.append(element.toObject().value(key).toString().toCaseFolded());
            }
            return list;
        };
        const QJsonArray from = names(before, after);
        const QJsonArray to = names(after, before);
        if (from != to)
            changes.append({path + QStringLiteral("[]"), from, to});
    }
};

/// Renames in @p configuration, with every reference, what @p wanted calls otherwise, and says so.
template <typename T>
void takeNames(Configuration &configuration, const QString &section, QList<T> Configuration::*things, const QList<T> &wanted,
               QList<ConfigurationChange> &changes)
{
    struct Renamed {
        QString from, by, to;
    };
    QList<Renamed> renamed;
    for (const T &thing : configuration.*things) {
        for (const T &other : wanted) {
            if (!thing.id.isNull() && thing.id == other.id && thing.name.toCaseFolded() != other.name.toCaseFolded())
                renamed.append({thing.name, thing.id.toString(), other.name});
        }
    }
    // In two steps, so that two things may exchange their names.
    for (const Renamed &one : std::as_const(renamed))
        configuration = rename(std::move(configuration), section, one.from, one.by);
    for (const Renamed &one : std::as_const(renamed)) {
        configuration = rename(std::move(configuration), section, one.by, one.to);
        changes.append({section + u'[' + one.from + QStringLiteral("].name"), one.from, one.to});
    }
}

void takeUserTypeNames(Configuration &configuration, const Configuration &wanted, QList<ConfigurationChange> &changes)
{
    for (const Gateway &gateway : wanted.gateways) {
        const Gateway *before = configuration.gateway(gateway.name);
        if (!before)
            continue;
        const QList<UserType> types = before->userTypes;
        for (const UserType &type : types) {
            for (const UserType &other : gateway.userTypes) {
                if (type.id.isNull() || type.id != other.id || type.name.toCaseFolded() == other.name.toCaseFolded())
                    continue;
                changes.append({QStringLiteral("gateways[%1].userTypes[%2].name").arg(gateway.name, type.name), type.name, other.name});
                configuration = renameUserType(std::move(configuration), gateway.name, type.name, other.name);
            }
        }
    }
}

} // namespace

QList<ConfigurationChange> difference(const Configuration &current, const Configuration &wanted)
{
    Comparison comparison;
    Configuration named = current;
    takeNames(named, QStringLiteral("gateways"), &Configuration::gateways, wanted.gateways, comparison.changes);
    takeUserTypeNames(named, wanted, comparison.changes);
    takeNames(named, QStringLiteral("connections"), &Configuration::connections, wanted.connections, comparison.changes);
    takeNames(named, QStringLiteral("rules"), &Configuration::rules, wanted.rules, comparison.changes);
    const QJsonObject before = toJson(named);
    const QJsonObject after = toJson(wanted);
    // In the order in which one section builds on the other, not that of the alphabet.
    for (const QString &section : {QStringLiteral("populations"), QStringLiteral("attributes"),
                                   QStringLiteral("gateways"), QStringLiteral("connections"), QStringLiteral("rules")})
        comparison.compare(section, before.value(section), after.value(section));
    return comparison.changes;
}

} // namespace gatehouse::core
