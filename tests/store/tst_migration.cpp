// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment that an earlier program wrote: everything in it is found again, and what its runs did can still be taken
// back. data/version6.sql was written by that program.
#include "core/plan/inverse.h"
#include "store/relations.h"
#include "tests/store/environmentfixture.h"
#include "tests/support/testmain.h"

#include <QFile>

#include <sqlite3.h>

using namespace gatehouse;
using namespace gatehouse::store;

class MigrationTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        f = std::make_unique<EnvironmentFixture>();
        QFile script(QStringLiteral(GATEHOUSE_SOURCE_DIR "/tests/store/data/version6.sql"));
        QVERIFY(script.open(QIODevice::ReadOnly));
        sqlite3 *file = nullptr;
        QCOMPARE(sqlite3_open(QFile::encodeName(f->path).constData(), &file), SQLITE_OK);
        const int written = sqlite3_exec(file, script.readAll().constData(), nullptr, nullptr, nullptr);
        QVERIFY2(written == SQLITE_OK, sqlite3_errmsg(file));
        sqlite3_close(file);
        VERIFY_OK(f->open(Environment::Access::ReadWrite));
        const core::Configuration configuration = f->environment->configurations().load().value();
        f->gateway = configuration.gateways.first().id;
        m_rule = configuration.rules.first().id;
    }

    void keepsLinks()
    {
        LinkIndex index = f->environment->links().load(f->gateway).value();
        QCOMPARE(index.size(), 19);
        const core::User ana = f->identities().userByKey(QStringLiteral("ana.sousarem")).value();
        const auto people = f->environment->links().people(f->gateway, {ana.row}).value();
        QCOMPARE(people.size(), size_t(1));
        QCOMPARE(people[0].rule, m_rule);
        QVERIFY(people[0].sourceDn.startsWith("cn=Ana"));
        Link *link = index.find(people[0].sourceId);
        QVERIFY(link);
        QCOMPARE(link->userRow, ana.row);
        QCOMPARE(index.state(*link, people[0].sourceId).fingerprint, people[0].fingerprint);
        QCOMPARE(groupsOfUser(f->database(), ana.row).value().first().name, QStringLiteral("Pilots"));
        QCOMPARE(f->environment->links().missingSince(f->gateway, f->environment->links().ruleRow(m_rule).value()).value().size(), 1);
    }

    void keepsHistory()
    {
        const QList<Run> runs = f->environment->runs().list().value();
        QCOMPARE(runs.size(), 4);
        QCOMPARE(runs.last().counts.users.create, 22);
        QCOMPARE(runs.first().counts.users.remove, 1);
        const QList<core::Step> created = f->environment->runs().steps(runs.last().row, 0, 100).value();
        QCOMPARE(created.size(), 22);
        // Who was changed and who was deleted later: each with the values of then.
        const auto stepOf = [&](const QByteArray &name) {
            const auto found = std::find_if(created.cbegin(), created.cend(),
                                            [&](const core::Step &step) { return step.target.name == name; });
            return found == created.cend() ? core::Step() : *found;
        };
        QVERIFY(stepOf("alden.ashcombe").changes.contains(given("title", QStringLiteral("Site Reliability Engineer"))));
        QVERIFY(stepOf("zoe.groessling").changes.contains(given("title", QStringLiteral("Team Lead"))));
        QCOMPARE(stepOf("zoe.groessling").target.uuid().isNull(), false);
    }

    void takesBackWhatWasDone()
    {
        const qint64 last = f->environment->runs().list().value().first().row;
        const QList<core::Step> done = f->environment->runs().steps(last, 0, 10).value();
        QCOMPARE(done.size(), 1);
        const QList<core::Step> back = core::inverse(std::vector<core::Step>(done.begin(), done.end()));
        const auto problems = f->identities().apply(f->context(), back);
        VERIFY_OK(problems);
        QVERIFY2(!problems->front(), qPrintable(problems->front().value_or(core::Problem()).message));
        const core::User user = f->identities().userByKey(QStringLiteral("ansgar.groessling")).value();
        QCOMPARE(user.id, done.first().target.uuid());
        QCOMPARE(user.authorityUserType, QStringLiteral("Staff"));
        QCOMPARE(groupsOfUser(f->database(), user.row).value().size(), 1);
        const auto links = linksOfUser(f->database(), user.row).value();
        QCOMPARE(links.size(), 1);
        QCOMPARE(links.first().rule, m_rule);
        QCOMPARE(links.first().sourceId, done.first().source.id);
    }

private:
    std::unique_ptr<EnvironmentFixture> f;
    QUuid m_rule;
};

CONSOLE_TEST(MigrationTest)
#include "tst_migration.moc"
