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

QByteArray octets()
{
    return QByteArray::fromStdString(*rc::gen::arbitrary<std::string>());
}

QUuid anyId()
{
    static const QUuid some[] = {QUuid(), QUuid::createUuid(), QUuid::createUuid()};
    return *rc::gen::element(some[0], some[1], some[2]);
}

core::LinkState anyState(const core::ObjectRef &source)
{
    core::LinkState state;
    state.id = *rc::gen::element(QByteArray(), octets(), source.id);
    if (!state.exists())
        return {};
    state.dn = *rc::gen::element(octets(), source.name);
    state.rule = anyId();
    state.fingerprint = *rc::gen::arbitrary<uint64_t>();
    state.disabling = *rc::gen::element(core::Disabling::None, core::Disabling::Left, core::Disabling::Inactive);
    return state;
}

core::LinkChange anyLink(const core::ObjectRef &source)
{
    return {anyId(), anyState(source), anyState(source)};
}

core::Frame anyFrame()
{
    core::Frame frame{anyId(), {}};
    if (*rc::gen::arbitrary<bool>())
        frame.authority = core::Authority{anyId(), anyId(), QStringLiteral("Head office"), QString()};
    return frame;
}

core::MembershipChange anyMembership()
{
    using Kind = core::MembershipSource::Kind;
    return {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), {core::ObjectKind::Group, octets(), octets()},
            {*rc::gen::element(core::ObjectKind::User, core::ObjectKind::Group), octets(), octets()},
            {*rc::gen::element(Kind::ByHand, Kind::SignOn, Kind::Rule), anyId()}};
}

core::Step anyStep()
{
    core::Step step;
    step.action = *rc::gen::element(Action::None, Action::Create, Action::Update, Action::Disable, Action::Failed);
    step.source = {core::ObjectKind::Entry, octets(), octets()};
    step.target.kind = *rc::gen::element(core::ObjectKind::User, core::ObjectKind::Group, core::ObjectKind::Entry);
    if (*rc::gen::arbitrary<bool>())
        step.target.id = QUuid::createUuid().toRfc4122();
    step.target.name = octets();
    step.revision = *rc::gen::inRange(0, 100000);
    if (*rc::gen::arbitrary<bool>())
        step.link = anyLink(step.source);
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n)
        step.otherLinks.append(anyLink({core::ObjectKind::Entry, octets(), octets()}));
    if (*rc::gen::arbitrary<bool>())
        step.frame = {anyFrame(), anyFrame()};
    for (int n = *rc::gen::inRange(0, 3); n > 0; --n)
        step.memberships.append(anyMembership());
    if (*rc::gen::arbitrary<bool>())
        step.after = {octets()};
    step.ring = *rc::gen::inRange(0u, 3u);
    for (int n = *rc::gen::inRange(0, 6); n > 0; --n)
        step.changes.append({QStringLiteral("attribute%1").arg(n), anyValue(), anyValue()});
    if (step.action == Action::Failed)
        step.problems.append({QStringLiteral("title"), core::ProblemCode::TooLong, QStringLiteral("too long")});
    return step;
}

core::Step named(Action action, const QString &username)
{
    core::Step step;
    step.action = action;
    step.target.name = username.toUtf8();
    return step;
}

} // namespace

class PlanSpoolTest : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasPutIn()
    {
        QVERIFY(rc::check("steps come back as they were", [] {
            std::vector<core::Step> steps;
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
                    wrong += spool.steps(i, 1)->front().target.text() != QString::number(i);
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
