// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/identities.h"

#include "store/identities_p.h"
#include "store/links.h"
#include "store/numbers.h"
#include "store/migrations.h"
#include "store/userwriter.h"

#include <QSet>

namespace gatehouse::store {

using core::Code;
using core::Problem;
using core::ProblemCode;
using core::Result;
using core::User;

namespace {

// Fewer users than this are written as fast with the indexes in place.
constexpr qint64 kLeastBulk = 20000;

Problem fault(const core::Error &error)
{
    return {{}, ProblemCode::StoreFault, error.text()};
}

core::Error noUser()
{
    return {Code::NotFound, QStringLiteral("there is no such user")};
}

} // namespace

Identities::Identities(Database &database) : d(std::make_shared<Private>(database)) {}

void Identities::setCatalog(std::shared_ptr<const core::AttributeCatalog> catalog)
{
    d->columns = std::make_unique<UserColumns>(std::move(catalog));
}

Identities Identities::keeping(std::shared_ptr<const core::AttributeCatalog> catalog) const
{
    Identities other(d->database);
    other.setCatalog(std::move(catalog));
    return other;
}

const core::AttributeCatalog &Identities::catalog() const
{
    return d->columns->catalog();
}

QList<Problem> Identities::check(const User &user)
{
    QList<Problem> problems = d->problemsOf(user);
    if (const auto population = populationOrDefault(d->database, user.population); !population)
        problems.append({QStringLiteral("population"), ProblemCode::InvalidValue, population.error().what});
    return problems;
}

Result<User> Identities::user(qint64 row)
{
    Statement statement = d->database.prepare(d->columns->select() + " WHERE u.row = ?1");
    const auto found = statement.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(noUser());
    return d->columns->read(statement);
}

Result<User> Identities::userByKey(const QString &usernameOrId)
{
    if (const QUuid id(usernameOrId); !id.isNull()) {
        Statement statement = d->database.prepare(d->columns->select() + " WHERE u.uuid = ?1");
        const auto found = statement.bind(1, id).step();
        if (!found)
            return core::fail(found.error());
        if (*found)
            return d->columns->read(statement);
    }
    Statement statement = d->database.prepare(d->columns->select() + " WHERE u.username_key = ?1");
    const auto found = statement.bind(1, core::usernameKey(usernameOrId)).step();
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(Code::NotFound, QStringLiteral("there is no such user"), {}, usernameOrId);
    return d->columns->read(statement);
}

QList<Problem> Identities::Private::problemsOf(const User &user)
{
    QList<Problem> problems;
    const core::AttributeCatalog &catalog = columns->catalog();
    for (int number = 0; number < catalog.size(); ++number) {
        if (auto problem = catalog.check(number, user.values.get(number)))
            problems.append(*problem);
    }
    const auto taken = [&](const QByteArray &sql, const auto &bind) -> bool {
        Statement look = database.prepare(sql);
        bind(look);
        const auto found = look.step();
        if (!found)
            problems.append(fault(found.error()));
        return found && *found && look.integer(0) != user.row;
    };
    const QString username = user.values.text(catalog.username());
    if (!username.isEmpty()
        && taken("SELECT row FROM users WHERE username_key = ?1",
                 [&](Statement &look) { look.bind(1, core::usernameKey(username)); }))
        problems.append({QStringLiteral("username"), ProblemCode::UniquenessViolation,
                         QStringLiteral("another user has the username \"%1\"").arg(username)});
    for (const int number : columns->unique()) {
        const core::AttributeDefinition &definition = catalog.at(number);
        const core::Value &value = user.values.get(number);
        const QStringList texts = std::holds_alternative<QStringList>(value) ? std::get<QStringList>(value)
                                  : core::isNull(value) ? QStringList()
                                                        : QStringList(core::displayText(value));
        for (const QString &text : texts) {
            if (taken("SELECT user FROM user_unique WHERE attribute = ?1 AND value = ?2",
                      [&](Statement &look) { look.bind(1, definition.name).bind(2, text); }))
                problems.append({definition.name, ProblemCode::UniquenessViolation,
                                 QStringLiteral("another user has the %1 \"%2\"").arg(definition.displayName, text)});
        }
    }
    return problems;
}

Result<std::optional<Problem>> Identities::Private::write(User &user)
{
    const auto population = populationOrDefault(database, user.population);
    if (!population)
        return core::fail(population.error());
    UserWriter writer(database, *columns, bulk.get());
    if (auto begun = writer.begin(); !begun)
        return core::fail(begun.error());

    std::vector<AttributeRef> changes;
    Outcome outcome;
    const auto authority = [&] { return authorityRow(database, user.authorityGateway, user.authorityUserType); };
    if (user.row == 0) {
        for (const auto &[number, value] : user.values)
            changes.push_back({number, &value});
        if (user.id.isNull())
            user.id = timeOrderedId();
        user.row = writer.nextRow();
        const auto row = authority();
        if (!row)
            return core::fail(row.error());
        outcome = writer.insert({user.id, *population, *row}, changes);
    } else {
        Statement look = database.prepare(columns->select() + " WHERE u.row = ?1");
        const auto found = look.bind(1, user.row).step();
        if (!found)
            return core::fail(found.error());
        const User stored = *found ? columns->read(look) : User();
        look.reset();
        for (int number = 0; number < columns->catalog().size(); ++number) {
            if (stored.values.get(number) != user.values.get(number))
                changes.push_back({number, &user.values.get(number)});
        }
        UserWriter::FrameChange frame;
        if (*population != stored.population)
            frame.population = *population;
        if (user.authorityGateway != stored.authorityGateway || user.authorityUserType != stored.authorityUserType) {
            const auto row = authority();
            if (!row)
                return core::fail(row.error());
            frame.authority = *row;
        }
        if (user.lastSignOnAt != stored.lastSignOnAt)
            frame.lastSignOnAt = user.lastSignOnAt;
        outcome = writer.update({user.row, user.revision, {}}, changes, frame);
        if (outcome && !*outcome) {
            auto forgotten = writer.forgetFingerprints(user.row);
            const int enabled = columns->catalog().enabled();
            if (forgotten && user.values.get(enabled) == core::Value(false) && stored.values.get(enabled) != core::Value(false))
                forgotten = writer.forgetInactive(user.row);
            if (!forgotten)
                return core::fail(forgotten.error());
        }
    }
    if (!outcome || *outcome)
        return outcome;
    if (auto finished = writer.finish(); !finished)
        return core::fail(finished.error());
    return outcome;
}

tl::expected<User, QList<Problem>> Identities::saveUser(User user)
{
    const auto refuse = [this](QList<Problem> problems) {
        if (d->bulk)
            d->bulk->invalidate();
        return tl::unexpected<QList<Problem>>(std::move(problems));
    };
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return refuse({fault(transaction.error())});
    if (const QList<Problem> problems = d->problemsOf(user); !problems.isEmpty())
        return refuse(problems);
    const auto written = d->write(user);
    if (!written)
        return refuse({fault(written.error())});
    if (*written)
        return refuse({**written});
    const auto saved = this->user(user.row);
    if (!saved)
        return refuse({fault(saved.error())});
    if (auto committed = transaction->commit(); !committed)
        return refuse({fault(committed.error())});
    return *saved;
}

Result<void> Identities::setUserEnabled(qint64 row, bool enabled)
{
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return core::fail(transaction.error());
    auto found = user(row);
    if (!found)
        return core::fail(found.error());
    const int number = d->columns->catalog().enabled();
    if (found->values.get(number) == core::Value(enabled))
        return transaction->commit();
    found->values.set(number, enabled);
    const auto written = d->write(*found);
    if (!written)
        return core::fail(written.error());
    if (*written)
        return core::fail(Code::Conflict, (*written)->message);
    return transaction->commit();
}

Result<void> Identities::deleteUser(qint64 row)
{
    auto transaction = Transaction::begin(d->database);
    if (!transaction)
        return core::fail(transaction.error());
    const auto found = user(row);
    if (!found)
        return core::fail(found.error());
    UserWriter writer(d->database, *d->columns, d->bulk.get());
    if (auto begun = writer.begin(); !begun)
        return begun;
    const auto removed = writer.remove({row, found->revision, {}});
    if (!removed)
        return core::fail(removed.error());
    if (*removed)
        return core::fail(Code::Conflict, (*removed)->message);
    if (auto finished = writer.finish(); !finished)
        return finished;
    return transaction->commit();
}

Result<std::vector<User>> Identities::users(std::span<const qint64> rows)
{
    auto transaction = Transaction::begin(d->database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    std::vector<User> users;
    users.reserve(rows.size());
    {
        Statement statement = d->database.prepare(d->columns->select() + " WHERE u.row = ?1");
        for (const qint64 row : rows) {
            const auto found = statement.bind(1, row).step();
            if (!found)
                return core::fail(found.error());
            if (*found)
                users.push_back(d->columns->read(statement));
            statement.reset();
        }
    }
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return users;
}

Result<QHash<QString, UsernameMatch>> Identities::Private::matches(const QStringList &keys, qint64 gateway)
{
    QHash<QString, UsernameMatch> matches;
    Statement look =
        database.prepare("SELECT u.row, EXISTS (SELECT 1 FROM links WHERE links.row = ?2 + u.row), u.uuid FROM users AS u"
                         " WHERE u.username_key = ?1");
    for (const QString &key : keys) {
        const auto found = look.bind(1, key).bind(2, linkRow(gateway, 0)).step();
        if (!found)
            return core::fail(found.error());
        if (*found)
            matches.insert(key, {look.integer(0), look.uuid(2), look.integer(1) != 0});
        look.reset();
    }
    return matches;
}

Result<QHash<QString, UsernameMatch>> Identities::Private::matchesBySearch(const QStringList &keys, qint64 gateway)
{
    // While many users are loaded there is no index: the table once for all keys, not once for each.
    const QSet<QString> wanted(keys.begin(), keys.end());
    QHash<QString, UsernameMatch> matches;
    Statement users = database.prepare("SELECT username_key, row, uuid FROM users");
    Statement link = database.prepare("SELECT 1 FROM links WHERE row = ?1");
    for (;;) {
        const auto row = users.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return matches;
        const QString key = users.text(0);
        if (!wanted.contains(key))
            continue;
        const auto linked = link.bind(1, linkRow(gateway, users.integer(1))).step();
        if (!linked)
            return core::fail(linked.error());
        matches.insert(key, {users.integer(1), users.uuid(2), *linked});
        link.reset();
    }
}

Result<QHash<QString, UsernameMatch>> Identities::usersByUsernameKey(const QStringList &keys, const QUuid &gateway)
{
    const auto number = Links(d->database).gatewayNumber(gateway);
    if (!number)
        return core::fail(number.error());
    auto transaction = Transaction::begin(d->database, Transaction::Kind::Read);
    if (!transaction)
        return core::fail(transaction.error());
    auto matches = isIndexed(d->database) ? d->matches(keys, *number) : d->matchesBySearch(keys, *number);
    if (!matches)
        return matches;
    if (auto ended = transaction->commit(); !ended)
        return core::fail(ended.error());
    return matches;
}

Result<qint64> Identities::userCount()
{
    return d->database.integer("SELECT count(*) FROM users");
}

Result<void> Identities::beginBulk(qint64 creates)
{
    const auto present = userCount();
    if (!present)
        return core::fail(present.error());
    if (d->bulk || creates < kLeastBulk || creates < *present / 2)
        return {};
    auto begun = BulkLoad::begin(d->database);
    if (begun)
        d->bulk = std::move(*begun);
    // Another process is loading, too: then without.
    else if (begun.error().code != Code::Locked)
        return core::fail(begun.error());
    return {};
}

Result<void> Identities::endBulk()
{
    if (!d->bulk)
        return {};
    auto ended = d->bulk->end();
    d->bulk.reset();
    return ended;
}

} // namespace gatehouse::store
