// SPDX-License-Identifier: GPL-3.0-or-later
//
// The container of plans: what was put in comes back, in order and by object; saved and opened it is the same, and a
// file that was changed anywhere, cut, made longer or made elsewhere is refused.
#include "provision/run/planfile.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <rapidcheck.h>

using namespace gatehouse;
using core::Action;

namespace {

core::Value anyValue()
{
    switch (*rc::gen::inRange(0, 5)) {
    case 0:
        return {};
    case 1:
        return true;
    case 2:
        return false;
    case 3:
        return QString::fromStdString(*rc::gen::arbitrary<std::string>());
    default:
        return QStringList{QStringLiteral("a"), QString(), QStringLiteral("Zoë")};
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
    return {*rc::gen::arbitrary<bool>(),
            *rc::gen::arbitrary<bool>(),
            {core::ObjectKind::Group, octets(), octets()},
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

store::Seal anySeal()
{
    return {QUuid::createUuid(), QByteArray(32, 'k')};
}

provision::PlanHead headFor(const store::Seal &seal)
{
    provision::PlanHead head;
    head.id = QUuid::createUuid();
    head.environment = seal.environment;
    head.ruleId = QUuid::createUuid();
    head.rule = QStringLiteral("Staff in");
    head.madeAt = QDateTime::fromMSecsSinceEpoch(1700000000123, Qt::UTC);
    head.madeBy = QStringLiteral("zoë");
    head.counts.users.create = 3;
    head.guards = {{QStringLiteral("maxDeprovisions"), 500, 501, true, {}}};
    head.reading = {QStringLiteral("full"), QStringLiteral("fullRead"), 12, QStringLiteral("because")};
    head.cursor = QByteArray("\0\xff", 2);
    head.notes = {QStringLiteral("a note")};
    head.warnings = {{core::Code::NotFound, QStringLiteral("what"), QStringLiteral("detail"), QStringLiteral("where")}};
    return head;
}

/// A file as it was saved, and what becomes of it when something else stands there.
struct Saved {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("plan"));
    store::Seal seal = anySeal();

    QByteArray save(int steps)
    {
        provision::PlanFile plan;
        for (int i = 0; i < steps; ++i) {
            core::Step step = named(Action::Create, QStringLiteral("user.%1").arg(i));
            step.changes.append({QStringLiteral("title"), {}, QStringLiteral("Engineer")});
            if (!plan.append(step))
                return {};
        }
        plan.setHead(headFor(seal));
        if (!plan.finish() || !plan.save(path, {}, seal))
            return {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    core::Result<std::shared_ptr<provision::PlanFile>> open(const QByteArray &octets) const
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(octets) != octets.size())
            qFatal("cannot write");
        file.close();
        return provision::PlanFile::open(path, {}, seal);
    }
};

} // namespace

class PlanFileTest : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasPutIn()
    {
        QVERIFY(rc::check("steps come back as they were", [] {
            std::vector<core::Step> steps;
            provision::PlanFile spool;
            for (int n = *rc::gen::inRange(0, 40); n > 0; --n) {
                steps.push_back(anyStep());
                RC_ASSERT(spool.append(steps.back()).has_value());
            }
            RC_ASSERT(spool.finish().has_value());
            RC_ASSERT(spool.size() == qsizetype(steps.size()));
            RC_ASSERT(*spool.steps(0, spool.size()) == steps);
            for (size_t i = 0; i < steps.size(); ++i) {
                RC_ASSERT(spool.steps(qsizetype(i), 1)->front() == steps[i]);
                RC_ASSERT(spool.action(qsizetype(i)) == steps[i].action);
            }
        }));
    }

    void isTheSameWhenSavedAndOpened()
    {
        QVERIFY(rc::check("a saved plan is the plan", [] {
            QTemporaryDir folder;
            const QString path = folder.filePath(QStringLiteral("plan"));
            const store::Seal seal = anySeal();
            provision::PlanFile plan;
            using Part = provision::PlanFile::Part;
            std::vector<core::Step> steps[3];
            for (int n = *rc::gen::inRange(0, 700); n > 0; --n) {
                const auto part = *rc::gen::element(Part::Steps, Part::Steps, Part::Refreshes, Part::NotShown);
                steps[int(part)].push_back(anyStep());
                RC_ASSERT(plan.append(steps[int(part)].back(), part).has_value());
            }
            RC_ASSERT(plan.finish().has_value());
            plan.setHead(headFor(seal));
            RC_ASSERT(plan.save(path, {}, seal).has_value());
            const auto opened = provision::PlanFile::open(path, {}, seal);
            RC_ASSERT(opened.has_value());
            for (const Part part : {Part::Steps, Part::Refreshes, Part::NotShown}) {
                RC_ASSERT((*opened)->size(part) == qsizetype(steps[int(part)].size()));
                RC_ASSERT(*(*opened)->steps(0, plan.size(part), part) == steps[int(part)]);
            }
            for (size_t i = 0; i < steps[0].size(); ++i)
                RC_ASSERT((*opened)->action(qsizetype(i)) == steps[0][i].action);
            RC_ASSERT(toJson((*opened)->head()) == toJson(plan.head()));
            RC_ASSERT((*opened)->head().cursor == plan.head().cursor);
        }));
    }

    void findsByObject()
    {
        const store::Seal seal = anySeal();
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("plan"));
        provision::PlanFile plan;
        std::vector<core::Step> steps;
        for (int i = 0; i < 3000; ++i) {
            core::Step step = named(Action::Update, QStringLiteral("User.%1").arg(i));
            step.target.id = QUuid::createUuid().toRfc4122();
            step.source.id = i % 2 ? QUuid::createUuid().toRfc4122() : QByteArray("id") + QByteArray::number(i);
            step.source.name = "uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com";
            steps.push_back(step);
        }
        steps[7].changes.append({QStringLiteral("username"), QStringLiteral("User.7"), QStringLiteral("new.7")});
        for (const core::Step &step : steps)
            QVERIFY(plan.append(step));
        QVERIFY(plan.finish());
        plan.setHead(headFor(seal));
        QVERIFY(plan.save(path, {}, seal));
        const auto opened = provision::PlanFile::open(path, {}, seal);
        QVERIFY(opened);
        for (const provision::PlanFile *asked : {static_cast<const provision::PlanFile *>(&plan),
                                                 static_cast<const provision::PlanFile *>(opened->get())}) {
            const auto finds = [&](const QString &key) { return *asked->about(key); };
            for (const uint32_t i : {0U, 7U, 1500U, 2999U}) {
                const std::vector<uint32_t> it{i};
                QCOMPARE(finds(QStringLiteral("uSER.%1").arg(i)), it);
                QCOMPARE(finds(core::displayId(steps[i].target.id)), it);
                QCOMPARE(finds(core::displayId(steps[i].source.id)), it);
                QCOMPARE(finds(QStringLiteral("UID=user.%1, OU=people,dc=example,dc=com").arg(i)), it);
            }
            QCOMPARE(finds(QStringLiteral("new.7")), std::vector<uint32_t>{7});
            QVERIFY(finds(QStringLiteral("nobody")).empty());
            QVERIFY(finds(QString()).empty());
        }
    }

