// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config.h"

#include <QJsonArray>
#include <QMap>

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
        QStringList kept;
        for (const QJsonValue &element : before) {
            const QString place = path + u'[' + element.toObject().value(key).toString() + u']';
            const QString name = identity(element, key);
            const auto at = wanted.constFind(name);
            if (at == wanted.constEnd()) {
                changes.append({place, element, QJsonValue(QJsonValue::Undefined)});
                continue;
            }
            kept.append(name);
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

} // namespace

QList<ConfigurationChange> difference(const Configuration &current, const Configuration &wanted)
{
    Comparison comparison;
    const QJsonObject before = toJson(current);
    const QJsonObject after = toJson(wanted);
    // In the order in which one section builds on the other, not that of the alphabet.
    for (const QString &section : {QStringLiteral("populations"), QStringLiteral("attributes"),
                                   QStringLiteral("gateways"), QStringLiteral("connections"), QStringLiteral("rules")})
        comparison.compare(section, before.value(section), after.value(section));
    return comparison.changes;
}

} // namespace gatehouse::core
