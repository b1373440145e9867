// SPDX-License-Identifier: GPL-3.0-or-later
//
// An apply that is killed (SIGKILL) at any moment leaves a sound environment: the next plan and apply end in the state
// of a run that was never killed.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace gatehouse::test;

namespace {

constexpr int kPeople = 8000;
constexpr int kKills = 20;

/// Everything about everybody but the ids, which differ between environments.
QByteArrayList everybody(const Ctl &ctl)
{
    QByteArrayList lines = ctl.run({QStringLiteral("user"), QStringLiteral("export")}).out.split('\n');
    for (QByteArray &line : lines)
        line = line.mid(line.indexOf(','));
    std::sort(lines.begin(), lines.end());
    return lines;
}

} // namespace

class KillTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { REQUIRE_SERVER("slapd"); }

    void endsAsIfNeverKilled()
    {
        Slapd slapd;
        QVERIFY2(slapd.load(Slapd::people(kPeople)) && slapd.start(), qPrintable(slapd.errorText()));
        const QStringList apply = {QStringLiteral("apply"), QStringLiteral("People in"), QStringLiteral("--json")};
        Ctl reference;
        QCOMPARE(reference.configure(Ctl::configuration(slapd)).exitCode, 0);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(reference.run(apply).exitCode, 0);
        const auto duration = quint32(timer.elapsed());
        const QByteArrayList expected = everybody(reference);
        QCOMPARE(expected.size(), kPeople + 2); // the header, and what follows the last line's end

        const quint32 seed = QRandomGenerator::global()->generate();
        QRandomGenerator random(seed);
        int cutShort = 0;
        for (int kill = 0; kill < kKills; ++kill) {
            Ctl ctl;
            QCOMPARE(ctl.configure(Ctl::configuration(slapd)).exitCode, 0);
            QProcess victim;
            victim.start(Ctl::program(), QStringList{QStringLiteral("--environment"), ctl.environment} + apply);
            QVERIFY(victim.waitForStarted());
            const int moment = int(random.bounded(duration + 1));
            victim.waitForFinished(moment);
            cutShort += victim.state() == QProcess::Running;
            victim.kill();
            victim.waitForFinished();

            const QString context = QStringLiteral("killed after %1 ms (seed %2)").arg(moment).arg(seed);
            // Shown as what it was, with what it had done: before anybody has made anything good.
            const QList<QJsonObject> runs = ctl.run({QStringLiteral("run"), QStringLiteral("list"), QStringLiteral("--json")}).jsonLines();
            QVERIFY2(runs.size() <= 1, qPrintable(context));
            if (!runs.isEmpty()) {
                const QString status = runs.first().value(QStringLiteral("status")).toString();
                QVERIFY2(status == QStringLiteral("brokenOff") || status == QStringLiteral("succeeded"), qPrintable(context + status));
                const QJsonObject done = runs.first().value(QStringLiteral("counts")).toObject();
                QCOMPARE(done.value(QStringLiteral("create")).toInt(), everybody(ctl).size() - 2);
            }
            const Printed plan = ctl.run({QStringLiteral("plan"), QStringLiteral("People in"), QStringLiteral("--json")});
            QVERIFY2(plan.exitCode == 0, qPrintable(context + QString::fromUtf8(plan.out)));
            const Printed completed = ctl.run(apply);
            QVERIFY2(completed.exitCode == 0, qPrintable(context + QString::fromUtf8(completed.out)));
            QCOMPARE(completed.json().value(QStringLiteral("counts")), plan.json().value(QStringLiteral("counts")));
            QVERIFY2(everybody(ctl) == expected, qPrintable(context));
            const QJsonObject counts = ctl.run({QStringLiteral("plan"), QStringLiteral("People in"), QStringLiteral("--json")})
                                           .json().value(QStringLiteral("counts")).toObject();
            QCOMPARE(counts.value(QStringLiteral("unchanged")).toInt(), kPeople);
            for (const QJsonObject &run : ctl.run({QStringLiteral("run"), QStringLiteral("list"), QStringLiteral("--json")}).jsonLines())
                QVERIFY2(run.value(QStringLiteral("status")).toString() != QStringLiteral("running"), qPrintable(context));
        }
        QVERIFY2(cutShort >= kKills / 4, "too few runs were still at work when they were killed");
    }
};

CONSOLE_TEST(KillTest)
#include "tst_kill.moc"
