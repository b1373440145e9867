// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment with three hundred people of mixed names, populations and memberships, a reader on it, and the plain
// way of answering a query: filter and sort them all in memory.
#pragma once

#include "environmentfixture.h"

#include "store/reader.h"
#include "store/searchtext.h"

#include <algorithm>

namespace gatehouse::store {

struct PeopleFixture : EnvironmentFixture {
    struct Person {
        qint64 row = 0;
        QString username, name, email;
        QByteArray text;
        qint64 population = 0;
        bool enabled = true;
        qint64 updated = 0;
        bool member = false;
    };
    std::unique_ptr<Reader> reader;
    std::vector<Person> people;
    qint64 group = 0;
    qint64 secondPopulation = 0;

    void fill();
    std::vector<qint64> expected(const UserQuery &query) const;
};

inline void PeopleFixture::fill()
{
    VERIFY_OK(open());
    auto configuration = environment->configurations().load().value();
    core::Population second;
    second.name = QStringLiteral("Another population");
    configuration.populations.append(second);
    VERIFY_OK(environment->configurations().save(configuration));
    secondPopulation = identities().populations()->at(1).row;
    core::Group staff;
    staff.name = QStringLiteral("Staff");
    group = identities().saveGroup(staff)->row;

    const core::AttributeCatalog &catalog = *environment->catalog();
    const auto number = [&](const char *name) { return catalog.find(QString::fromLatin1(name)); };
    const QStringList given{QStringLiteral("Anna"), QStringLiteral("Zo\u00eb"), QStringLiteral("boris"), QString()};
    const QStringList family{QStringLiteral("Novak"), QStringLiteral("\u00c5berg"), QString(), QStringLiteral("O'Neil")};
    for (int place = 0; place < 300; ++place) {
        core::User user;
        const int mixed = place * 7919 % 300;
        user.population = place % 5 == 0 ? secondPopulation : 0;
        user.values.set(number("username"), QStringLiteral("%1User%2").arg(QChar(u'A' + mixed % 26)).arg(mixed));
        user.values.set(number("enabled"), place % 7 != 0);
        if (!given[place % 4].isEmpty())
            user.values.set(number("name.given"), given[place % 4]);
        if (!family[place / 4 % 4].isEmpty())
            user.values.set(number("name.family"), family[place / 4 % 4]);
        if (place % 11 == 0)
            user.values.set(number("name.formatted"), QStringLiteral("Prof. %1").arg(place));
        if (place % 3)
            user.values.set(number("email"), QStringLiteral("Mail%1@Example.com").arg(mixed % 50));
        const auto saved = identities().saveUser(user);
        VERIFY_OK(saved);
        if (place % 2)
            VERIFY_OK(identities().addMember(group, saved->row));
        Person person;
        person.row = saved->row;
        person.username = saved->values.text(number("username"));
        person.name = displayName(saved->values.text(number("name.given")), saved->values.text(number("name.family")),
                                  saved->values.text(number("name.formatted")));
        person.email = saved->values.text(number("email"));
        for (const QString &part : {person.username, QString(saved->values.text(number("name.given")) + u' '
                                                             + saved->values.text(number("name.family"))),
                                    saved->values.text(number("name.formatted")), person.email}) {
            appendFolded(person.text, part);
            person.text.append('\n');
        }
        person.population = saved->population;
        person.enabled = place % 7 != 0;
        person.updated = saved->updatedAt.toMSecsSinceEpoch();
        person.member = place % 2;
        people.push_back(person);
    }
    auto opened = Reader::open(path);
    VERIFY_OK(opened);
    reader = std::move(*opened);
}

inline std::vector<qint64> PeopleFixture::expected(const UserQuery &query) const
{
    const auto folded = [](const QString &text) {
        QByteArray octets;
        appendFolded(octets, text);
        return octets;
    };
    std::vector<Person> found;
    for (const Person &person : people) {
        if (!person.text.contains(folded(query.search)) || (query.population && person.population != query.population)
            || (query.enabled >= 0 && person.enabled != (query.enabled == 1)) || (query.group && !person.member))
            continue;
        found.push_back(person);
    }
    const auto byUsername = [](const Person &a, const Person &b) {
        return core::usernameKey(a.username).toUtf8() < core::usernameKey(b.username).toUtf8();
    };
    std::sort(found.begin(), found.end(), byUsername);
    const auto stable = [&](auto less) { std::stable_sort(found.begin(), found.end(), less); };
    const auto byRow = [&] {
        std::sort(found.begin(), found.end(), [](const Person &a, const Person &b) { return a.row < b.row; });
    };
    const auto nameOf = [&](const Person &person) { return folded(person.name); };
    switch (query.order) {
    case UserOrder::Username: break;
    case UserOrder::Name:
        byRow();
        stable([&](const Person &a, const Person &b) {
            if (a.name.isEmpty() != b.name.isEmpty())
                return b.name.isEmpty();
            return nameOf(a) < nameOf(b);
        });
        break;
    case UserOrder::Email:
        byRow();
        stable([](const Person &a, const Person &b) {
            if (a.email.isEmpty() != b.email.isEmpty())
                return b.email.isEmpty();
            return a.email.toLower() < b.email.toLower();
        });
        break;
    case UserOrder::Population: // "Another population" stands before "Default Population"
        stable([&](const Person &a, const Person &b) {
            return (a.population == secondPopulation) > (b.population == secondPopulation);
        });
        break;
    case UserOrder::Enabled: stable([](const Person &a, const Person &b) { return a.enabled < b.enabled; }); break;
    case UserOrder::Updated:
        byRow();
        stable([](const Person &a, const Person &b) { return a.updated < b.updated; });
        break;
    }
    std::vector<qint64> rows;
    for (const Person &person : found)
        rows.push_back(person.row);
    if (query.descending)
        std::reverse(rows.begin(), rows.end());
    return rows;
}

} // namespace gatehouse::store
