// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/json.h"

#include "core/config/configuration.h"
#include "core/config/tables.h"
#include "core/jsontext.h"

namespace gatehouse::core {

namespace {

void collectKeys(const Keys &keys, const QString &path, QStringList &found)
{
    for (const Key &row : keys.rows) {
        const QString place = path.isEmpty() ? row.name : path + u'.' + row.name;
        found.append(place);
        if (row.inner)
            collectKeys(*row.inner, row.isList ? place + QStringLiteral("[]") : place, found);
    }
}

} // namespace

tl::expected<Configuration, QList<Error>> parseConfiguration(const QByteArray &json)
{
    const auto document = readJson(json);
    if (!document)
        return tl::unexpected(QList<Error>{document.error()});
    Faults faults{repeatedKeys(json)};
    Configuration configuration;
    readThing(configurationTable(),
              document->isObject() ? QJsonValue(document->object()) : QJsonValue(document->array()), Place(), faults,
              &configuration);
    if (!faults.list.isEmpty())
        return tl::unexpected(faults.list);
    return configuration;
}

QStringList sectionsOf(const QByteArray &json)
{
    const auto document = readJson(json);
    QStringList sections = document ? document->object().keys() : QStringList();
    sections.removeAll(QStringLiteral("$schema"));
    return sections;
}

QStringList configurationKeys()
{
    QStringList keys;
    collectKeys(configurationTable(), {}, keys);
    keys.sort();
    return keys;
}

QJsonObject toJson(const Configuration &configuration)
{
    return writeThing(configurationTable(), &configuration);
}

QJsonObject toJson(const Gateway &gateway)
{
    return writeThing(gatewayTable(), &gateway);
}

QJsonObject toJson(const Connection &connection)
{
    return writeThing(connectionTable(), &connection);
}

QJsonObject toJson(const Rule &rule)
{
    return writeThing(ruleTable(), &rule);
}

} // namespace gatehouse::core
