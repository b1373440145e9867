// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts what a mapping makes of many people: blanks, values that do not fit, collisions, changes, the most frequent
// values, the worst people. Fed person by person; memory grows by 32 octets a distinct value. Pure, one thread.
#pragma once

#include "core/keyset.h"
#include "provision/mappingpreview.h"
#include "provision/triedmapping.h"

#include <QHash>

#include <vector>

namespace gatehouse::provision {

class MappingTally {
public:
    /// @p mapping must outlive it.
    explicit MappingTally(const TriedMapping &mapping);

    /// @p today is the user that the person is linked to, nullptr when there is none. @p taken: their username belongs to
    /// somebody else.
    void add(const core::EntryView &entry, const core::MappedEntry &mapped, const core::User *today, bool taken = false);
    /// Fills people, targets and worst.
    void report(MappingStatistics &statistics) const;

private:
    struct Target {
        TargetStatistics counts;
        int number = -1;
        core::MappingWhen when = core::MappingWhen::Always;
        bool unique = false;
        core::KeySet seen;
        core::KeySet seenTwice;
        QHash<QString, qint64> frequencies;
    };
    /// False: somebody had the value of a unique attribute before.
    bool count(Target &target, const core::Value &value);
    static void countFrequency(Target &target, const QString &text);
    void remember(const core::EntryView &entry, const QList<core::Problem> &problems);

    const TriedMapping &m_mapping;
    std::vector<Target> m_targets;
    QList<WorstPerson> m_worst;
    qint64 m_people = 0;
};

} // namespace gatehouse::provision
