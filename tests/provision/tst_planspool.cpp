// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/planspool.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QThread>

#include <rapidcheck.h>

using namespace gatehouse;
using core::Action;

namespace {

core::Value anyValue()
{
    switch (*rc::gen::inRange(0, 5)) {
    case 0: return {};
    case 1: return true;
    case 2: return false;
    case 3: return QString::fromStdString(*rc::gen::arbitrary<std::string>());
    default: return QStringList{QStringLiteral("a"), QString(), QStringLiteral("Zoë")};
    }
}

core::PlanStep anyStep()
{
    const auto octets = [] { return QByteArray::fromStdString(*rc::gen::arbitrary<std::string>()); };
    core::PlanStep step;
    step.action = *rc::gen::element(Action::None, Action::Create, Action::Update, Action::Disable, Action::Failed);
    step.sourceDn = octets();
    step.sourceId = octets();
    step.targetRow = *rc::gen::arbitrary<uint32_t>();
    if (*rc::gen::arbitrary<bool>())
        step.targetId = QUuid::createUuid();
    step.username = QString::number(*rc::gen::arbitrary<int>());
    step.revision = *rc::gen::inRange(0, 100000);
    step.fingerprint = *rc::gen::arbitrary<uint64_t>();
    step.link = *rc::gen::arbitrary<bool>();
    for (int n = *rc::gen::inRange(0, 6); n > 0; --n)
        step.changes.append({QStringLiteral("attribute%1").arg(n), anyValue(), anyValue()});
    if (step.action == Action::Failed)
        step.problems.append({QStringLiteral("title"), core::ProblemCode::TooLong, QStringLiteral("too long")});
    return step;
}

core::PlanStep named(Action action, const QString &username)
{
    core::PlanStep step;
    step.action = action;
    step.username = username;
    return step;
}

} // namespace

class PlanSpoolTest : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasPutIn()
    {
        QVERIFY(rc::check("steps come back as they were", [] {
            std::vector<core::PlanStep> steps;
            provision::PlanSpool spool;
            for (int n = *rc::gen::inRange(0, 40); n > 0; --n) {
                steps.push_back(anyStep());
                RC_ASSERT(spool.append(steps.back()).has_value());
            }
            RC_ASSERT(spool.seal().has_value());
            RC_ASSERT(spool.size() == qsizetype(steps.size()));
            RC_ASSERT(*spool.steps(0, spool.size()) == steps);
            for (size_t i = 0; i < steps.size(); ++i) {
                RC_ASSERT(spool.steps(qsizetype(i), 1)->front() == steps[i]);
                RC_ASSERT(spool.action(qsizetype(i)) == steps[i].action);
            }
        }));
    }

    void filters()
    {
        provision::PlanSpool spool;
        for (int i = 0; i < 5000; ++i)
            QVERIFY(spool.append(named(i % 2 ? Action::Create : Action::Update, QStringLiteral("user.%1").arg(i))));
        QVERIFY(spool.seal());
        QCOMPARE(spool.filter({}, {}).size(), size_t(5000));
        QCOMPARE(spool.filter({Action::Create}, {}).size(), size_t(2500));
        QCOMPARE(spool.filter({}, QStringLiteral("USER.4999")), std::vector<uint32_t>{4999});
        QCOMPARE(spool.filter({Action::Update}, QStringLiteral("user.4999")).size(), size_t(0));
        int asked = 0;
        QVERIFY(spool.filter({}, QStringLiteral("user"), [&] { return ++asked > 2; }).size() < size_t(5000));
    }

    void manyThreadsMayRead()
    {
        provision::PlanSpool spool;
        for (int i = 0; i < 20000; ++i)
            QVERIFY(spool.append(named(Action::Create, QString::number(i))));
        QVERIFY(spool.seal());
        std::vector<std::unique_ptr<QThread>> threads;
        std::atomic_int wrong = 0;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back(QThread::create([&spool, &wrong, t] {
                for (int i = t; i < 20000; i += 7)
                    wrong += spool.steps(i, 1)->front().username != QString::number(i);
            }));
            threads.back()->start();
        }
        for (const auto &thread : threads)
            QVERIFY(thread->wait(30000));
        QCOMPARE(wrong.load(), 0);
    }
};

CONSOLE_TEST(PlanSpoolTest)
#include "tst_planspool.moc"
