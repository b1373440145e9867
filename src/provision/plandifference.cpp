// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/plandifference.h"

#include "provision/steprecord.h"

#include <QHash>

#include <algorithm>
#include <iterator>
#include <tuple>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kBlock = 1000;
constexpr qsizetype kExamples = 5;
constexpr qsizetype kLongestValue = 60;

/// A step by what it does (XXH3-128), and where it stands.
struct Digest {
    quint64 high = 0;
    quint64 low = 0;
    qsizetype place = 0;
    friend bool operator<(const Digest &a, const Digest &b) { return std::tie(a.high, a.low) < std::tie(b.high, b.low); }
};

core::Result<std::vector<Digest>> digestsOf(const PlanSpool &plan, StepRecords &records)
{
    std::vector<Digest> digests;
    digests.reserve(size_t(plan.size()));
    QByteArray octets;
    for (qsizetype from = 0; from < plan.size(); from += kBlock) {
        auto steps = plan.steps(from, std::min(kBlock, plan.size() - from));
        if (!steps)
            return core::fail(steps.error());
        for (core::Step &step : *steps) {
            if (step.action == core::Action::Create)
                step.target.id.clear();
            step.revision = 0;
            if (step.link)
                step.link->before.fingerprint = step.link->after.fingerprint = 0;
            step.ring = step.ring != 0;
            octets.clear();
            records.encode(step, octets);
            const XXH128_hash_t hash = XXH3_128bits(octets.constData(), size_t(octets.size()));
            digests.push_back({hash.high64, hash.low64, qsizetype(digests.size())});
        }
    }
    std::sort(digests.begin(), digests.end());
    return digests;
}

core::Result<std::vector<core::Step>> stepsAt(const PlanSpool &plan, std::vector<Digest> only)
{
    std::sort(only.begin(), only.end(), [](const Digest &a, const Digest &b) { return a.place < b.place; });
    std::vector<core::Step> steps;
    for (size_t i = 0; i < only.size() && i < size_t(kExamples); ++i) {
        auto step = plan.steps(only[i].place, 1);
        if (!step)
            return core::fail(step.error());
        steps.push_back(std::move(step->front()));
    }
    return steps;
}

QString valueText(const core::Value &value)
{
    if (core::isNull(value))
        return QStringLiteral("nothing");
    const QString text = core::displayText(value);
    return u'"' + (text.size() > kLongestValue ? text.first(kLongestValue) + u'…' : text) + u'"';
}

QString nameOf(const core::Step &step)
{
    return step.target.name.isEmpty() ? step.source.text() : step.target.text();
}

/// What one person's step was, and is.
QString told(const core::Step &shown, const core::Step &now)
{
    if (shown.action != now.action)
        return QStringLiteral("%1: %2 was shown, now it is %3").arg(nameOf(now), core::actionName(shown.action), core::actionName(now.action));
    for (const core::AttributeChange &change : now.changes) {
        const auto before = std::find_if(shown.changes.cbegin(), shown.changes.cend(),
                                         [&](const core::AttributeChange &other) { return other.name == change.name; });
        if (before == shown.changes.cend())
            return QStringLiteral("%1: %2 would become %3, which was not shown").arg(nameOf(now), change.name, valueText(change.after));
        if (!(*before == change)) {
            return QStringLiteral("%1: %2 would go from %3 to %4; from %5 to %6 was shown")
                .arg(nameOf(now), change.name, valueText(change.before), valueText(change.after), valueText(before->before),
                     valueText(before->after));
        }
    }
    if (now.changes.size() != shown.changes.size())
        return QStringLiteral("%1: fewer attributes would change than were shown").arg(nameOf(now));
    return QStringLiteral("%1: the entry or the user is another one than was shown").arg(nameOf(now));
}

const QByteArray &sourceOf(const core::Step &step)
{
    return step.source.id.isEmpty() ? step.source.name : step.source.id;
}

} // namespace

core::Result<PlanDifference> planDifference(const PlanSpool &shown, const PlanSpool &now)
{
    StepRecords records; // one table of names for both, so that equal steps are equal octets
    const auto before = digestsOf(shown, records);
    if (!before)
        return core::fail(before.error());
    const auto after = digestsOf(now, records);
    if (!after)
        return core::fail(after.error());
    std::vector<Digest> gone, added;
    std::set_difference(before->begin(), before->end(), after->begin(), after->end(), std::back_inserter(gone));
    std::set_difference(after->begin(), after->end(), before->begin(), before->end(), std::back_inserter(added));
    PlanDifference difference;
    difference.people = qsizetype(std::max(gone.size(), added.size()));
    if (difference.isNone())
        return difference;

    const auto goneSteps = stepsAt(shown, std::move(gone));
    const auto addedSteps = stepsAt(now, std::move(added));
    if (!goneSteps || !addedSteps)
        return core::fail(goneSteps ? addedSteps.error() : goneSteps.error());
    QHash<QByteArray, const core::Step *> goneOf;
    for (const core::Step &step : *goneSteps)
        goneOf.insert(sourceOf(step), &step);
    for (const core::Step &step : *addedSteps) {
        const core::Step *earlier = goneOf.take(sourceOf(step));
        difference.examples.append(earlier ? told(*earlier, step)
                                           : QStringLiteral("%1: %2 was not shown").arg(nameOf(step), core::actionName(step.action)));
    }
    for (const core::Step &step : *goneSteps) {
        if (goneOf.contains(sourceOf(step)))
            difference.examples.append(QStringLiteral("%1: %2 was shown and is not needed any more").arg(nameOf(step), core::actionName(step.action)));
    }
    return difference;
}

} // namespace gatehouse::provision
