// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/users/userdetails.h"

#include "core/config/configuration.h"
#include "core/plan/step.h"
#include "store/configurations.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/relations.h"
#include "store/runs.h"
#include "store/signons.h"

#include <QCoreApplication>
#include <QLocale>

namespace gatehouse::app {

namespace {

QList<LinkedEntry> named(store::Environment &environment, const QList<store::UserLink> &links)
{
    QList<LinkedEntry> entries;
    const core::Configuration configuration =
        environment.configurations().load().value_or(core::Configuration{});
    for (const store::UserLink &link : links) {
        LinkedEntry entry;
        entry.gateway = link.gateway.toString(QUuid::WithoutBraces);
        for (const core::Gateway &gateway : configuration.gateways) {
            if (gateway.id == link.gateway)
                entry.gateway = gateway.name;
        }
        for (const core::Rule &rule : configuration.rules) {
            if (!link.rule.isNull() && rule.id == link.rule)
                entry.rule = rule.name;
        }
        entry.dn = QString::fromUtf8(link.sourceDn);
        entry.sourceId = core::displayId(link.sourceId);
        entry.deprovisioned = link.deprovisioned;
        if (!entry.rule.isEmpty()) {
            const auto runs = environment.runs().list(entry.rule, 1);
            if (runs && !runs->isEmpty())
                entry.lastRun = runs->first().finishedAt;
        }
        entries.append(entry);
    }
    return entries;
}

} // namespace

core::Result<UserDetails> readUserDetails(store::Reader &reader, qint64 row)
{
    store::Environment &environment = reader.environment();
    auto user = environment.identities().user(row);
    if (!user)
        return core::fail(user.error());
    auto groups = store::groupsOfUser(environment.database(), row);
    if (!groups)
        return core::fail(groups.error());
    const auto links = store::linksOfUser(environment.database(), row);
    if (!links)
        return core::fail(links.error());
    const auto external = environment.signOns().externalLink(row);
    if (!external)
        return core::fail(external.error());
    const auto lock = store::SignOnLocks(environment.database())
                          .lockOf(store::SignOnLocks::nameSubject(user->values.text(environment.catalog()->username())),
                                  QDateTime::currentDateTimeUtc());
    if (!lock)
        return core::fail(lock.error());
    return UserDetails{std::move(*user), std::move(*groups), named(environment, *links), *external, *lock};
}

QString lockText(const store::SignOnLock &lock)
{
    return QCoreApplication::translate("gatehouse::app::UserDetails", "Sign-on is locked after %1 wrong passwords, until %2.")
        .arg(lock.failures)
        .arg(QLocale().toString(lock.until.toLocalTime().time(), QLocale::ShortFormat));
}

QList<AttributeSection> attributeSections(const core::AttributeCatalog &catalog)
{
    using Kind = AttributeSection::Kind;
    static const std::pair<Kind, QStringList> known[] = {
        {Kind::Account,
         {QStringLiteral("username"), QStringLiteral("email"), QStringLiteral("emailVerified"),
          QStringLiteral("accountId"), QStringLiteral("externalId"), QStringLiteral("mfaEnabled")}},
        {Kind::Name,
         {QStringLiteral("name.given"), QStringLiteral("name.family"), QStringLiteral("name.middle"),
          QStringLiteral("name.formatted"), QStringLiteral("name.honorificPrefix"),
          QStringLiteral("name.honorificSuffix"), QStringLiteral("nickname")}},
        {Kind::Contact,
         {QStringLiteral("title"), QStringLiteral("type"), QStringLiteral("mobilePhone"),
          QStringLiteral("primaryPhone")}},
        {Kind::Address,
         {QStringLiteral("address.streetAddress"), QStringLiteral("address.locality"),
          QStringLiteral("address.region"), QStringLiteral("address.postalCode"),
          QStringLiteral("address.countryCode")}},
    };
    QList<AttributeSection> sections;
    QList<bool> placed(catalog.size(), false);
    placed[catalog.enabled()] = true;
    for (const auto &[kind, names] : known) {
        AttributeSection section{kind, {}};
        for (const QString &name : names) {
            const int number = catalog.find(name);
            if (number >= 0) {
                section.attributes.append(number);
                placed[number] = true;
            }
        }
        sections.append(section);
    }
    // What the catalogue has besides is shown too: nothing stored is invisible.
    AttributeSection rest{Kind::Preferences, {}};
    AttributeSection custom{Kind::Custom, {}};
    for (int number = 0; number < catalog.size(); ++number) {
        if (!placed[number])
            (number < catalog.builtInCount() ? rest : custom).attributes.append(number);
    }
    if (!rest.attributes.isEmpty())
        sections.append(rest);
    if (!custom.attributes.isEmpty())
        sections.append(custom);
    return sections;
}

QString sectionTitle(AttributeSection::Kind kind)
{
    const auto words = [](const char *text) { return QCoreApplication::translate("gatehouse::app::UserDetails", text); };
    switch (kind) {
    case AttributeSection::Kind::Account:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Account"));
    case AttributeSection::Kind::Name:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Name"));
    case AttributeSection::Kind::Contact:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Work and contact"));
    case AttributeSection::Kind::Address:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Address"));
    case AttributeSection::Kind::Preferences:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Preferences"));
    case AttributeSection::Kind::Custom:
        return words(QT_TRANSLATE_NOOP("gatehouse::app::UserDetails", "Custom attributes"));
    }
    return {};
}

} // namespace gatehouse::app
