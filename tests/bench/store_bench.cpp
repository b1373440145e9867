// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the environment's file can do with many people: a first run of creates, links, searches, orders, a second run
// of updates. Usage: store_bench [PEOPLE [BATCH [FOLDER]]]; prints one JSON line per figure. With KEEP=1 in the
// environment the file stays.
#include "core/plan/step.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/environment.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/links.h"
#include "store/reader.h"
#include "store/runs.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

using namespace gatehouse;
using namespace gatehouse::store;

namespace {

void figure(const char *name, double value, const char *unit)
{
    std::printf("{\"figure\": \"%s\", \"value\": %.1f, \"unit\": \"%s\"}\n", name, value, unit);
    std::fflush(stdout);
}

template <typename T>
T must(core::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().text()));
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

double residentMegabytes()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    return status.readAll().split(' ').at(1).toDouble() * 4096 / 1e6;
}

/// A number that looks random and never repeats: names and ids in no order, as in a real directory.
quint64 shuffled(quint64 number)
{
    quint64 x = number + 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

const char *const kGiven[] = {"Anna", "Boris", "Chandra", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jonas"};
const char *const kFamily[] = {"Novak", "Okafor", "Petersen", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Varga",
                               "Wojcik", "Xu", "Yilmaz", "Zimmermann"};

const QUuid kGateway(QStringLiteral("11111111-2222-4333-8444-555555555555"));
const QUuid kRule(QStringLiteral("66666666-7777-4888-8999-aaaaaaaaaaaa"));

QByteArray entryId(quint64 number)
{
    const quint64 random = shuffled(number);
    return QByteArray(reinterpret_cast<const char *>(&random), 8) + QByteArray::number(number).rightJustified(8, '0');
}

QString usernameOf(quint64 number)
{
    const QString last = QString::fromLatin1(kFamily[(shuffled(number) >> 8) % std::size(kFamily)]);
    return QStringLiteral("%1.%2").arg(last.toLower()).arg(quint32(number * 0x9e3779b1u), 0, 36);
}

core::Step createStep(quint64 number)
{
    static const QString username = QStringLiteral("username");
    static const QString given = QStringLiteral("name.given");
    static const QString family = QStringLiteral("name.family");
    static const QString formatted = QStringLiteral("name.formatted");
    static const QString email = QStringLiteral("email");
    static const QString title = QStringLiteral("title");
    static const QString phone = QStringLiteral("primaryPhone");
    static const QString external = QStringLiteral("externalId");
    const quint64 random = shuffled(number);
    const QString first = QString::fromLatin1(kGiven[random % std::size(kGiven)]);
    const QString last = QString::fromLatin1(kFamily[(random >> 8) % std::size(kFamily)]);
    const QString name = usernameOf(number);
    core::Step step;
    step.action = core::Action::Create;
    step.target.id = timeOrderedId().toRfc4122();
    step.target.name = name.toUtf8();
    step.source.id = entryId(number);
    step.source.name = "uid=" + step.target.name + ",ou=people,ou=branch" + QByteArray::number(number % 50) + ",dc=example,dc=com";
    step.link = {kGateway, {}, {step.source.id, step.source.name, kRule, random | 1}};
    step.changes = {{username, {}, name},
                    {given, {}, first},
                    {family, {}, last},
                    {formatted, {}, QString(first + u' ' + last)},
                    {email, {}, QString(name + QStringLiteral("@example.com"))},
                    {title, {}, QStringLiteral("Engineer %1").arg(number % 97)},
                    {phone, {}, QStringLiteral("+44 20 %1").arg(number % 100000000, 8, 10, QLatin1Char('0'))},
                    {external, {}, QString::number(number)}};
    return step;
}

/// What this process has used, which says more than the clock on a busy machine.
double processorSeconds()
{
    timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return double(spent.tv_sec) + double(spent.tv_nsec) / 1e9;
}

template <typename Work>
void measure(const char *name, Work work)
{
    QElapsedTimer timer;
    timer.start();
    const double spent = processorSeconds();
    work();
    figure(name, double(timer.nsecsElapsed()) / 1e6, "ms");
    figure((std::string(name) + ", processor").c_str(), (processorSeconds() - spent) * 1e3, "ms");
}

void measureReader(const QString &path)
{
    auto reader = must(Reader::open(path));
    const auto ids = [&](const char *name, const UserQuery &query) {
        size_t found = 0;
        measure(name, [&] { found = must(reader->userIds(query)).size(); });
        figure((std::string(name) + " (found)").c_str(), double(found), "users");
    };
    measure("first 100 by username", [&] { (void)must(reader->firstUserIds({}, 100)); });
    ids("userIds by username", {});
    UserQuery query;
    query.order = UserOrder::Name;
    ids("userIds by name", query);
    query.order = UserOrder::Email;
    ids("userIds by email", query);
    query.order = UserOrder::Updated;
    ids("userIds by update", query);
    query.order = UserOrder::Population;
    ids("userIds by population", query);
    query.order = UserOrder::Enabled;
    ids("userIds by enabled", query);
    query = {};
    query.search = QStringLiteral("zimmermann.3");
    ids("search, few", query);
    query.search = QStringLiteral("no such person");
    ids("search, none", query);
    query.search = QStringLiteral("schmidt");
    ids("search, many", query);
    query.search = QStringLiteral("e");
    ids("search, most", query);
    query.search.clear();
    query.enabled = 0;
    ids("filter disabled", query);
    {
        auto fresh = must(Reader::open(path));
        UserQuery first;
        first.search = QStringLiteral("zimmermann.3");
        measure("search, few, first query of a reader", [&] { (void)must(fresh->userIds(first)); });
    }
    const auto all = must(reader->userIds({}));
    measure("userRows of 256", [&] { (void)must(reader->userRows(std::span(all).subspan(all.size() / 2, 256))); });
    measure("counts by population", [&] { (void)must(reader->userCountsByPopulation()); });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const qint64 people = argc > 1 ? std::atoll(argv[1]) : 1000000;
    const qint64 batch = argc > 2 ? std::atoll(argv[2]) : 5000;
    QTemporaryDir folder(argc > 3 ? QString::fromLocal8Bit(argv[3]) + QStringLiteral("/storebench-XXXXXX") : QString());
    folder.setAutoRemove(!qEnvironmentVariableIsSet("KEEP"));
    const QString path = folder.filePath(QStringLiteral("bench.gatehouse"));
    figure("people", double(people), "users");
    figure("batch", double(batch), "steps");

    auto environment = must(Environment::open(path, Environment::Access::Create));
    ApplyContext context;
    context.run = must(environment->runs().begin(QStringLiteral("Staff in"), QUuid::createUuid(), QStringLiteral("bench")));
    context.gateway = kGateway;

    const auto applyAll = [&](const char *name, auto makeStep) {
        qint64 applying = 0;
        qint64 slowest = 0;
        double spent = 0;
        QElapsedTimer timer;
        for (qint64 from = 0; from < people; from += batch) {
            std::vector<core::Step> steps;
            steps.reserve(size_t(batch));
            for (qint64 number = from; number < std::min(from + batch, people); ++number)
                steps.push_back(makeStep(quint64(number)));
            timer.start();
            const double before = processorSeconds();
            const auto problems = must(environment->identities().apply(context, steps));
            const qint64 elapsed = timer.nsecsElapsed();
            applying += elapsed;
            spent += processorSeconds() - before;
            slowest = std::max(slowest, elapsed);
            for (const auto &problem : problems) {
                if (problem) {
                    std::fprintf(stderr, "refused: %s\n", qPrintable(problem->message));
                    std::exit(1);
                }
            }
        }
        figure(name, double(applying) / 1e9, "s");
        figure((std::string(name) + ", processor").c_str(), spent, "s");
        figure((std::string(name) + ", slowest batch").c_str(), double(slowest) / 1e6, "ms");
    };

    // As a run does it: told of the creates, the environment puts its indexes off and makes them at the end.
    QElapsedTimer whole;
    whole.start();
    must(environment->identities().beginBulk(people));
    std::vector<QByteArray> ids;
    ids.reserve(size_t(people));
    applyAll("creates", [&](quint64 number) {
        core::Step step = createStep(number);
        ids.push_back(step.target.id);
        return step;
    });
    measure("indexes", [&] { must(environment->identities().endBulk()); });
    figure("creates with the making of steps and indexes", double(whole.nsecsElapsed()) / 1e9, "s");
    figure("resident after creates", residentMegabytes(), "MB");
    measure("close", [&] { environment.reset(); });
    figure("file", double(QFileInfo(path).size()) / 1e6, "MB");
    measure("open", [&] { environment = must(Environment::open(path, Environment::Access::ReadWrite)); });

    {
        const double before = residentMegabytes();
        LinkIndex index;
        measure("link load", [&] { index = must(environment->links().load(context.gateway)); });
        figure("link index", double(index.occupied()) / 1e6, "MB");
        figure("resident growth by links", residentMegabytes() - before, "MB");
        qint64 found = 0;
        measure("link lookups", [&] {
            for (qint64 number = 0; number < people; ++number) {
                found += index.find(entryId(quint64(number))) != nullptr;
            }
        });
        figure("links found", double(found), "links");
    }
    std::vector<core::User> users;
    measure("users() of 5000", [&] {
        std::vector<qint64> rows;
        for (qint64 row = 1; row <= std::min<qint64>(5000, people); ++row)
            rows.push_back(row);
        users = must(environment->identities().users(rows));
    });
    measure("usersByUsernameKey of 5000", [&] {
        QStringList keys;
        for (qint64 number = 0; number < std::min<qint64>(5000, people); ++number)
            keys.append(core::usernameKey(usernameOf(quint64(number))));
        (void)must(environment->identities().usersByUsernameKey(keys, context.gateway));
    });
    measureReader(path);

    // A second run: everybody's title changes.
    const auto stepFor = [&](quint64 number, quint64 fingerprint) {
        core::Step step;
        step.target.id = ids[number];
        step.target.name = "somebody";
        step.source.id = entryId(number);
        step.source.name = "uid=somebody,ou=people,dc=example,dc=com";
        step.link = {kGateway, {step.source.id, {}, kRule, 1}, {step.source.id, step.source.name, kRule, fingerprint}};
        return step;
    };
    static const QString title = QStringLiteral("title");
    applyAll("updates of one attribute", [&](quint64 number) {
        core::Step step = stepFor(number, number + 1);
        step.action = core::Action::Update;
        step.revision = 1;
        step.changes = {{title, QStringLiteral("Engineer"), QStringLiteral("Principal %1").arg(number)}};
        return step;
    });
    applyAll("fingerprints refreshed", [&](quint64 number) { return stepFor(number, number + 2); });
    environment.reset();
    figure("file at the end", double(QFileInfo(path).size()) / 1e6, "MB");
    if (!folder.autoRemove())
        std::printf("%s\n", qPrintable(path));
    return 0;
}
