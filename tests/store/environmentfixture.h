// SPDX-License-Identifier: GPL-3.0-or-later
//
// A fresh environment in a temporary folder, and steps and values in few words, for the tests of the store.
#pragma once

#include "core/config/configuration.h"
#include "core/plan/step.h"
#include "store/auditlog.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/links.h"
#include "store/runs.h"

#include <QTemporaryDir>
#include <QTest>

// Fails the test with the error's text where a Result has none.
#define VERIFY_OK(result)                                                                                              \
    do {                                                                                                               \
        const auto &verified = (result);                                                                               \
        QVERIFY2(verified.has_value(), verified.has_value() ? "" : qPrintable(errorText(verified.error())));           \
    } while (false)

namespace gatehouse::store {

inline QString errorText(const core::Error &error)
{
    return core::codeName(error.code) + QStringLiteral(": ") + error.text();
}

inline QString errorText(const QList<core::Error> &errors)
{
    QStringList texts;
    for (const core::Error &error : errors)
        texts.append(errorText(error));
    return texts.join(u'\n');
}

inline QString errorText(const QList<core::Problem> &problems)
{
    QStringList texts;
    for (const core::Problem &problem : problems)
        texts.append(problem.attribute + QStringLiteral(": ") + core::codeName(problem.code) + u' ' + problem.message);
    return texts.join(u'\n');
}

/// Those of the steps below.
inline const QUuid kGateway(QStringLiteral("11111111-2222-4333-8444-555555555555"));
inline const QUuid kRule(QStringLiteral("66666666-7777-4888-8999-aaaaaaaaaaaa"));

struct EnvironmentFixture {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("test.gatehouse"));
    std::unique_ptr<Environment> environment;
    QUuid gateway = kGateway;
    qint64 run = 0;

    core::Result<void> open(Environment::Access access = Environment::Access::Create)
    {
        environment.reset();
        auto opened = Environment::open(path, access);
        if (!opened)
            return core::fail(opened.error());
        environment = std::move(*opened);
        return {};
    }

    Identities &identities() { return environment->identities(); }
    Database &database() { return environment->database(); }

    ApplyContext context()
    {
        if (run == 0)
            run = environment->runs().begin(QStringLiteral("Staff in"), QUuid(), QStringLiteral("test")).value();
        ApplyContext context;
        context.run = run;
        context.gateway = gateway;
        return context;
    }

    /// Applies one step and answers its problem.
    core::Result<std::optional<core::Problem>> applyOne(const core::Step &step)
    {
        const auto problems = identities().apply(context(), {&step, 1});
        if (!problems)
            return core::fail(problems.error());
        return problems->front();
    }

    /// A user made by a step, linked to an entry of its own.
    core::User create(const QString &username, quint64 entry, QList<core::AttributeChange> more = {});
    /// The link of an entry; empty when it has none.
    Link linkOf(quint64 entry);

    qint64 count(const char *table) { return database().integer(QByteArray("SELECT count(*) FROM ") + table).value(); }
};

inline core::AttributeChange change(const char *name, core::Value before, core::Value after)
{
    return {QString::fromLatin1(name), std::move(before), std::move(after)};
}

inline core::AttributeChange given(const char *name, const QString &after)
{
    return change(name, {}, after);
}

/// An immutable id of 16 octets made from a number.
inline QByteArray sourceId(quint64 number)
{
    QByteArray id(16, '\0');
    for (int place = 0; place < 8; ++place)
        id[15 - place] = char(number >> (8 * place));
    return id;
}

inline core::Step createStep(const QString &username, quint64 entry, QList<core::AttributeChange> more = {})
{
    core::Step step;
    step.action = core::Action::Create;
    step.target.id = timeOrderedId().toRfc4122();
    step.target.name = username.toUtf8();
    step.source.id = sourceId(entry);
    step.source.name = "uid=" + username.toUtf8() + ",dc=example,dc=com";
    step.link = {kGateway, {}, {step.source.id, step.source.name, kRule, 0x8000000000000000ull | entry}};
    step.changes = {given("username", username)};
    step.changes.append(more);
    return step;
}

/// A step against the user as it is now.
inline core::Step stepFor(const core::User &user, core::Action action, quint64 entry,
                              QList<core::AttributeChange> changes = {})
{
    core::Step step;
    step.action = action;
    step.target.id = user.id.toRfc4122();
    step.target.name = user.values.text(core::AttributeCatalog().username()).toUtf8();
    step.revision = user.revision;
    step.source.id = sourceId(entry);
    step.source.name = "uid=moved,dc=example,dc=com";
    const core::LinkState before{step.source.id, {}, kRule, 7};
    step.link = {kGateway, before, {step.source.id, step.source.name, kRule, 7}};
    step.changes = std::move(changes);
    return step;
}

inline core::User EnvironmentFixture::create(const QString &username, quint64 entry, QList<core::AttributeChange> more)
{
    const auto problem = applyOne(createStep(username, entry, std::move(more)));
    if (!problem || *problem)
        qFatal("cannot create %s", qPrintable(username));
    return identities().userByKey(username).value();
}

inline Link EnvironmentFixture::linkOf(quint64 entry)
{
    LinkIndex index = environment->links().load(gateway).value();
    const Link *link = index.find(sourceId(entry));
    return link ? *link : Link();
}

} // namespace gatehouse::store
