// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/linkcommands.h"

#include "core/dn.h"
#include "ldap/dialect.h"
#include "ldap/session.h"
#include "store/identities.h"
#include "store/links.h"

namespace gatehouse::cli {

namespace {

QString usernameOf(const core::User &user, const store::Environment &environment)
{
    return user.values.text(environment.catalog()->username());
}

/// What the directory says of an entry that is to be tied.
struct NamedEntry {
    QByteArray id;
    QByteArray dn;
};

/// Whom the gateway's rules may mean: people as the vendor knows them, and what its rules ask for.
QByteArray peopleFilter(const core::Configuration &configuration, const core::Gateway &gateway)
{
    QByteArray filter = "(|" + ldap::Dialect(gateway.vendor).peopleFilter();
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name && rule.direction == core::Direction::Inbound)
            filter += rule.scope.userFilter.toUtf8();
    }
    return filter + ')';
}

core::Result<std::any> readEntry(ldap::Session &session, const QByteArray &dn, const QByteArray &filter, const ldap::Dialect &dialect)
{
    ldap::SearchRequest search;
    search.base = dn;
    search.scope = ldap::Scope::Base;
    search.filter = filter;
    search.attributes = std::make_shared<const core::SlotNames>(dialect.idAttributes());
    NamedEntry entry;
    const auto end = session.search(search, [&](core::EntryBatch &&page) {
        for (qsizetype i = 0; i < page.size(); ++i) {
            QList<int> places;
            for (const QByteArray &name : dialect.idAttributes())
                places.append(page.slotOf(name));
            entry = {dialect.idOf(page.at(i), places), page.at(i).dn().toByteArray()};
        }
        return true;
    });
    if (!end && end.error().code != core::Code::NotFound)
        return core::fail(end.error());
    if (entry.dn.isEmpty()) {
        return core::fail(core::Code::NotFound, QStringLiteral("The directory has no such person, or does not show them to the gateway's account"),
                          QStringLiteral("asked for by the filter %1").arg(QString::fromUtf8(filter)), QString::fromUtf8(dn));
    }
    if (entry.id.isEmpty()) {
        return core::fail(core::Code::NotFound, QStringLiteral("The entry has no immutable id that the gateway's account can read"),
                          QString::fromUtf8(dialect.idAttributes().join(", ")), QString::fromUtf8(entry.dn));
    }
    return std::any(entry);
}

} // namespace

void UserLink::start()
{
    const auto named = gatewayNamed(argument(1), store::Environment::Access::ReadWrite);
    if (!named)
        return;
    auto user = named->environment->identities().userByKey(argument(0));
    if (!user)
        return fail(user.error());
    m_user = *std::move(user);
    m_username = usernameOf(m_user, *named->environment);
    const auto dn = core::Dn::parse(argument(2));
    if (!dn)
        return fail(dn.error().in(QStringLiteral("DN")));
    m_filter = peopleFilter(named->configuration, named->gateway);
    withClientsOf(named->gateway, [this, gateway = named->gateway] { read(gateway); });
}

void UserLink::read(const core::Gateway &gateway)
{
    m_directory = std::make_unique<provision::LiveDirectory>(gateway, provision::Scope{}, link::Need::Lookup);
    connect(m_directory.get(), &provision::LiveDirectory::failed, this,
            [this](quint64, const core::Error &error) { fail(error); });
    connect(m_directory.get(), &provision::LiveDirectory::answered, this, [this, gateway](quint64, const std::any &answer) {
        const auto entry = std::any_cast<NamedEntry>(answer);
        tie(gateway, entry.id, entry.dn);
    });
    const QByteArray dn = core::Dn::parse(argument(2))->toUtf8();
    m_directory->ask([dn, filter = m_filter, dialect = ldap::Dialect(gateway.vendor)](ldap::Session &session) {
        return readEntry(session, dn, filter, dialect);
    });
}

void UserLink::tie(const core::Gateway &gateway, const QByteArray &sourceId, const QByteArray &dn)
{
    auto *opened = environment(store::Environment::Access::ReadWrite);
    if (!opened)
        return;
    const auto before = opened->links().people(gateway.id, {m_user.row});
    if (!before)
        return fail(before.error());
    if (auto tied = opened->links().tie(gateway.id, m_username, {sourceId, dn, m_user.row}, gateway.name); !tied)
        return fail(tied.error());
    const QByteArray earlier = before->empty() ? QByteArray() : before->front().sourceDn;
    if (terminal().isJson()) {
        terminal().printJson({{QStringLiteral("user"), m_username},
                              {QStringLiteral("gateway"), gateway.name},
                              {QStringLiteral("dn"), QString::fromUtf8(dn)},
                              {QStringLiteral("before"), earlier.isEmpty() ? QJsonValue() : QJsonValue(QString::fromUtf8(earlier))}});
    } else {
        terminal().print(tr("%1 is the entry %2 of \"%3\" now; the next run takes over what it says").arg(m_username, QString::fromUtf8(dn), gateway.name));
        if (!earlier.isEmpty())
            terminal().print(tr("before: %1").arg(QString::fromUtf8(earlier)));
    }
    finish(Exit::Done);
}

void UserUnlink::start()
{
    const auto named = gatewayNamed(argument(1), store::Environment::Access::ReadWrite);
    if (!named)
        return;
    const auto user = named->environment->identities().userByKey(argument(0));
    if (!user)
        return fail(user.error());
    const QString username = usernameOf(*user, *named->environment);
    if (auto untied = named->environment->links().untie(named->gateway.id, user->row, username, named->gateway.name); !untied)
        return fail(untied.error());
    if (terminal().isJson())
        terminal().printJson({{QStringLiteral("user"), username}, {QStringLiteral("gateway"), named->gateway.name}});
    else
        terminal().print(tr("%1 is linked to no entry of \"%2\" any more").arg(username, named->gateway.name));
    finish(Exit::Done);
}

} // namespace gatehouse::cli
