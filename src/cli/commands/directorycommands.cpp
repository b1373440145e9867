// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/directorycommands.h"

#include "core/csv.h"
#include "core/visibletext.h"
#include "store/identities.h"
#include "store/outputfile.h"
#include "store/signonlocks.h"
#include "store/signons.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

namespace gatehouse::cli {

namespace {

constexpr size_t kBlock = 1000;
constexpr qint64 kListedAsText = 100; ///< users shown to people when no --limit is given

QString sourceName(core::GroupSource source)
{
    switch (source) {
    case core::GroupSource::Internal: return QStringLiteral("INTERNAL");
    case core::GroupSource::Gateway: return QStringLiteral("GATEWAY");
    case core::GroupSource::IdentityProvider: return QStringLiteral("IDP");
    }
    return {};
}

QJsonObject toJson(const core::Group &group)
{
    return {{QStringLiteral("id"), group.id.toString(QUuid::WithoutBraces)},
            {QStringLiteral("name"), group.name},
            {QStringLiteral("displayName"), group.displayName},
            {QStringLiteral("description"), group.description},
            {QStringLiteral("sourceType"), sourceName(group.source)},
            {QStringLiteral("sourceName"), group.sourceName},
            {QStringLiteral("justInTime"), group.justInTime},
            {QStringLiteral("directMemberCounts"), QJsonObject{{QStringLiteral("users"), group.memberCount}}}};
}

} // namespace

store::Reader *DirectoryCommand::reader()
{
    auto opened = store::Reader::open(invocation().environmentPath);
    if (!opened) {
        fail(opened.error());
        return nullptr;
    }
    m_reader = *std::move(opened);
    warnOfLooseFiles();
    return m_reader.get();
}

core::Result<void> DirectoryCommand::forEachUser(const store::UserQuery &query, qint64 limit,
                                                 const std::function<bool(const core::User &, const core::Population &)> &take)
{
    const auto populations = m_reader->environment().identities().populations();
    if (!populations)
        return core::fail(populations.error());
    QHash<qint64, core::Population> byRow;
    for (const core::Population &population : *populations)
        byRow.insert(population.row, population);
    const auto ids = limit >= 0 && limit <= qint64(kBlock) ? m_reader->firstUserIds(query, int(limit))
                                                           : m_reader->userIds(query);
    if (!ids)
        return core::fail(ids.error());
    const size_t count = limit < 0 ? ids->size() : std::min(ids->size(), size_t(limit));
    for (size_t from = 0; from < count; from += kBlock) {
        const std::span<const qint64> some(ids->data() + from, std::min(kBlock, count - from));
        const auto users = m_reader->environment().identities().users(some);
        if (!users)
            return core::fail(users.error());
        for (const core::User &user : *users) {
            if (!take(user, byRow.value(user.population)))
                return {};
        }
    }
    return {};
}

void UserList::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("search"), tr("Only users whose username, name or e-mail contains this."), QStringLiteral("TEXT")});
    parser.addOption({QStringLiteral("population"), tr("Only users of this population."), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("limit"), tr("At most so many users."), QStringLiteral("N")});
}

void UserList::start()
{
    store::Reader *opened = reader();
    if (!opened)
        return;
    store::UserQuery query;
    query.search = option(QStringLiteral("search"));
    if (isSet(QStringLiteral("population"))) {
        const auto populations = opened->environment().identities().populations();
        if (!populations)
            return fail(populations.error());
        for (const core::Population &population : *populations) {
            if (population.name == option(QStringLiteral("population")))
                query.population = population.row;
        }
        if (query.population == 0)
            return fail({core::Code::NotFound, tr("There is no population \"%1\"").arg(option(QStringLiteral("population")))});
    }
    qint64 limit = terminal().isJson() ? -1 : kListedAsText;
    if (isSet(QStringLiteral("limit"))) {
        bool good = false;
        limit = option(QStringLiteral("limit")).toLongLong(&good);
        if (!good || limit < 0)
            return fail({core::Code::InvalidInput, tr("--limit takes a whole number"), option(QStringLiteral("limit"))});
    }
    const auto catalog = opened->environment().catalog();
    QList<QStringList> rows;
    const auto listed = forEachUser(query, limit, [&](const core::User &user, const core::Population &population) {
        if (terminal().isJson()) {
            terminal().printJsonLine(core::toJson(user, *catalog, population));
            return terminal().isOpen();
        }
        const auto text = [&](const char *name) { return user.values.text(catalog->find(QString::fromLatin1(name))); };
        QString name = text("name.formatted");
        if (name.isEmpty())
            name = QString(text("name.given") + u' ' + text("name.family")).trimmed();
        rows.append({text("username"), name, text("email"), population.name,
                     text("enabled") == QStringLiteral("false") ? tr("disabled") : tr("enabled")});
        return true;
    });
    if (!listed)
        return fail(listed.error());
    if (!terminal().isJson())
        terminal().printTable({tr("USERNAME"), tr("NAME"), tr("EMAIL"), tr("POPULATION"), tr("STATE")}, rows);
    if (!terminal().isJson() && !isSet(QStringLiteral("limit")) && rows.size() == kListedAsText)
        terminal().print(tr("The first %1; --limit shows more.").arg(kListedAsText));
    finish(Exit::Done);
}

