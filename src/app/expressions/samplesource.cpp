// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/samplesource.h"

#include "app/users/userdetails.h"
#include "core/expr/json.h"
#include "core/mapping.h"
#include "ldap/dialect.h"
#include "store/environment.h"
#include "store/identities.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>

namespace gatehouse::app {

namespace {
constexpr int kChoices = 20;
} // namespace

core::expr::Value sampleOf(const core::Entry &entry, core::Vendor vendor)
{
    const ldap::Dialect dialect(vendor);
    core::SlotNames names;
    for (const core::Attribute &attribute : entry.attributes)
        names.append(attribute.name);
    QList<int> activeSlots;
    for (const QByteArray &name : dialect.activeAttributes()) {
        int slot = -1;
        for (qsizetype i = 0; i < names.size() && slot < 0; ++i) {
            if (names.at(i).compare(name, Qt::CaseInsensitive) == 0)
                slot = int(i);
        }
        activeSlots.append(slot);
    }
    core::EntryBatch batch(std::make_shared<const core::SlotNames>(names));
    batch.append(entry);
    const core::EntryView view = batch.at(0);
    return core::EntryContext(view, {}, dialect.isActive(view, activeSlots, QDateTime::currentMSecsSinceEpoch())).whole();
}

core::expr::Value signOnSampleOf(const core::Entry &entry, core::Vendor vendor)
{
    core::expr::Map root;
    root.insert(QStringLiteral("ldapAttributes"), sampleOf(entry, vendor));
    return core::expr::Value(std::move(root));
}

core::expr::Value sampleOf(const core::User &user, const QList<core::Group> &groups,
                           const core::AttributeCatalog &catalog, const core::Population &population)
{
    QJsonObject json = core::toJson(user, catalog, population);
    QJsonArray names;
    QJsonArray ids;
    for (const core::Group &group : groups) {
        names.append(group.name);
        ids.append(group.id.toString(QUuid::WithoutBraces));
    }
    json.insert(QStringLiteral("memberOfGroupNames"), names);
    json.insert(QStringLiteral("memberOfGroupIDs"), ids);
    return core::expr::fromJson(QJsonObject{{QStringLiteral("user"), json}});
}

provision::Scope scopeOf(const core::Configuration &configuration, const core::Gateway &gateway)
{
    QList<QByteArray> bases;
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name && rule.direction == core::Direction::Inbound)
            bases += provision::basesOf(rule);
    }
    for (const core::UserType &userType : gateway.userTypes) {
        if (!userType.searchBaseDn.isEmpty())
            bases.append(userType.searchBaseDn.toUtf8());
    }
    provision::Scope scope;
    scope.filter = ldap::Dialect(gateway.vendor).peopleFilter();
    QList<QByteArray> distinct;
    for (const QByteArray &base : std::as_const(bases)) {
        if (!distinct.contains(base))
            distinct.append(base);
    }
    for (qsizetype i = 0; i < distinct.size(); ++i) {
        if (!provision::liesIn(distinct.at(i), distinct.mid(0, i) + distinct.mid(i + 1)))
            scope.bases.append(distinct.at(i));
    }
    return scope;
}

DirectorySamples::DirectorySamples(const core::Gateway &gateway, provision::Scope scope, ExpressionNames reading, QObject *parent)
    : SampleSource(parent), m_vendor(gateway.vendor), m_reading(reading), m_directory(gateway, std::move(scope), link::Need::Lookup)
{
    using provision::LiveDirectory;
    connect(&m_directory, &LiveDirectory::found, this,
            [this](quint64 request, const QList<provision::FoundEntry> &entries) {
                QList<SampleChoice> choices;
                for (const provision::FoundEntry &entry : entries)
                    choices.append({entry.dn, entry.title.isEmpty() ? QString::fromUtf8(entry.dn) : entry.title,
                                    entry.detail.isEmpty() ? QString::fromUtf8(entry.dn) : entry.detail});
                emit found(request, choices);
            });
    connect(&m_directory, &LiveDirectory::entryRead, this, [this](quint64 request, const core::Entry &entry) {
        emit sampleRead(request, QString::fromUtf8(entry.dn),
                        m_reading == ExpressionNames::SignOn ? signOnSampleOf(entry, m_vendor) : sampleOf(entry, m_vendor));
    });
    connect(&m_directory, &LiveDirectory::schemaLoaded, this,
            [this](quint64, const core::Schema &schema) { emit schemaLoaded(schema); });
    connect(&m_directory, &LiveDirectory::failed, this, &SampleSource::failed);
}

quint64 DirectorySamples::search(const QString &text)
{
    return m_directory.search(text, kChoices);
}

quint64 DirectorySamples::read(const QByteArray &dn)
{
    return m_directory.read(dn);
}

void DirectorySamples::loadSchema()
{
    m_directory.loadSchema();
}

UserSamples::UserSamples(Console &console, QObject *parent) : SampleSource(parent), m_console(console) {}

quint64 UserSamples::search(const QString &text)
{
    const quint64 request = m_newestSearch = ++m_last;
    m_console.read<std::vector<store::UserRow>>(
        this,
        [text](store::Reader &reader) -> core::Result<std::vector<store::UserRow>> {
            store::UserQuery query;
            query.search = text.trimmed();
            const auto ids = reader.firstUserIds(query, kChoices);
            if (!ids)
                return core::fail(ids.error());
            return reader.userRows(*ids);
        },
        [this, request](const core::Result<std::vector<store::UserRow>> &rows) {
            if (request != m_newestSearch)
                return; // somebody typed on
            if (!rows) {
                emit failed(request, rows.error());
                return;
            }
            QList<SampleChoice> choices;
            for (const store::UserRow &row : *rows)
                choices.append({QByteArray::number(row.row), row.name.isEmpty() ? row.username : row.name, row.username});
            emit found(request, choices);
        });
    return request;
}

quint64 UserSamples::read(const QByteArray &row)
{
    const quint64 request = ++m_last;
    m_console.read<UserDetails>(
        this, [number = row.toLongLong()](store::Reader &reader) { return readUserDetails(reader, number); },
        [this, request](const core::Result<UserDetails> &details) {
            if (!details) {
                emit failed(request, details.error());
                return;
            }
            const core::Population *population = m_console.population(details->user.population);
            const core::AttributeCatalog &catalog = m_console.catalog();
            emit sampleRead(request, details->user.values.text(catalog.username()),
                            sampleOf(details->user, details->groups, catalog, population ? *population : core::Population{}));
        });
    return request;
}

} // namespace gatehouse::app
