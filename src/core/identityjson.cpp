// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/externallink.h"
#include "core/identity.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::core {

namespace {

QString timestamp(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonValue parsed(const QString &json)
{
    return QJsonDocument::fromJson('[' + json.toUtf8() + ']').array().at(0);
}

QJsonValue valueOf(const AttributeDefinition &definition, const Value &value)
{
    if (definition.type != AttributeType::Json)
        return toJson(value);
    if (const auto *list = std::get_if<QStringList>(&value)) {
        QJsonArray array;
        for (const QString &one : *list)
            array.append(parsed(one));
        return array;
    }
    const auto *one = std::get_if<QString>(&value);
    return one ? parsed(*one) : toJson(value);
}

} // namespace

QJsonObject toJson(const User &user, const AttributeCatalog &catalog, const Population &population)
{
    QJsonObject json;
    if (!user.id.isNull())
        json.insert(QStringLiteral("id"), user.id.toString(QUuid::WithoutBraces));
    json.insert(QStringLiteral("population"),
                QJsonObject{{QStringLiteral("id"), population.id.toString(QUuid::WithoutBraces)},
                            {QStringLiteral("name"), population.name}});
    for (const auto &[number, value] : user.values) {
        if (number < 0 || number >= catalog.size())
            continue;
        const AttributeDefinition &definition = catalog.at(number);
        const qsizetype dot = definition.schemaType == SchemaType::Custom ? -1 : definition.name.indexOf(u'.');
        if (dot < 0) {
            json.insert(definition.name, valueOf(definition, value));
            continue;
        }
        const QString outer = definition.name.first(dot);
        QJsonObject inner = json.value(outer).toObject();
        inner.insert(definition.name.sliced(dot + 1), valueOf(definition, value));
        json.insert(outer, inner);
    }
    if (!user.authorityGateway.isEmpty()) {
        const QJsonObject gateway{
            {QStringLiteral("type"), QStringLiteral("LDAP")},
            {QStringLiteral("name"), user.authorityGateway},
            {QStringLiteral("userType"), QJsonObject{{QStringLiteral("name"), user.authorityUserType}}}};
        json.insert(QStringLiteral("password"),
                    QJsonObject{{QStringLiteral("external"), QJsonObject{{QStringLiteral("gateway"), gateway}}}});
    }
    if (user.lastSignOnAt.isValid())
        json.insert(QStringLiteral("lastSignOn"),
                    QJsonObject{{QStringLiteral("at"), timestamp(user.lastSignOnAt)}});
    if (user.createdAt.isValid())
        json.insert(QStringLiteral("createdAt"), timestamp(user.createdAt));
    if (user.updatedAt.isValid())
        json.insert(QStringLiteral("updatedAt"), timestamp(user.updatedAt));
    return json;
}

QJsonObject withExternalLink(QJsonObject user, const ExternalLink &link)
{
    const QString passwordKey = QStringLiteral("password");
    const QString externalKey = QStringLiteral("external");
    const QString gatewayKey = QStringLiteral("gateway");
    const QString userTypeKey = QStringLiteral("userType");
    QJsonObject password = user.value(passwordKey).toObject();
    QJsonObject external = password.value(externalKey).toObject();
    QJsonObject gateway = external.value(gatewayKey).toObject();
    if (gateway.isEmpty())
        return user;
    QJsonObject userType = gateway.value(userTypeKey).toObject();
    if (!link.userType.isNull())
        userType.insert(QStringLiteral("id"), link.userType.toString(QUuid::WithoutBraces));
    if (!link.gateway.isNull())
        gateway.insert(QStringLiteral("id"), link.gateway.toString(QUuid::WithoutBraces));
    gateway.insert(userTypeKey, userType);
    if (!link.correlationAttributes.isEmpty())
        gateway.insert(QStringLiteral("correlationAttributes"), link.correlationAttributes);
    external.insert(gatewayKey, gateway);
    password.insert(externalKey, external);
    user.insert(passwordKey, password);
    return user;
}

} // namespace gatehouse::core
