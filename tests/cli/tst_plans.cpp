// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plans as a script handles them: written to a file or kept by their id, shown, compared, applied as they are, refused
// where they do not fit any more.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QDir>
#include <QTest>

#include <sys/stat.h>

using namespace gatehouse::test;

namespace {

const QString kRule = QStringLiteral("People in");

QByteArray titled(const QByteArray &uid, const QByteArray &title)
{
    return "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nchangetype: modify\nreplace: title\ntitle: " + title +
           "\n-\n\n";
}

/// A directory, and an environment that has all of it.
struct Company {
    Slapd slapd;
    Ctl ctl;
    QString file = ctl.folder.filePath(QStringLiteral("plan"));

    bool begin(int people = 20)
    {
        return slapd.load(Slapd::people(people)) && slapd.start() &&
               ctl.configure(Ctl::configuration(slapd)).exitCode == 0;
    }
    Printed run(const QStringList &words) const { return ctl.run(QStringList{QStringLiteral("--json")} + words); }
    Printed plan(const QString &out) const
    {
        return run({QStringLiteral("plan"), kRule, QStringLiteral("--out"), out});
    }
    Printed apply(const QString &plan, const QStringList &more = {}) const
    {
        return run(QStringList{QStringLiteral("apply"), QStringLiteral("--plan"), plan} + more);
    }
    QString title(const QString &username) const
    {
        return run({QStringLiteral("user"), QStringLiteral("show"), username})
            .json()
            .value(QStringLiteral("title"))
            .toString();
    }
};

int number(const QJsonObject &json, const char *group, const char *key)
{
    return json.value(QLatin1String(group)).toObject().value(QLatin1String(key)).toInt(-1);
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString what(const Printed &printed)
{
    return printed.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("what")).toString();
}

} // namespace

