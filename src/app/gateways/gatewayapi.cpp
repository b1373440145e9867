// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/gatewayapi.h"

#include "core/config/configuration.h"
#include "core/config/json.h"

#include <QJsonArray>

namespace gatehouse::app {

namespace {

QJsonObject withId(QJsonObject json, const QUuid &id)
{
    json.insert(QStringLiteral("id"), id.toString(QUuid::WithoutBraces));
    return json;
}

QJsonArray userTypes(const QJsonArray &written, const core::Gateway &gateway, const core::Configuration &configuration)
{
    QJsonArray types;
    for (qsizetype i = 0; i < written.size() && i < gateway.userTypes.size(); ++i) {
        QJsonObject type = withId(written.at(i).toObject(), gateway.userTypes.at(i).id);
        if (QJsonObject lookup = type.value(QStringLiteral("newUserLookup")).toObject(); !lookup.isEmpty()) {
            lookup.remove(QStringLiteral("nestedGroups"));
            if (const core::Population *population =
                    configuration.population(lookup.value(QStringLiteral("population")).toString()))
                lookup.insert(QStringLiteral("population"), withId({}, population->id));
            type.insert(QStringLiteral("newUserLookup"), lookup);
        }
        types.append(type);
    }
    return types;
}

} // namespace

QJsonObject apiJson(const core::Gateway &gateway, const core::Configuration &configuration)
{
    QJsonObject json = withId(core::toJson(gateway), gateway.id);
    for (const QString &own : {QStringLiteral("mode"), QStringLiteral("caCertificateFile"),
                               QStringLiteral("pinnedCertificateSha256"), QStringLiteral("bindMechanism"),
                               QStringLiteral("bindPassword"),
                               QStringLiteral("defaultSharedSecret")})
        json.remove(own);
    if (gateway.type == core::GatewayType::Radius) {
        for (const QString &ldap : {QStringLiteral("vendor"), QStringLiteral("serversHostAndPort"),
                                    QStringLiteral("connectionSecurity"), QStringLiteral("validateTlsCertificates"),
                                    QStringLiteral("followReferrals"), QStringLiteral("userTypes")})
            json.remove(ldap);
        QJsonArray clients;
        for (const QJsonValue &client : json.value(QStringLiteral("radiusClients")).toArray()) {
            QJsonObject one = client.toObject();
            one.remove(QStringLiteral("sharedSecret"));
            clients.append(one);
        }
        json.insert(QStringLiteral("radiusClients"), clients);
        return json;
    }
    // One certificate that is trusted in place of a chain is not what PingOne calls validated.
    json.insert(QStringLiteral("validateTlsCertificates"),
                gateway.validateTlsCertificates && gateway.pinnedCertificateSha256.isEmpty());
    if (QJsonObject kerberos = json.value(QStringLiteral("kerberos")).toObject(); !kerberos.isEmpty()) {
        kerberos.remove(QStringLiteral("serviceAccountPassword"));
        if (gateway.kerberos->minutesToRetainPreviousCredentials == 0)
            kerberos.remove(QStringLiteral("minutesToRetainPreviousCredentials"));
        json.insert(QStringLiteral("kerberos"), kerberos);
    }
    json.insert(QStringLiteral("userTypes"),
                userTypes(json.value(QStringLiteral("userTypes")).toArray(), gateway, configuration));
    return json;
}

} // namespace gatehouse::app
