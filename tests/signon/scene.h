// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment with one gateway and its user types, and sign-ons through it, for tests with any directory. Made and used
// in one thread.
#pragma once

#include "signon/attempt.h"
#include "store/auditlog.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/relations.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace gatehouse::test {

class Scene {
public:
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("test.gatehouse"));
    core::Configuration configuration;
    std::unique_ptr<store::Environment> environment;

    /// One population "People", one gateway "Directory" that binds as @p bindDn, and no user type yet.
    bool begin(const QString &hostAndPort, core::Vendor vendor, const QString &bindDn, const QByteArray &password,
               const QString &caFile)
    {
        QFile file(folder.filePath(QStringLiteral("secret")));
        if (!file.open(QIODevice::WriteOnly) || file.write(password) != password.size())
            return false;
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        auto opened = store::Environment::open(path, store::Environment::Access::Create);
        if (!opened) {
            qWarning("environment: %s", qPrintable(opened.error().text()));
            return false;
        }
        environment = *std::move(opened);
        configuration.populations = {{0, {}, QStringLiteral("People"), {}, true}, {0, {}, QStringLiteral("Guests"), {}, false}};
        core::Gateway gateway;
        gateway.name = QStringLiteral("Directory");
        gateway.vendor = vendor;
        gateway.serversHostAndPort = {hostAndPort};
        gateway.connectionSecurity = core::ConnectionSecurity::Tls;
        gateway.caCertificateFile = caFile;
        gateway.bindDn = bindDn;
        gateway.bindPassword = {core::SecretReference::Kind::File, file.fileName()};
        configuration.gateways = {gateway};
        return save();
    }

    bool save()
    {
        const auto saved = environment->configurations().save(configuration);
        if (!saved) {
            for (const core::Error &error : saved.error())
                qWarning("configuration: %s", qPrintable(error.text()));
            return false;
        }
        auto loaded = environment->configurations().load();
        if (loaded)
            configuration = *std::move(loaded);
        return loaded.has_value();
    }

    core::Gateway &gateway() { return configuration.gateways[0]; }
    core::UserType &userType(int index = 0) { return gateway().userTypes[index]; }

    /// A user type that makes users and, by @p groups, their groups.
    static core::UserType migrating(const char *name, const QString &base, const char *filter, const char *username,
                                    const char *groups)
    {
        core::UserType type = readThrough(name, base, {QStringLiteral("dn"), QString::fromLatin1(username)});
        core::NewUserLookup lookup;
        lookup.ldapFilterPattern = QString::fromLatin1(filter);
        lookup.population = QStringLiteral("People");
        lookup.attributeMappings = {map("username", username), map("email", "mail"), map("name.family", "sn"),
                                    map("externalGroupNames", groups)};
        type.newUserLookup = lookup;
        return type;
    }
    static core::UserType readThrough(const char *name, const QString &base, const QStringList &links)
    {
        core::UserType type;
        type.name = QString::fromLatin1(name);
        type.searchBaseDn = base;
        type.orderedCorrelationAttributes = links;
        return type;
    }
    static core::UserTypeMapping map(const char *name, const char *attribute)
    {
        return {QString::fromLatin1(name), QStringLiteral("${ldapAttributes.%1}").arg(QString::fromLatin1(attribute))};
    }

    signon::Request request(const QString &identifier, const QByteArray &password) const
    {
        signon::Request request;
        request.gateway = QStringLiteral("Directory");
        request.identifier = identifier;
        request.password = core::Secret(password);
        request.refusalPace = std::chrono::milliseconds(0);
        return request;
    }
    signon::Report run(const signon::Request &request)
    {
        auto report = signon::Attempt(*environment, request, {}).run();
        if (report)
            return *std::move(report);
        signon::Report failed;
        failed.error = report.error();
        failed.reason = QStringLiteral("NOT RUN ") + report.error().text();
        return failed;
    }
    signon::Report signOn(const char *identifier, const QByteArray &password)
    {
        return run(request(QString::fromUtf8(identifier), password));
    }
    signon::Report simulate(const char *identifier)
    {
        signon::Request asked = request(QString::fromUtf8(identifier), {});
        asked.simulate = true;
        return run(asked);
    }

    std::optional<core::User> user(const char *username)
    {
        auto found = environment->identities().userByKey(QString::fromUtf8(username));
        return found ? std::optional(*found) : std::nullopt;
    }
    QString value(const char *username, const char *attribute)
    {
        const auto found = user(username);
        return found ? found->values.text(environment->catalog()->find(QString::fromLatin1(attribute))) : QStringLiteral("(nobody)");
    }
    /// Display names, each with "*" where the membership is through another group.
    QStringList groupsOf(const char *username)
    {
        const auto found = user(username);
        QStringList names;
        if (!found)
            return {QStringLiteral("(nobody)")};
        const auto groups = store::groupsOfUser(environment->database(), found->row);
        for (const core::Group &group : *groups)
            names.append(group.displayName);
        names.sort();
        return names;
    }
    QByteArray hashOf(const char *username)
    {
        const auto found = user(username);
        return found ? *environment->signOns().passwordHash(found->row) : QByteArray("(nobody)");
    }
    store::AuditEvent lastAudit() { return environment->audit().list(0, 1)->value(0); }
};

} // namespace gatehouse::test

/// Fails with the report's reason where the outcome is another.
#define COMPARE_OUTCOME(report, expected)                                                                              \
    do {                                                                                                               \
        const gatehouse::signon::Report &compared = (report);                                                          \
        QVERIFY2(compared.outcome == gatehouse::signon::Outcome::expected,                                             \
                 qPrintable(gatehouse::signon::outcomeName(compared.outcome) + QStringLiteral(": ") + compared.reason)); \
    } while (false)