class Plans : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void isWrittenShownAndApplied()
    {
        Company c;
        QVERIFY(c.begin());
        const Printed planned = c.plan(c.file);
        QCOMPARE(planned.exitCode, 0);
        const QJsonObject plan = planned.json();
        QCOMPARE(number(plan, "counts", "create"), 20);
        QCOMPARE(plan.value(QStringLiteral("changes")).toArray().size(), 20);
        const QJsonObject reading = plan.value(QStringLiteral("reading")).toObject();
        QCOMPARE(reading.value(QStringLiteral("kind")).toString(), QStringLiteral("full"));
        QCOMPARE(reading.value(QStringLiteral("entries")).toInt(), 20);
        QCOMPARE(QFile::permissions(c.file) & ~(QFile::ReadUser | QFile::WriteUser),
                 QFile::ReadOwner | QFile::WriteOwner);

        const QJsonObject shown = c.run({QStringLiteral("plan"), QStringLiteral("show"), c.file}).json();
        for (const QString &key : plan.keys()) {
            if (key != QStringLiteral("kept"))
                QCOMPARE(shown.value(key), plan.value(key));
        }
        const Printed text = c.ctl.run({QStringLiteral("plan"), QStringLiteral("show"), c.file});
        QVERIFY2(text.out.contains("user.3") && text.out.contains("create 20") &&
                     text.out.contains(plan.value(QStringLiteral("id")).toString().toUtf8()),
                 text.out.constData());

        // Without the directory: what was read was read.
        c.slapd.stop();
        const Printed applied = c.apply(c.file);
        QCOMPARE(applied.exitCode, 0);
        QCOMPARE(number(applied.json(), "counts", "create"), 20);
        QCOMPARE(applied.json().value(QStringLiteral("plan")), plan.value(QStringLiteral("id")));
        QCOMPARE(applied.json().value(QStringLiteral("reading")).toObject(), reading);
        const Printed again = c.apply(c.file);
        QCOMPARE(again.exitCode, 0);
        QCOMPARE(number(again.json(), "counts", "create"), 0);
        QVERIFY2(again.out.contains("applied already by run 1"), again.out.constData());
        const QJsonObject run = c.run({QStringLiteral("run"), QStringLiteral("show"), QStringLiteral("2")}).json();
        QCOMPARE(number(run, "counts", "failed"), 0);
    }

    void writesOverNothingOfValue()
    {
        Company c;
        QVERIFY(c.begin(5));
        const QString other = c.ctl.folder.filePath(QStringLiteral("other.gatehouse"));
        QVERIFY(QFile::copy(c.ctl.environment, other));
        const QByteArray before = readFile(other);
        const QString pipe = c.ctl.folder.filePath(QStringLiteral("pipe"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        for (const QString &file : QStringList{other, c.ctl.environment + QStringLiteral("-endpoint.pem"),
                                                c.ctl.environment + QStringLiteral(".lock"), c.ctl.environment, pipe}) {
            const Printed refused = c.plan(file);
            QVERIFY2(refused.exitCode == 2, qPrintable(file + u' ' + QString::fromUtf8(refused.out + refused.err)));
        }
        QCOMPARE(readFile(other), before);
        QVERIFY(!QFile::exists(c.ctl.environment + QStringLiteral("-endpoint.pem")));
    }

    void isKeptByItsId()
    {
        Company c;
        QVERIFY(c.begin(3));
        const Printed planned = c.run({QStringLiteral("plan"), kRule});
        const QString id = planned.json().value(QStringLiteral("id")).toString();
        QVERIFY(planned.json().value(QStringLiteral("kept")).toBool());
        QCOMPARE(number(c.run({QStringLiteral("plan"), QStringLiteral("show"), id}).json(), "counts", "create"), 3);
        for (int i = 0; i < 25; ++i)
            QCOMPARE(c.run({QStringLiteral("plan"), kRule}).exitCode, 0);
        QCOMPARE(QDir(c.ctl.environment + QStringLiteral("-plans")).entryList(QDir::Files).size(), 20);
        const Printed gone = c.apply(id);
        QCOMPARE(gone.exitCode, 2);
        QVERIFY2(what(gone).contains(id), gone.out.constData());
        const QString last = c.run({QStringLiteral("plan"), kRule}).json().value(QStringLiteral("id")).toString();
        QCOMPARE(number(c.apply(last).json(), "counts", "create"), 3);
    }

    void leavesWhoDrifted()
    {
        Company c;
        QVERIFY(c.begin());
        QCOMPARE(c.run({QStringLiteral("apply"), kRule}).exitCode, 0);
        QVERIFY(c.slapd.modify(titled("user.3", "King") + titled("user.4", "Duke")));
        QCOMPARE(c.plan(c.file).exitCode, 0);
        // Another run comes in between.
        QVERIFY(c.slapd.modify(titled("user.3", "Emperor")));
        QCOMPARE(c.run({QStringLiteral("apply"), kRule, QStringLiteral("--user"), QStringLiteral("user.3")}).exitCode,
                 0);
        const Printed applied = c.apply(c.file);
        QCOMPARE(applied.exitCode, 4);
        QCOMPARE(number(applied.json(), "counts", "update"), 1);
        QCOMPARE(number(applied.json(), "counts", "failed"), 1);
        QCOMPARE(c.title(QStringLiteral("user.3")), QStringLiteral("Emperor"));
        QCOMPARE(c.title(QStringLiteral("user.4")), QStringLiteral("Duke"));
        const QString run = applied.json().value(QStringLiteral("run")).toString();
        const Printed shown = c.run({QStringLiteral("run"), QStringLiteral("show"), run});
        QVERIFY2(shown.out.contains("CHANGED_MEANWHILE") && shown.out.contains("Emperor"), shown.out.constData());
    }

    void isRefusedWhereItDoesNotFit()
    {
        Company c;
        QVERIFY(c.begin(5));
        QCOMPARE(c.plan(c.file).exitCode, 0);
        QJsonObject configuration = Ctl::configuration(c.slapd);
        QJsonObject rule = configuration.value(QStringLiteral("rules")).toArray().at(0).toObject();
        rule.insert(QStringLiteral("userFilter"), QStringLiteral("(uid=user.1)"));
        configuration.insert(QStringLiteral("rules"), QJsonArray{rule});
        QCOMPARE(c.ctl.configure(configuration).exitCode, 0);
        const Printed stale = c.apply(c.file);
        QCOMPARE(stale.exitCode, 2);
        QVERIFY2(stale.out.contains("filter"), stale.out.constData());
        QCOMPARE(c.run({QStringLiteral("run"), QStringLiteral("list")}).jsonLines().size(), 0);

        Ctl elsewhere;
        QCOMPARE(elsewhere.configure(Ctl::configuration(c.slapd)).exitCode, 0);
        const Printed foreign =
            elsewhere.run({QStringLiteral("--json"), QStringLiteral("apply"), QStringLiteral("--plan"), c.file});
        QCOMPARE(foreign.exitCode, 2);
        QVERIFY2(what(foreign).contains(QStringLiteral("environment")), foreign.out.constData());

        QFile file(c.file);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(file.size() / 2);
        QVERIFY(file.putChar('\x7f'));
        file.close();
        for (const QStringList &words : {QStringList{QStringLiteral("apply"), QStringLiteral("--plan"), c.file},
                                         {QStringLiteral("plan"), QStringLiteral("show"), c.file},
                                         {QStringLiteral("plan"), QStringLiteral("diff"), c.file, c.file}}) {
            const Printed changed = c.run(words);
            QCOMPARE(changed.exitCode, 2);
            QVERIFY2(!what(changed).isEmpty(), changed.out.constData());
        }
        QCOMPARE(c.apply(c.ctl.environment).exitCode, 2);
        QCOMPARE(c.plan(c.ctl.environment).exitCode, 2);
        QCOMPARE(c.apply(c.ctl.folder.filePath(QStringLiteral("nowhere"))).exitCode, 2);
    }

    void isStoppedByItsGuards()
    {
        Company c;
        QVERIFY(c.begin(20));
        QCOMPARE(c.run({QStringLiteral("apply"), kRule}).exitCode, 0);
        QByteArray gone;
        for (int i = 0; i < 8; ++i)
            gone += "dn: uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com\nchangetype: delete\n\n";
        QVERIFY(c.slapd.modify(gone));
        QCOMPARE(c.plan(c.file).exitCode, 0);
        const Printed stopped = c.apply(c.file);
        QCOMPARE(stopped.exitCode, 5);
        QCOMPARE(c.apply(c.file, {QStringLiteral("--only"), QStringLiteral("user.1")}).exitCode, 5);
        // A run that a guard stops leaves its plan.
        const Printed run = c.run({QStringLiteral("apply"), kRule});
        QCOMPARE(run.exitCode, 5);
        const QString id = run.json().value(QStringLiteral("plan")).toString();
        QCOMPARE(number(c.run({QStringLiteral("plan"), QStringLiteral("show"), id}).json(), "counts", "disable"), 8);
    }

    void appliesOnlyWhomOneNames()
    {
        Company c;
        QVERIFY(c.begin(10));
        QCOMPARE(c.plan(c.file).exitCode, 0);
        const Printed some = c.apply(c.file, {QStringLiteral("--only"), QStringLiteral("user.1"),
                                              QStringLiteral("uid=user.2,ou=people,dc=example,dc=com"),
                                              QStringLiteral("--only"), QStringLiteral("user.3")});
        QCOMPARE(some.exitCode, 0);
        QCOMPARE(number(some.json(), "counts", "create"), 3);
        QCOMPARE(c.apply(c.file, {QStringLiteral("--only"), QStringLiteral("nobody")}).exitCode, 2);
        for (const QStringList &words :
             {QStringList{QStringLiteral("apply"), kRule, QStringLiteral("--only"), QStringLiteral("user.1")},
              {QStringLiteral("apply"), kRule, QStringLiteral("--plan"), c.file},
              {QStringLiteral("apply"), QStringLiteral("--plan"), c.file, QStringLiteral("--full")},
              {QStringLiteral("apply")},
              {QStringLiteral("apply"), kRule, kRule}})
            QCOMPARE(c.run(words).exitCode, 2);
    }

    void comparesTwo()
    {
        Company c;
        QVERIFY(c.begin(6));
        const QString second = c.ctl.folder.filePath(QStringLiteral("second"));
        QCOMPARE(c.plan(c.file).exitCode, 0);
        QCOMPARE(c.plan(second).exitCode, 0);
        const auto diff = [&](const QString &left, const QString &right) {
            return c.run({QStringLiteral("plan"), QStringLiteral("diff"), QStringLiteral("--exit-code"), left, right});
        };
        const Printed same = diff(c.file, second);
        QCOMPARE(same.exitCode, 0);
        QVERIFY(same.json().value(QStringLiteral("same")).toBool());
        QVERIFY(c.slapd.modify(titled("user.2", "King") +
                               "dn: uid=user.5,ou=people,dc=example,dc=com\nchangetype: delete\n\n"));
        QCOMPARE(c.plan(second).exitCode, 0);
        const Printed other = diff(c.file, second);
        QCOMPARE(other.exitCode, 10);
        const QJsonArray differences = other.json().value(QStringLiteral("differences")).toArray();
        QCOMPARE(differences.size(), 2);
        int both = 0;
        for (const QJsonValue &difference : differences)
            both += difference.toObject().value(QStringLiteral("right")).isObject();
        QCOMPARE(both, 1);
        const Printed text = c.ctl.run({QStringLiteral("plan"), QStringLiteral("diff"), c.file, second});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.out.contains("< + create") && text.out.contains("> + create") && text.out.contains("King"),
                 text.out.constData());
    }
};

CONSOLE_TEST(Plans)
#include "tst_plans.moc"
