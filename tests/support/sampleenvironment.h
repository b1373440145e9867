// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fills an environment with people, groups, a gateway and a rule, so that pages have something to show. The same each
// time: names come from lists, not from chance.
#pragma once

#include "core/config/configuration.h"
#include "core/plan/step.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/links.h"
#include "store/runs.h"

#include <QDateTime>

#include <array>

namespace gatehouse::tests {

inline core::Configuration sampleConfiguration()
{
    core::Configuration configuration;
    configuration.populations = {{0, {}, QStringLiteral("Employees"), QStringLiteral("Everybody on the payroll"), true},
                                 {0, {}, QStringLiteral("Guests"), QStringLiteral("Contractors and visitors"), false},
                                 {0, {}, QStringLiteral("Partners"), {}, false}};
    core::AttributeDefinition badge;
    badge.name = QStringLiteral("badgeNumber");
    badge.displayName = QStringLiteral("Badge Number");
    badge.schemaType = core::SchemaType::Custom;
    badge.pattern = QStringLiteral("[0-9]{4,6}");
    badge.description = QStringLiteral("Four to six digits, as printed on the badge.");
    configuration.attributes = {badge};
    core::Gateway gateway;
    gateway.name = QStringLiteral("Head office");
    gateway.enabled = true;
    gateway.vendor = core::Vendor::ActiveDirectory;
    gateway.serversHostAndPort = {QStringLiteral("dc1.example.com:636"), QStringLiteral("dc2.example.com:636")};
    gateway.bindDn = QStringLiteral("CN=svc,OU=Services,DC=example,DC=com");
    gateway.bindPassword = {core::SecretReference::Kind::Environment, QStringLiteral("AD_PASSWORD")};
    configuration.gateways = {gateway};
    core::Connection connection;
    connection.name = QStringLiteral("Head office");
    connection.gateway = gateway.name;
    configuration.connections = {connection};
    core::Rule rule;
    rule.name = QStringLiteral("Staff in");
    rule.connection = connection.name;
    rule.scope.baseDn = QStringLiteral("DC=example,DC=com");
    rule.scope.userOrganizationalUnits = {QStringLiteral("OU=Staff,DC=example,DC=com")};
    rule.mappings.users = {{QStringLiteral("username"), QStringLiteral("sAMAccountName"), {}, {}},
                              {QStringLiteral("name.family"), QStringLiteral("sn"), {}, {}}};
    rule.onboarding.population = QStringLiteral("Employees");
    configuration.rules = {rule};
    return configuration;
}

/// The steps of a run that creates @p count people, from number @p start on.
inline std::vector<core::Step> samplePeople(int start, int count, const QUuid &gateway, const QUuid &rule, const QUuid &population)
{
    static constexpr std::array given{u"Zoë", u"Søren", u"Nikolai", u"Katarzyna", u"Anna",  u"Tomás",
                                      u"Li",  u"Amara", u"Hiroshi", u"Fatima",    u"Oliver", u"Ngọc"};
    static constexpr std::array family{u"Müller",  u"Ångström", u"Petrov", u"D'Angelo", u"Okafor", u"García Márquez",
                                       u"Nguyễn",  u"Smith",    u"Tanaka", u"Haddad",   u"O'Brien", u"Zimmermann-Schröder",
                                       u"Kowalski"};
    static constexpr std::array titles{u"Engineer", u"Principal Engineer", u"Nurse", u"Accountant", u"Driver"};
    std::vector<core::Step> steps;
    steps.reserve(size_t(count));
    for (int i = start; i < start + count; ++i) {
        const QString first = QString::fromUtf16(given[size_t(i) % given.size()]);
        const QString last = QString::fromUtf16(family[size_t(i) % family.size()]);
        core::Step step;
        step.action = core::Action::Create;
        const QString username = QStringLiteral("user%1").arg(i, 6, 10, QLatin1Char('0'));
        step.target.id = store::timeOrderedId().toRfc4122();
        step.target.name = username.toUtf8();
        step.source.id = QByteArray(12, '\x11') + QByteArray::number(100000 + i).right(4);
        step.source.id[0] = char(i >> 16);
        step.source.id[1] = char(i >> 8);
        step.source.id[2] = char(i);
        step.source.name = QStringLiteral("CN=%1 %2,OU=Staff,DC=example,DC=com").arg(first, last).toUtf8();
        step.link = {gateway, {}, {step.source.id, step.source.name, rule, quint64(i) + 1}};
        step.frame = {{}, {population, {}}};
        const auto set = [&step](const char *name, const core::Value &value) {
            step.changes.append({QString::fromLatin1(name), {}, value});
        };
        set("username", username);
        set("name.given", first);
        set("name.family", last);
        set("name.formatted", QString(first + QLatin1Char(' ') + last));
        if (i % 7 != 3)
            set("email", QString(username + QStringLiteral("@example.com")));
        set("title", QString::fromUtf16(titles[size_t(i) % titles.size()]));
        if (i % 9 == 4)
            set("enabled", false);
        if (i % 5 == 0)
            set("mobilePhone", QStringLiteral("+49 30 %1").arg(1000000 + i));
        steps.push_back(std::move(step));
    }
    return steps;
}

/// @return the error's text; empty when all went well.
inline QString fillSample(const QString &path, int people)
{
    auto opened = store::Environment::open(path, store::Environment::Access::Create);
    if (!opened)
        return opened.error().text();
    store::Environment &environment = **opened;
    if (auto saved = environment.configurations().save(sampleConfiguration()); !saved)
        return saved.error().first().text();
    auto stored = environment.configurations().load();
    if (!stored)
        return stored.error().text();
    auto run = environment.runs().begin(QStringLiteral("Staff in"), stored->rules.first().id, QStringLiteral("console"));
    if (!run)
        return QStringLiteral("no run");
    constexpr int batch = 10000;
    for (int first = 0; first < people; first += batch) {
        const std::vector<core::Step> steps = samplePeople(first, std::min(batch, people - first), stored->gateways.first().id,
                                                           stored->rules.first().id, stored->populations[first / batch % 2].id);
        store::ApplyContext context;
        context.run = *run;
        context.gateway = stored->gateways.first().id;
        const auto applied = environment.identities().apply(context, steps);
        if (!applied)
            return applied.error().text();
        for (const auto &problem : *applied) {
            if (problem)
                return problem->message;
        }
    }
    store::Run ended;
    ended.row = *run;
    ended.rule = QStringLiteral("Staff in");
    ended.ruleId = stored->rules.first().id;
    ended.status = store::RunStatus::Succeeded;
    ended.counts.users.create = people;
    ended.read = people;
    ended.finishedAt = QDateTime::currentDateTimeUtc();
    ended.durationMs = 1200;
    if (auto finished = environment.runs().finish(ended); !finished)
        return finished.error().text();

    const struct {
        const char *name;
        const char *displayName;
        core::GroupSource source;
        bool justInTime;
    } groups[] = {{"Administrators", "", core::GroupSource::Internal, false},
                  {"Night shift", "", core::GroupSource::Internal, false},
                  {"CN=Payroll,OU=Groups,DC=example,DC=com", "Payroll", core::GroupSource::Gateway, true},
                  {"CN=Engineers,OU=Groups,DC=example,DC=com", "Engineers", core::GroupSource::Gateway, false},
                  {"contractors@idp", "Contractors", core::GroupSource::IdentityProvider, true}};
    int number = 0;
    for (const auto &each : groups) {
        core::Group group;
        group.name = QString::fromLatin1(each.name);
        group.displayName = QString::fromLatin1(each.displayName);
        group.source = each.source;
        group.justInTime = each.justInTime;
        if (each.source == core::GroupSource::Gateway)
            group.sourceName = QStringLiteral("Head office");
        else if (each.source == core::GroupSource::IdentityProvider)
            group.sourceName = QStringLiteral("Partner IdP");
        else
            group.description = QStringLiteral("Given by hand");
        const auto saved = environment.identities().saveGroup(group);
        if (!saved)
            return saved.error().first().message;
        ++number;
        for (int member = 1; member <= people && member <= 40 * number; member += number) {
            // External groups take no members by hand; these came by sign-ons and rules.
            auto added = environment.database()
                             .prepare("INSERT INTO memberships (group_row, user_row, source, direct) VALUES (?1, ?2, 0, 1)")
                             .bind(1, saved->row)
                             .bind(2, member)
                             .run();
            if (!added)
                return added.error().text();
        }
    }
    return {};
}

} // namespace gatehouse::tests
