// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/identities.h"

#include "store/applier.h"
#include "store/identities_p.h"

namespace gatehouse::store {

using core::Problem;
using core::Result;

Result<std::vector<std::optional<Problem>>> Identities::apply(const ApplyContext &context,
                                                              std::span<const core::Step> steps)
{
    auto problems = d->apply(context, steps);
    if (!problems && d->bulk)
        d->bulk->invalidate();
    return problems;
}

Result<std::vector<std::optional<Problem>>> Identities::Private::apply(const ApplyContext &context,
                                                                       std::span<const core::Step> steps)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return core::fail(transaction.error());
    Problems problems;
    problems.reserve(steps.size());
    for (size_t from = 0; from < steps.size();) {
        size_t end = from + 1;
        while (end < steps.size() && steps[end].ring == steps[from].ring)
            ++end;
        const auto part = steps.subspan(from, end - from);
        auto applied = part.front().ring == 0 ? applyEach(context, part, problems) : applyRing(context, part, problems);
        if (!applied)
            return core::fail(applied.error());
        from = end;
    }
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return problems;
}

Result<void> Identities::Private::applyEach(const ApplyContext &context, std::span<const core::Step> steps, Problems &problems)
{
    Applier applier(database, *columns, context, bulk.get());
    if (auto begun = applier.begin(); !begun)
        return begun;
    for (const core::Step &step : steps) {
        auto outcome = applier.apply(step);
        if (!outcome)
            return core::fail(outcome.error());
        problems.push_back(std::move(*outcome));
    }
    return applier.finish();
}

Result<void> Identities::Private::applyRing(const ApplyContext &context, std::span<const core::Step> steps, Problems &problems)
{
    if (auto saved = database.execute("SAVEPOINT ring"); !saved)
        return saved;
    Outcome outcome;
    {
        Applier applier(database, *columns, context, bulk.get());
        if (auto begun = applier.begin(); !begun)
            return begun;
        outcome = applier.applyRing(steps);
        if (!outcome)
            return core::fail(outcome.error());
        if (!*outcome) {
            if (auto finished = applier.finish(); !finished)
                return finished;
        }
    }
    problems.insert(problems.end(), steps.size(), *outcome);
    if (!*outcome)
        return database.execute("RELEASE ring");
    if (bulk)
        bulk->invalidate();
    return database.execute("ROLLBACK TO ring; RELEASE ring");
}

} // namespace gatehouse::store