void UserShow::start()
{
    store::Reader *opened = reader();
    if (!opened)
        return;
    const auto user = opened->environment().identities().userByKey(argument(0));
    if (!user)
        return fail(user.error());
    const auto populations = opened->environment().identities().populations();
    if (!populations)
        return fail(populations.error());
    core::Population population;
    for (const core::Population &candidate : *populations) {
        if (candidate.row == user->population)
            population = candidate;
    }
    const auto link = opened->environment().signOns().externalLink(user->row);
    if (!link)
        return fail(link.error());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto catalog = opened->environment().catalog();
    const auto lock = store::SignOnLocks(opened->environment().database())
                          .lockOf(store::SignOnLocks::nameSubject(user->values.text(catalog->username())), now);
    if (!lock)
        return fail(lock.error());
    QJsonObject json = core::withExternalLink(core::toJson(*user, *catalog, population), *link);
    const bool *enabled = std::get_if<bool>(&user->values.get(catalog->enabled()));
    json.insert(QStringLiteral("account"), store::accountJson(*lock, !enabled || *enabled, now));
    terminal().printJson(json);
    finish(Exit::Done);
}

void UserExport::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("format"), tr("csv (default) or json, one line a user."), QStringLiteral("FORMAT")});
    parser.addOption({QStringLiteral("out"), tr("Write to this file instead of standard output."), QStringLiteral("FILE")});
}

void UserExport::start()
{
    const QString format = isSet(QStringLiteral("format")) ? option(QStringLiteral("format")) : QStringLiteral("csv");
    if (format != QStringLiteral("csv") && format != QStringLiteral("json"))
        return fail({core::Code::InvalidInput, tr("--format is csv or json"), format});
    store::Reader *opened = reader();
    if (!opened)
        return;
    std::optional<store::OutputFile> file;
    if (isSet(QStringLiteral("out"))) {
        file.emplace(option(QStringLiteral("out")));
        if (auto writable = file->open(invocation().environmentPath); !writable)
            return fail(writable.error());
    }
    const auto write = [&](const QByteArray &line) {
        if (file)
            file->write(line);
        else
            terminal().write(line);
        return file ? file->isGood() : terminal().isOpen();
    };
    const auto catalog = opened->environment().catalog();
    if (format == QStringLiteral("csv")) {
        QByteArray header = "id,population";
        for (int number = 0; number < catalog->size(); ++number)
            header += ',' + core::csvField(catalog->at(number).name);
        write(header + "\r\n");
    }
    const auto exported = forEachUser({}, -1, [&](const core::User &user, const core::Population &population) {
        if (format == QStringLiteral("json"))
            return write(core::visibleJson(QJsonDocument(core::toJson(user, *catalog, population)).toJson(QJsonDocument::Compact) + '\n'));
        QByteArray line = user.id.toString(QUuid::WithoutBraces).toLatin1() + ',' + core::csvField(population.name);
        for (int number = 0; number < catalog->size(); ++number)
            line += ',' + core::csvField(user.values.text(number));
        return write(line + "\r\n");
    });
    if (!exported)
        return fail(exported.error());
    if (file) {
        if (auto written = file->commit(); !written)
            return fail(written.error());
    }
    finish(Exit::Done);
}

void GroupList::start()
{
    store::Reader *opened = reader();
    if (!opened)
        return;
    const auto groups = opened->groups(QString());
    if (!groups)
        return fail(groups.error());
    QList<QStringList> rows;
    for (const core::Group &group : *groups) {
        if (terminal().isJson())
            terminal().printJsonLine(toJson(group));
        else
            rows.append({group.name, group.displayName, sourceName(group.source), QString::number(group.memberCount)});
    }
    if (!terminal().isJson())
        terminal().printTable({tr("NAME"), tr("DISPLAY NAME"), tr("SOURCE"), tr("MEMBERS")}, rows);
    finish(Exit::Done);
}

void GroupShow::start()
{
    store::Reader *opened = reader();
    if (!opened)
        return;
    const auto group = opened->environment().identities().groupByName(argument(0));
    if (!group)
        return fail(group.error());
    store::UserQuery query;
    query.group = group->row;
    const int username = opened->environment().catalog()->username();
    QJsonArray members;
    const auto listed = forEachUser(query, -1, [&](const core::User &user, const core::Population &) {
        members.append(QJsonObject{{QStringLiteral("id"), user.id.toString(QUuid::WithoutBraces)},
                                   {QStringLiteral("username"), user.values.text(username)}});
        return true;
    });
    if (!listed)
        return fail(listed.error());
    QJsonObject document = toJson(*group);
    document.insert(QStringLiteral("members"), members);
    terminal().printJson(document);
    finish(Exit::Done);
}

void PopulationList::start()
{
    store::Reader *opened = reader();
    if (!opened)
        return;
    const auto populations = opened->environment().identities().populations();
    const auto counts = opened->userCountsByPopulation();
    if (!populations)
        return fail(populations.error());
    if (!counts)
        return fail(counts.error());
    QList<QStringList> rows;
    for (const core::Population &population : *populations) {
        const qint64 users = counts->value(population.row);
        if (terminal().isJson()) {
            terminal().printJsonLine({{QStringLiteral("id"), population.id.toString(QUuid::WithoutBraces)},
                                      {QStringLiteral("name"), population.name},
                                      {QStringLiteral("description"), population.description},
                                      {QStringLiteral("default"), population.isDefault},
                                      {QStringLiteral("userCount"), users}});
        } else {
            rows.append({population.name, population.isDefault ? tr("default") : QString(), QString::number(users), population.description});
        }
    }
    if (!terminal().isJson())
        terminal().printTable({tr("NAME"), tr("DEFAULT"), tr("USERS"), tr("DESCRIPTION")}, rows);
    finish(Exit::Done);
}

} // namespace gatehouse::cli
