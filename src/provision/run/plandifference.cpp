// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/plandifference.h"

#include <algorithm>
#include <tuple>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kReadAtOnce = 1000; ///< steps

/// XXH3-128, which no two objects share.
struct Hash {
    quint64 high = 0;
    quint64 low = 0;
    auto operator<=>(const Hash &) const = default;
};

struct Digest {
    Hash object;  ///< what it is about
    Hash content; ///< what it does
    uint32_t number = 0;
};

Hash hashOf(QByteArrayView octets)
{
    const XXH128_hash_t hash = XXH3_128bits(octets.data(), size_t(octets.size()));
    return {hash.high64, hash.low64};
}

core::Step withoutRecord(core::Step step)
{
    if (step.action == core::Action::Create)
        step.target.id.clear();
    step.revision = 0;
    if (step.link)
        step.link->before.fingerprint = step.link->after.fingerprint = 0;
    step.ring = step.ring != 0;
    return step;
}

QByteArray objectOf(const core::Step &step)
{
    if (!step.source.id.isEmpty())
        return step.source.id;
    return step.source.name.isEmpty() ? step.target.id : step.source.name;
}

core::Result<std::vector<Digest>> digestsOf(const PlanFile &plan, StepRecords &records)
{
    std::vector<Digest> digests;
    digests.reserve(size_t(plan.size()));
    QByteArray octets;
    for (qsizetype from = 0; from < plan.size(); from += kReadAtOnce) {
        auto steps = plan.steps(from, kReadAtOnce);
        if (!steps)
            return core::fail(steps.error());
        for (core::Step &step : *steps) {
            const Hash object = hashOf(objectOf(step));
            octets.clear();
            records.encode(withoutRecord(std::move(step)), octets);
            digests.push_back({object, hashOf(octets), uint32_t(digests.size())});
        }
    }
    std::sort(digests.begin(), digests.end(), [](const Digest &a, const Digest &b) {
        return std::tie(a.object, a.content) < std::tie(b.object, b.content);
    });
    return digests;
}

} // namespace

core::Result<std::vector<StepPair>> planDifference(const PlanFile &left, const PlanFile &right)
{
    StepRecords records; // one table of names for both, so that equal steps are equal octets
    const auto before = digestsOf(left, records);
    if (!before)
        return core::fail(before.error());
    const auto after = digestsOf(right, records);
    if (!after)
        return core::fail(after.error());
    std::vector<StepPair> pairs;
    auto one = before->cbegin();
    auto other = after->cbegin();
    while (one != before->cend() || other != after->cend()) {
        if (other == after->cend() || (one != before->cend() && one->object < other->object)) {
            pairs.push_back({(one++)->number, {}});
        } else if (one == before->cend() || other->object < one->object) {
            pairs.push_back({{}, (other++)->number});
        } else {
            if (one->content != other->content)
                pairs.push_back({one->number, other->number});
            ++one;
            ++other;
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const StepPair &a, const StepPair &b) {
        return std::tuple(!a.left, a.left.value_or(0), a.right.value_or(0)) <
               std::tuple(!b.left, b.left.value_or(0), b.right.value_or(0));
    });
    return pairs;
}

} // namespace gatehouse::provision
