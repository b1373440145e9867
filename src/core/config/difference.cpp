// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "core/config/tables.h"

#include <QMap>
#include <QSet>

namespace gatehouse::core {

namespace {

QString identity(const QJsonValue &element, const QString &key)
{
    return element.toObject().value(key).toString().toCaseFolded();
}

class Comparison {
public:
    QList<ConfigurationChange> changes;

    /// What stands under the key of @p row on the two sides.
    void compare(const Key &row, const QString &path, const QJsonValue &before, const QJsonValue &after)
    {
        if (before == after)
            return;
        if (row.isList && !row.inner->identity.isEmpty() && before.isArray() && after.isArray())
            compareThings(row, path, before.toArray(), after.toArray());
        else if (row.inner && !row.isList && before.isObject() && after.isObject())
            compareObjects(*row.inner, path, before.toObject(), after.toObject());
        else
            changes.append({path, before, after});
    }

private:
    void compareObjects(const Keys &keys, const QString &path, const QJsonObject &before, const QJsonObject &after)
    {
        for (const Key &row : keys.rows)
            compare(row, path + u'.' + row.name, before.value(row.name), after.value(row.name));
    }

    void compareThings(const Key &row, const QString &path, const QJsonArray &before, const QJsonArray &after)
    {
        const QString &key = row.inner->identity;
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
            if (element != *at)
                compareObjects(*row.inner, place, element.toObject(), at->toObject());
        }
        for (const QJsonValue &element : after) {
            if (!kept.contains(identity(element, key)))
                changes.append({path + u'[' + element.toObject().value(key).toString() + u']',
                                QJsonValue(QJsonValue::Undefined), element});
        }
        if (row.isOrdered)
            compareOrder(path, key, before, after);
    }

    void compareOrder(const QString &path, const QString &key, const QJsonArray &before, const QJsonArray &after)
    {
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
    for (const Key &section : configurationTable().rows)
        comparison.compare(section, section.name, before.value(section.name), after.value(section.name));
    return comparison.changes;
}

} // namespace gatehouse::core
