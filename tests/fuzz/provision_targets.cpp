// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzers of plan files, which somebody may have changed before they come back.
#include "tests/fuzz/target.h"

#include "provision/run/planfile.h"
#include "provision/run/planform.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>

using namespace gatehouse;
using fuzz::require;
using fuzz::Target;

namespace {

const store::Seal &seal()
{
    static const store::Seal one{QUuid(QStringLiteral("{7d7f5b9c-6a0e-4c5e-9d0b-0b6f3b9c1a11}")), QByteArray(32, 'k')};
    return one;
}

QString place()
{
    static const QTemporaryDir folder;
    return folder.filePath(QStringLiteral("plan"));
}

core::Step exampleStep(int number)
{
    core::Step step;
    step.action = number % 2 ? core::Action::Create : core::Action::Update;
    step.source = {core::ObjectKind::Entry, QByteArray(16, char('a' + number)), "uid=a,dc=example"};
    step.target = {core::ObjectKind::User, QByteArray(16, 'u'), "user"};
    step.changes = {{QStringLiteral("title"), {}, QStringLiteral("Engineer")},
                    {QStringLiteral("enabled"), false, true},
                    {QStringLiteral("tags"), QStringList{QStringLiteral("a"), QString()}, {}}};
    step.link = core::LinkChange{
        seal().environment, {}, {step.source.id, step.source.name, seal().environment, 77, core::Disabling::Left}};
    step.frame =
        core::FrameChange{{}, {seal().environment, core::Authority{seal().environment, {}, QStringLiteral("a"), {}}}};
    step.memberships = {
        {true, false, step.target, step.source, {core::MembershipSource::Kind::Rule, seal().environment}}};
    step.after = {"abc"};
    step.ring = 3;
    step.problems = {{QStringLiteral("title"), core::ProblemCode::TooLong, QStringLiteral("too long")}};
    return step;
}

QByteArray examplePlan(int steps)
{
    provision::PlanFile plan;
    for (int i = 0; i < steps; ++i) {
        if (!plan.append(exampleStep(i), provision::PlanFile::Part(i % 3)))
            return {};
    }
    provision::PlanHead head;
    head.id = head.environment = head.ruleId = seal().environment;
    head.madeAt = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC);
    plan.setHead(head);
    QFile file(place());
    if (!plan.finish() || !plan.save(file.fileName(), {}, seal()) || !file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll();
}

/// Everything that a program does with a plan that it was given.
void readWhole(QByteArrayView octets)
{
    QFile file(place());
    require(file.open(QIODevice::WriteOnly) && file.write(octets.toByteArray()) == octets.size());
    file.close();
    const auto plan = provision::PlanFile::open(file.fileName(), {}, seal());
    if (!plan) {
        require(!plan.error().what.isEmpty() && plan.error().isLocal);
        return;
    }
    for (const auto part : {provision::PlanFile::Part::Steps, provision::PlanFile::Part::Refreshes,
                            provision::PlanFile::Part::NotShown}) {
        // Each step takes an octet of a block that is at most 1032 times as long when it is unpacked.
        require((*plan)->size(part) <= octets.size() * 1032);
        if (const auto steps = (*plan)->steps(0, (*plan)->size(part), part))
            require(qsizetype(steps->size()) == (*plan)->size(part));
    }
    [[maybe_unused]] const auto found = (*plan)->about(QStringLiteral("user"));
    [[maybe_unused]] const auto filtered = (*plan)->filter({core::Action::Create}, QStringLiteral("e"));
}

void plan(QByteArrayView input)
{
    readWhole(input);
    // And as somebody would make it who knows the environment's key: hash and seal fit.
    if (input.size() < provision::kSealedBehind)
        return;
    provision::PlanEnd end;
    const QByteArrayView body = input.chopped(provision::kSealedBehind);
    end.hash = QCryptographicHash::hash(body.toByteArray(), QCryptographicHash::Sha256);
    end.seal = seal().of(end.hash);
    readWhole(QByteArray(body.toByteArray() + end.write().sliced(end.places().size())));
}

void step(QByteArrayView input)
{
    provision::StepRecords records({"title", "enabled", QByteArray(16, 'w')});
    const auto read = records.decode(input);
    if (!read)
        return;
    // What no program writes may be written shorter; then it stays.
    QByteArray once, twice;
    records.encode(*read, once);
    const auto again = records.decode(once);
    require(again.has_value());
    records.encode(*again, twice);
    require(once == twice);
}

} // namespace

QList<Target> gatehouse::fuzz::provisionTargets()
{
    QByteArray record;
    provision::StepRecords({"title", "enabled", QByteArray(16, 'w')}).encode(exampleStep(1), record);
    const QByteArray many("\xff\xff\xff\xff\x7f", 5);
    return {{"plan",
             &plan,
             {examplePlan(5), examplePlan(0)},
             {many, QByteArray("\xff\xff\xff\xff", 4), "\"words\":[]", "\"attributes\"", "{}"}},
            {"step", &step, {record}, {many, QByteArray("\x7f", 1), QByteArray(1, '\0')}}};
}