    void isRefusedWhenAnOctetIsAnother()
    {
        Saved saved;
        const QByteArray whole = saved.save(400);
        QVERIFY(!whole.isEmpty());
        QVERIFY(saved.open(whole));
        for (qsizetype at = 0; at < whole.size(); at += 1 + at % 7) {
            QByteArray changed = whole;
            changed[at] = char(changed[at] ^ 1);
            const auto opened = saved.open(changed);
            QVERIFY2(!opened, qPrintable(QString::number(at)));
            QVERIFY(opened.error().isLocal);
            QVERIFY(!opened.error().what.isEmpty());
        }
    }

    void isRefusedWhenCutOrMadeLonger()
    {
        Saved saved;
        const QByteArray whole = saved.save(300);
        for (qsizetype length = 0; length < whole.size(); length += 1 + length / 50)
            QVERIFY2(!saved.open(whole.left(length)), qPrintable(QString::number(length)));
        QVERIFY(!saved.open(whole + '\0'));
        QVERIFY(!saved.open(whole + whole));
        QVERIFY(saved.open(whole));
    }

    void isRefusedByOthers()
    {
        Saved saved;
        const QByteArray whole = saved.save(3);
        // Another environment, and one that copied this one's name.
        for (const store::Seal &other : {anySeal(), store::Seal{saved.seal.environment, QByteArray(32, 'x')}}) {
            const auto opened = provision::PlanFile::open(saved.path, {}, other);
            QVERIFY(!opened);
            QCOMPARE(opened.error().code, core::Code::Conflict);
            QVERIFY2(opened.error().text().contains(QStringLiteral("environment")), qPrintable(opened.error().text()));
        }
        QByteArray newer = whole;
        newer[8] = 2;
        const auto opened = saved.open(newer);
        QVERIFY(!opened);
        QVERIFY2(opened.error().text().contains(QStringLiteral("another version")), qPrintable(opened.error().text()));
        QVERIFY(!saved.open("{\"rule\": \"Staff in\"}" + QByteArray(200, ' ')));
        QVERIFY(!provision::PlanFile::open(saved.folder.filePath(QStringLiteral("nowhere")), {}, saved.seal));
        QVERIFY(!provision::PlanFile::open(saved.folder.path(), {}, saved.seal));
    }

