// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/userwriter.h"

#include "core/plan/step.h"
#include "store/ids.h"
#include "store/links.h"
#include "store/migrations.h"

#include <QDateTime>

namespace gatehouse::store {

using core::Problem;
using core::ProblemCode;
using core::Result;
using core::Value;

namespace {

// Parameters of the insert; the attributes follow from First on.
enum Parameter { Row = 1, Population, Authority, Time, Uuid, UsernameKey, Custom, First };

// Which attributes people have differs; each set of them has a statement of its own.
constexpr size_t kMaxShapes = 64;

const QString &textOf(const Value *value)
{
    static const QString none;
    const auto *text = value ? std::get_if<QString>(value) : nullptr;
    return text ? *text : none;
}

QStringList textsOf(const Value &value)
{
    if (const auto *text = std::get_if<QString>(&value))
        return {*text};
    if (const auto *list = std::get_if<QStringList>(&value))
        return *list;
    return {};
}

const Value *valueOf(std::span<const AttributeRef> values, int number)
{
    for (const AttributeRef &reference : values) {
        if (reference.number == number)
            return reference.value;
    }
    return nullptr;
}

} // namespace

/// What an update must know of the stored user to write what is derived from several attributes.
struct UserWriter::Current {
    bool exists = false;
    QString username, given, family, formatted, email;
    QByteArray custom, usernameKey;
};

UserWriter::UserWriter(Database &database, const UserColumns &columns, BulkLoad *bulk)
    : m_database(database), m_columns(columns), m_bulk(bulk), m_search(database)
{
}

Result<void> UserWriter::begin()
{
    const auto next = m_database.integer("SELECT value FROM meta WHERE key = 'next_user_row'");
    if (!next)
        return core::fail(next.error());
    const auto gateways = m_database.integer("SELECT count(*) FROM gateway_numbers");
    if (!gateways)
        return core::fail(gateways.error());
    if (m_bulk) {
        if (auto refreshed = m_bulk->refresh(); !refreshed)
            return refreshed;
    }
    m_indexed = !m_bulk && isIndexed(m_database);
    m_firstRow = m_nextRow = *next;
    m_severalGateways = *gateways > 1;
    m_now = QDateTime::currentMSecsSinceEpoch();
    return {};
}

Result<void> UserWriter::finish()
{
    m_inserts.clear();
    if (auto flushed = m_search.flush(); !flushed)
        return flushed;
    if (m_nextRow == m_firstRow)
        return {};
    return m_database.prepare("UPDATE meta SET value = ?1 WHERE key = 'next_user_row'").bind(1, m_nextRow).run();
}

void UserWriter::reserveTexts(std::span<const AttributeRef> values)
{
    qsizetype units = 0;
    for (const AttributeRef &reference : values)
        units += textOf(reference.value).size();
    // A UTF-16 unit takes three octets of UTF-8 at most; a growing buffer would leave bound views behind.
    if (m_texts.size() < units * 3)
        m_texts.resize(units * 6);
    m_used = 0;
}

QByteArrayView UserWriter::utf8(QStringView text)
{
    char *const begin = m_texts.data() + m_used;
    const char *const end = m_encoder.appendToBuffer(begin, text);
    m_used += end - begin;
    return {begin, end - begin};
}

void UserWriter::bindAttribute(Statement &statement, int parameter, int number, const Value &value)
{
    if (const auto *flag = std::get_if<bool>(&value))
        statement.bind(parameter, int(*flag));
    else if (const auto *text = std::get_if<QString>(&value); text && !m_columns.isFlag(number))
        statement.bindUtf8View(parameter, utf8(*text));
    else
        statement.bindNull(parameter);
}

Problem UserWriter::changedMeanwhile(qint64 row)
{
    Statement statement = m_database.prepare("SELECT 1 FROM users WHERE row = ?1");
    const auto exists = statement.bind(1, row).step();
    const bool gone = exists && !*exists;
    return {{},
            ProblemCode::ChangedMeanwhile,
            gone ? QStringLiteral("the user was deleted meanwhile") : QStringLiteral("the user was changed meanwhile")};
}

Outcome UserWriter::uniqueTaken(qint64 row, std::span<const AttributeRef> values)
{
    for (const int number : m_columns.unique()) {
        const Value *value = valueOf(values, number);
        if (!value)
            continue;
        const core::AttributeDefinition &definition = m_columns.catalog().at(number);
        Statement look = m_database.prepare("SELECT user FROM user_unique WHERE attribute = ?1 AND value = ?2");
        for (const QString &text : textsOf(*value)) {
            const auto found = look.bind(1, definition.name).bind(2, text).step();
            if (!found)
                return core::fail(found.error());
            if (*found && look.integer(0) != row)
                return Problem{definition.name, ProblemCode::UniquenessViolation,
                               QStringLiteral("another user has the %1 \"%2\"").arg(definition.displayName, text)};
            look.reset();
        }
    }
    return std::nullopt;
}

Result<void> UserWriter::setUnique(qint64 row, std::span<const AttributeRef> values, bool isNew)
{
    for (const int number : m_columns.unique()) {
        const Value *value = valueOf(values, number);
        if (!value)
            continue;
        const QString &name = m_columns.catalog().at(number).name;
        if (!isNew) {
            auto removed = m_database.prepare("DELETE FROM user_unique WHERE user = ?1 AND attribute = ?2")
                               .bind(1, row)
                               .bind(2, name)
                               .run();
            if (!removed)
                return removed;
        }
        // One user may say the same twice in an attribute of several values.
        Statement add = m_database.prepare("INSERT OR IGNORE INTO user_unique (attribute, value, user) VALUES (?1, ?2, ?3)");
        for (const QString &text : textsOf(*value)) {
            if (auto added = add.bind(1, name).bind(2, text).bind(3, row).run(); !added)
                return added;
        }
    }
    return {};
}

Outcome UserWriter::insert(const Frame &frame, std::span<const AttributeRef> values)
{
    const qint64 row = m_nextRow;
    const bool watched = !m_columns.unique().empty();
    if (watched) {
        if (auto taken = uniqueTaken(row, values); !taken || *taken)
            return taken;
    }
    core::AttributeValues custom;
    const core::AttributeCatalog &catalog = m_columns.catalog();
    NamedParts parts;
    for (const AttributeRef &reference : values) {
        const int number = reference.number;
        if (m_columns.isCustom(number)) {
            custom.set(number, *reference.value);
            continue;
        }
        const QString &text = textOf(reference.value);
        if (number == catalog.username())
            parts.username = text;
        else if (number == catalog.email())
            parts.email = text;
        else if (number == m_columns.given())
            parts.given = text;
        else if (number == m_columns.family())
            parts.family = text;
        else if (number == m_columns.formatted())
            parts.formatted = text;
    }
    const QString username = parts.username.toString();
    const QByteArray usernameKey = core::usernameKey(username).toUtf8();
    if (auto taken = usernameTaken(row, username, usernameKey, {}); !taken || *taken)
        return taken;

    Statement &insert = insertFor(values);
    reserveTexts(values);
    int parameter = First;
    for (const AttributeRef &reference : values) {
        if (!m_columns.isCustom(reference.number))
            bindAttribute(insert, parameter++, reference.number, *reference.value);
    }
    const std::array<char, 16> id = octetsOf(frame.id);
    const QByteArray customJson = custom.isEmpty() ? QByteArray() : m_columns.customJson(custom);
    insert.bind(Row, row).bind(Population, frame.population).bind(Time, m_now);
    insert.bindBlobView(Uuid, QByteArrayView(id.data(), 16)).bindUtf8View(UsernameKey, usernameKey);
    frame.authority ? insert.bind(Authority, frame.authority) : insert.bindNull(Authority);
    customJson.isEmpty() ? insert.bindNull(Custom) : insert.bindUtf8View(Custom, customJson);
    if (auto inserted = insert.run(); !inserted) {
        if (!Statement::isUniqueViolation(inserted.error()))
            return core::fail(inserted.error());
        if (inserted.error().detail.contains(QLatin1String("users.username_key")))
            return clash(username);
        return Problem{{}, ProblemCode::ChangedMeanwhile, QStringLiteral("a user with this id exists already")};
    }
    ++m_nextRow;
    if (m_bulk)
        m_bulk->usernames.insert(usernameKey);
    if (watched) {
        if (auto set = setUnique(row, values, true); !set)
            return core::fail(set.error());
    }
    if (auto set = m_search.set(row, searchText(parts), true); !set)
        return core::fail(set.error());
    return std::nullopt;
}

Statement &UserWriter::insertFor(std::span<const AttributeRef> values)
{
    m_shape.clear();
    for (const AttributeRef &value : values) {
        if (!m_columns.isCustom(value.number))
            m_shape.push_back(value.number);
    }
    if (const auto known = m_inserts.find(m_shape); known != m_inserts.end())
        return known->second;
    QByteArray columns = "INSERT INTO users (row, population, authority, revision, created_at, updated_at, uuid,"
                         " username_key, custom";
    QByteArray parameters = ") VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7";
    int parameter = First;
    for (const int number : m_shape) {
        columns += ", " + m_columns.column(number);
        parameters += ", ?" + QByteArray::number(parameter++);
    }
    const int enabled = m_columns.catalog().enabled();
    if (std::find(m_shape.begin(), m_shape.end(), enabled) == m_shape.end()) {
        columns += ", " + m_columns.column(enabled);
        parameters += ", 1";
    }
    if (m_inserts.size() >= kMaxShapes)
        m_inserts.clear();
    return m_inserts.emplace(m_shape, m_database.prepare(columns + parameters + ')')).first->second;
}

Result<UserWriter::Current> UserWriter::current(qint64 row)
{
    Statement statement = m_database.prepare(
        "SELECT username, name_given, name_family, name_formatted, email, custom, username_key FROM users WHERE row = ?1");
    const auto found = statement.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    Current current;
    current.exists = *found;
    if (*found) {
        current.username = statement.text(0);
        current.given = statement.text(1);
        current.family = statement.text(2);
        current.formatted = statement.text(3);
        current.email = statement.text(4);
        current.custom = statement.utf8(5).toByteArray();
        current.usernameKey = statement.utf8(6).toByteArray();
    }
    return current;
}

const QByteArray &UserWriter::updateSql(std::span<const AttributeRef> changes, bool custom, bool username,
                                        const FrameChange &frame)
{
    // The columns that are set, as the key of the text; numbers below zero are the frame's.
    std::vector<int> key;
    if (custom)
        key.push_back(-1);
    if (username)
        key.push_back(-2);
    if (frame.population)
        key.push_back(-3);
    if (frame.authority)
        key.push_back(-4);
    if (frame.lastSignOnAt)
        key.push_back(-5);
    for (const AttributeRef &change : changes) {
        if (!m_columns.isCustom(change.number))
            key.push_back(change.number);
    }
    QByteArray &sql = m_updateSql[key];
    if (!sql.isEmpty())
        return sql;
    sql = "UPDATE users SET revision = revision + 1, updated_at = ?1";
    int parameter = 5; // ?2 row, ?3 revision, ?4 uuid or NULL
    const auto add = [&](const QByteArray &column) { sql += ", " + column + " = ?" + QByteArray::number(parameter++); };
    for (const int number : key) {
        switch (number) {
        case -1: add("custom"); break;
        case -2: add("username_key"); break;
        case -3: add("population"); break;
        case -4: add("authority"); break;
        case -5: add("last_sign_on_at"); break;
        default: add(m_columns.column(number));
        }
    }
    sql += " WHERE row = ?2 AND revision = ?3 AND (?4 IS NULL OR uuid = ?4)";
    return sql;
}

Outcome UserWriter::update(const Target &target, std::span<const AttributeRef> changes, const FrameChange &frame)
{
    bool named = false;
    bool custom = false;
    const core::AttributeCatalog &catalog = m_columns.catalog();
    for (const AttributeRef &change : changes) {
        named = named || m_columns.isNamed(change.number);
        custom = custom || m_columns.isCustom(change.number);
    }
    Current now;
    if (named || custom) {
        auto found = current(target.row);
        if (!found)
            return core::fail(found.error());
        if (!found->exists)
            return changedMeanwhile(target.row);
        now = std::move(*found);
    }
    if (auto taken = uniqueTaken(target.row, changes); !taken || *taken)
        return taken;

    core::AttributeValues customValues;
    if (custom)
        m_columns.readCustom(now.custom, customValues);
    for (const AttributeRef &change : changes) {
        const int number = change.number;
        const QString &text = textOf(change.value);
        if (m_columns.isCustom(number))
            customValues.set(number, *change.value);
        else if (number == catalog.username())
            now.username = text;
        else if (number == catalog.email())
            now.email = text;
        else if (number == m_columns.given())
            now.given = text;
        else if (number == m_columns.family())
            now.family = text;
        else if (number == m_columns.formatted())
            now.formatted = text;
    }
    const NamedParts parts{now.username, now.given, now.family, now.formatted, now.email};
    const bool username = valueOf(changes, catalog.username()) != nullptr;
    const QByteArray usernameKey = username ? core::usernameKey(now.username).toUtf8() : QByteArray();
    if (username) {
        if (auto taken = usernameTaken(target.row, now.username, usernameKey, now.usernameKey); !taken || *taken)
            return taken;
    }

    Statement update = m_database.prepare(updateSql(changes, custom, username, frame));
    update.bind(1, m_now).bind(2, target.row).bind(3, target.revision).bind(4, target.id);
    int parameter = 5;
    if (custom) {
        const QByteArray json = m_columns.customJson(customValues);
        json.isEmpty() ? update.bindNull(parameter++) : update.bindUtf8(parameter++, json);
    }
    if (username)
        update.bindUtf8(parameter++, usernameKey);
    if (frame.population)
        update.bind(parameter++, *frame.population);
    if (frame.authority)
        *frame.authority ? update.bind(parameter++, *frame.authority) : update.bindNull(parameter++);
    if (frame.lastSignOnAt)
        update.bind(parameter++, *frame.lastSignOnAt);
    reserveTexts(changes);
    for (const AttributeRef &change : changes) {
        if (!m_columns.isCustom(change.number))
            bindAttribute(update, parameter++, change.number, *change.value);
    }
    if (auto updated = update.run(); !updated) {
        if (Statement::isUniqueViolation(updated.error()))
            return clash(now.username);
        return core::fail(updated.error());
    }
    if (m_database.changes() == 0)
        return changedMeanwhile(target.row);
    if (username && m_bulk) {
        m_bulk->usernames.remove(now.usernameKey);
        m_bulk->usernames.insert(usernameKey);
    }
    if (auto set = setUnique(target.row, changes, false); !set)
        return core::fail(set.error());
    if (named) {
        if (auto set = m_search.set(target.row, searchText(parts)); !set)
            return core::fail(set.error());
    }
    return std::nullopt;
}

Outcome UserWriter::remove(const Target &target)
{
    QByteArray freed;
    if (m_bulk) {
        auto key = usernameKeyOf(target.row);
        if (!key)
            return core::fail(key.error());
        freed = *std::move(key);
    }
    auto removed = m_database.prepare("DELETE FROM users WHERE row = ?1 AND revision = ?2 AND (?3 IS NULL OR uuid = ?3)")
                       .bind(1, target.row)
                       .bind(2, target.revision)
                       .bind(3, target.id)
                       .run();
    if (!removed)
        return core::fail(removed.error());
    if (m_database.changes() == 0)
        return changedMeanwhile(target.row);
    if (m_bulk) {
        m_bulk->usernames.remove(freed);
        m_bulk->invalidate();
    }
    removed = m_database.prepare("DELETE FROM links WHERE row IN (SELECT (row << 43) | ?1 FROM gateway_numbers)")
                  .bind(1, target.row)
                  .run();
    if (removed)
        removed = m_search.remove(target.row);
    if (!removed)
        return core::fail(removed.error());
    return std::nullopt;
}

Result<void> UserWriter::forgetFingerprints(qint64 userRow, qint64 except)
{
    if (except && !m_severalGateways)
        return {};
    return m_database
        .prepare("UPDATE links SET fingerprint = 0 WHERE row IN (SELECT (row << 43) | ?1 FROM gateway_numbers"
                 " WHERE row <> ?2) AND fingerprint <> 0")
        .bind(1, userRow)
        .bind(2, except)
        .run();
}

Result<void> UserWriter::forgetInactive(qint64 userRow)
{
    return m_database
        .prepare("UPDATE links SET disabling = 0 WHERE row IN (SELECT (row << 43) | ?1 FROM gateway_numbers)"
                 " AND disabling = ?2")
        .bind(1, userRow)
        .bind(2, int(core::Disabling::Inactive))
        .run();
}

} // namespace gatehouse::store
