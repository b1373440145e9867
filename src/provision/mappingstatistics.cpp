// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/mappingstatistics.h"

#include "core/plan/decide.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {
constexpr qsizetype kCountedValues = 5000; ///< distinct values of a target whose frequency is counted
constexpr qsizetype kShownValues = 10;
constexpr qsizetype kShownPeople = 200;
const core::Value kAbsent;
}

MappingTally::MappingTally(const TriedMapping &mapping) : m_mapping(mapping)
{
    for (const core::Mapping::Target &mapped : mapping.targets()) {
        const core::AttributeDefinition &definition = mapping.catalog().at(mapped.number);
        Target target;
        target.number = mapped.number;
        target.when = mapped.when;
        target.unique = definition.unique;
        target.counts.target = definition.name;
        m_targets.push_back(std::move(target));
    }
}

bool MappingTally::count(Target &target, const core::Value &value)
{
    bool alone = true;
    // Of several values each is counted: of groups, say, how many people would be in each.
    if (const auto *list = std::get_if<QStringList>(&value); list && !target.unique) {
        for (const QString &text : *list) {
            if (target.seen.insert(text))
                ++target.counts.distinct;
            countFrequency(target, text);
        }
        return alone;
    }
    const QString text = core::displayText(value);
    const QString key = target.unique ? core::usernameKey(text) : text;
    if (target.seen.insert(key))
        ++target.counts.distinct;
    else if (target.unique) {
        alone = false;
        target.counts.colliding += target.seenTwice.insert(key) ? 2 : 1; // the first one collides too, once it is known
    }
    countFrequency(target, text);
    return alone;
}

void MappingTally::countFrequency(Target &target, const QString &text)
{
    if (target.frequencies.size() < kCountedValues || target.frequencies.contains(text))
        ++target.frequencies[text];
}

void MappingTally::remember(const core::EntryView &entry, const QList<core::Problem> &problems)
{
    if (m_worst.size() < kShownPeople) {
        m_worst.append({entry.dn().toByteArray(), problems});
        return;
    }
    // Whoever is worse than the best of them takes that place.
    const auto best = std::min_element(m_worst.begin(), m_worst.end(), [](const WorstPerson &a, const WorstPerson &b) {
        return a.problems.size() < b.problems.size();
    });
    if (best->problems.size() < problems.size())
        *best = {entry.dn().toByteArray(), problems};
}

void MappingTally::add(const core::EntryView &entry, const core::MappedEntry &mapped, const core::User *today, bool taken)
{
    ++m_people;
    QList<core::Problem> problems = mapped.problems;
    for (Target &target : m_targets) {
        const QString &name = target.counts.target;
        const auto problem = std::find_if(mapped.problems.cbegin(), mapped.problems.cend(),
                                          [&](const core::Problem &one) { return one.attribute == name; });
        if (problem != mapped.problems.cend()) {
            switch (problem->code) {
            case core::ProblemCode::TooLong: ++target.counts.tooLong; break;
            case core::ProblemCode::RequiredValue: ++target.counts.blank; break;
            default: ++target.counts.invalid; break;
            }
            continue;
        }
        const core::Value &value = mapped.values.get(target.number);
        if (core::isNull(value)) {
            ++target.counts.blank;
        } else if (taken && target.number == m_mapping.catalog().username()) {
            ++target.counts.colliding;
            problems.append({name, core::ProblemCode::UniquenessViolation,
                             QStringLiteral("The username %1 belongs to somebody else already").arg(core::displayText(value))});
        } else if (!count(target, value))
            problems.append({name, core::ProblemCode::UniquenessViolation,
                             QStringLiteral("%1 has the same %2 as somebody before")
                                 .arg(core::displayText(value), m_mapping.catalog().at(target.number).displayName)});
        const core::Value &before = today ? today->values.get(target.number) : kAbsent;
        if (value != before && core::isWritten(target.when, today, before))
            ++target.counts.changed;
    }
    if (!problems.isEmpty())
        remember(entry, problems);
}

void MappingTally::report(MappingStatistics &statistics) const
{
    statistics.people = m_people;
    statistics.targets.clear();
    for (const Target &target : m_targets) {
        TargetStatistics counts = target.counts;
        for (auto it = target.frequencies.cbegin(); it != target.frequencies.cend(); ++it)
            counts.mostFrequent.append({it.key(), it.value()});
        const qsizetype shown = std::min(kShownValues, counts.mostFrequent.size());
        std::partial_sort(counts.mostFrequent.begin(), counts.mostFrequent.begin() + shown, counts.mostFrequent.end(),
                          [](const ValueCount &a, const ValueCount &b) {
                              return a.people != b.people ? a.people > b.people : a.value < b.value;
                          });
        counts.mostFrequent.resize(shown);
        statistics.targets.append(counts);
    }
    statistics.worst = m_worst;
    std::stable_sort(statistics.worst.begin(), statistics.worst.end(), [](const WorstPerson &a, const WorstPerson &b) {
        return a.problems.size() > b.problems.size();
    });
}

} // namespace gatehouse::provision