    void isNeverTheEnvironment()
    {
        Saved saved;
        QVERIFY(!saved.save(3).isEmpty());
        provision::PlanFile plan;
        QVERIFY(plan.finish());
        for (const char *suffix : {"", "-wal", "-shm", "-journal"}) {
            const QString file = saved.path + QLatin1String(suffix);
            QVERIFY(!plan.save(file, saved.path, saved.seal));
            QVERIFY(!provision::PlanFile::open(file, saved.path, saved.seal));
        }
        QCOMPARE(QFile::permissions(saved.path) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
    }

    void takesLittleRoom()
    {
        // What a person of a real company looks like; a tenth of the design's size.
        constexpr int kPeople = 100'000;
        const QUuid rule = QUuid::createUuid();
        const QUuid gateway = QUuid::createUuid();
        Saved saved;
        provision::PlanFile plan;
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < kPeople; ++i) {
            const QString name = QStringLiteral("user.%1").arg(i);
            core::Step step = named(Action::Create, name);
            step.target.id = QUuid::createUuid().toRfc4122();
            step.source.id = QUuid::createUuid().toRfc4122();
            step.source.name = "uid=" + name.toUtf8() + ",ou=people,dc=example,dc=com";
            const core::LinkState link{step.source.id, step.source.name, rule, quint64(i) * 0x9e3779b97f4a7c15,
                                       core::Disabling::None};
            step.link = {gateway, {}, link};
            step.frame = {{}, {rule, {}}};
            step.changes = {{QStringLiteral("username"), {}, name},
                            {QStringLiteral("name.given"), {}, QStringLiteral("Given%1").arg(i % 977)},
                            {QStringLiteral("name.family"), {}, QStringLiteral("Family%1").arg(i % 7919)},
                            {QStringLiteral("email"), {}, QString(name + QStringLiteral("@example.com"))},
                            {QStringLiteral("title"), {}, QStringLiteral("Engineer")},
                            {QStringLiteral("enabled"), {}, true}};
            QVERIFY(plan.append(step));
        }
        QVERIFY(plan.finish());
        plan.setHead(headFor(saved.seal));
        const qint64 made = timer.restart();
        QVERIFY(plan.save(saved.path, {}, saved.seal));
        const qint64 written = timer.restart();
        const auto opened = provision::PlanFile::open(saved.path, {}, saved.seal);
        QVERIFY(opened);
        const qint64 read = timer.restart();
        QCOMPARE((*opened)->about(QStringLiteral("user.77777"))->size(), size_t(1));
        const qint64 size = QFileInfo(saved.path).size();
        qInfo("%d steps: %lld octets each; made in %lld ms, saved in %lld, opened in %lld, one found in %lld", kPeople,
              size / kPeople, made, written, read, timer.elapsed());
        QVERIFY2(size < 300LL * kPeople, qPrintable(QString::number(size)));
    }

    void filters()
    {
        provision::PlanFile spool;
        for (int i = 0; i < 5000; ++i)
            QVERIFY(spool.append(named(i % 2 ? Action::Create : Action::Update, QStringLiteral("user.%1").arg(i))));
        QVERIFY(spool.finish());
        QCOMPARE(spool.filter({}, {}).size(), size_t(5000));
        QCOMPARE(spool.filter({Action::Create}, {}).size(), size_t(2500));
        QCOMPARE(spool.filter({}, QStringLiteral("USER.4999")), std::vector<uint32_t>{4999});
        QCOMPARE(spool.filter({Action::Update}, QStringLiteral("user.4999")).size(), size_t(0));
        int asked = 0;
        QVERIFY(spool.filter({}, QStringLiteral("user"), [&] { return ++asked > 2; }).size() < size_t(5000));
    }

    void manyThreadsMayRead()
    {
        provision::PlanFile spool;
        for (int i = 0; i < 20000; ++i)
            QVERIFY(spool.append(named(Action::Create, QString::number(i))));
        QVERIFY(spool.finish());
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

CONSOLE_TEST(PlanFileTest)
#include "tst_planfile.moc"
