// SPDX-License-Identifier: GPL-3.0-or-later
//
// A directory, an environment and one rule between them, for tests of whole runs. Made and used in one thread.
#pragma once

#include "core/config/configuration.h"
#include "provision/run.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/reader.h"
#include "tests/support/slapd.h"

#include <QEventLoop>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

namespace gatehouse::test {

class Scenario {
public:
    static constexpr int kRunDeadlineMs = 60'000;

    explicit Scenario(const Slapd::Options &options = {}) : slapd(options) {}

    Slapd slapd;
    QTemporaryDir folder;
    core::Configuration configuration;
    std::unique_ptr<store::Environment> environment;

    /// Loads @p ldif, starts the directory and saves a configuration that reads all of ou=people.
    bool begin(const QByteArray &ldif)
    {
        if (!slapd.load(ldif) || !slapd.start()) {
            qWarning("slapd: %s", qPrintable(slapd.errorText()));
            return false;
        }
        auto opened = store::Environment::open(path(), store::Environment::Access::Create);
        if (!opened) {
            qWarning("environment: %s", qPrintable(opened.error().text()));
            return false;
        }
        environment = *std::move(opened);

        core::Population people;
        people.name = QStringLiteral("People");
        people.isDefault = true;
        configuration.populations = {people};
        core::Gateway gateway;
        gateway.name = QStringLiteral("Directory");
        gateway.serversHostAndPort = {slapd.hostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::None;
        gateway.bindDn = slapd.bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
        configuration.gateways = {gateway};
        core::Connection connection;
        connection.name = QStringLiteral("Directory");
        connection.gateway = gateway.name;
        connection.users.deprovision.enabled = true;
        configuration.connections = {connection};
        core::Rule rule;
        rule.name = QStringLiteral("People in");
        rule.connection = connection.name;
        rule.scope.baseDn = QStringLiteral("ou=people,") + slapd.baseDn();
        rule.mappings.users = {map("username", "uid"), map("name.given", "givenName"), map("name.family", "sn"),
                                  map("email", "mail"), map("title", "title"), map("enabled", "active")};
        configuration.rules = {rule};
        return save();
    }

    static core::AttributeMapping map(const char *target, const char *source)
    {
        return {QString::fromLatin1(target), QString::fromLatin1(source), {}, core::MappingWhen::Always};
    }

    core::Gateway &gateway() { return configuration.gateways[0]; }
    core::Connection &connection() { return configuration.connections[0]; }
    core::Rule &rule() { return configuration.rules[0]; }

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

    provision::RunOutcome run(bool apply, const QString &user = {}, const std::function<void(provision::Run &)> &meanwhile = {})
    {
        provision::RunRequest request;
        request.apply = apply;
        request.userKey = user;
        return this->run(request, meanwhile);
    }
    provision::RunOutcome run(provision::RunRequest request, const std::function<void(provision::Run &)> &meanwhile = {})
    {
        if (request.rule.isEmpty())
            request.rule = rule().name;
        provision::Run run(*environment, request);
        provision::RunOutcome outcome;
        bool finished = false;
        QEventLoop loop;
        QObject::connect(&run, &provision::Run::finished, &loop, [&](const provision::RunOutcome &result) {
            outcome = result;
            finished = true;
            loop.quit();
        });
        if (meanwhile)
            QObject::connect(&run, &provision::Run::progressed, &loop, [&] { meanwhile(run); });
        QTimer::singleShot(kRunDeadlineMs, &loop, &QEventLoop::quit);
        QTimer::singleShot(0, &run, [&] { run.start(); });
        loop.exec();
        if (!finished)
            qWarning("the run did not end in %d ms", kRunDeadlineMs);
        return outcome;
    }
    provision::RunOutcome plan(const QString &user = {}) { return run(false, user); }
    provision::RunOutcome apply(const QString &user = {}) { return run(true, user); }

    /// The only step of a plan about @p username (or, for failures, about the entry whose DN holds it).
    static core::Step stepOf(const provision::RunOutcome &outcome, const QString &username)
    {
        core::Step found;
        if (!outcome.plan || outcome.plan->size() == 0)
            return found;
        const auto steps = outcome.plan->steps(0, outcome.plan->size());
        for (const core::Step &step : *steps) {
            if (step.target.text() == username || step.source.text().contains(username))
                return step;
        }
        return found;
    }

    qint64 userCount() { return *environment->identities().userCount(); }
    QString value(const QString &username, const char *attribute)
    {
        const auto user = environment->identities().userByKey(username);
        return user ? user->values.text(environment->catalog()->find(QString::fromLatin1(attribute))) : QStringLiteral("(nobody)");
    }

    QString path() const { return folder.filePath(QStringLiteral("test.gatehouse")); }
};

} // namespace gatehouse::test
