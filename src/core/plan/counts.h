// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plan would do or a run has done, counted for each kind of object. Pure values, any thread.
#pragma once

#include "core/plan/step.h"

#include <QJsonObject>

namespace gatehouse::core {

/// Of one kind of object.
struct Counts {
    qint64 create = 0;
    qint64 update = 0;
    qint64 disable = 0;
    qint64 enable = 0;
    qint64 remove = 0;    ///< "delete" in JSON
    qint64 unchanged = 0;
    qint64 failed = 0;
    qint64 outOfScope = 0;

    void add(Action action, qint64 n = 1);
    qint64 changes() const { return create + update + disable + enable + remove; }
    bool operator==(const Counts &) const = default;
};
QJsonObject toJson(const Counts &counts);
Counts countsFromJson(const QJsonObject &json);

/// Pairs of a group and a member.
struct MembershipCounts {
    qint64 add = 0;
    qint64 remove = 0;
    bool operator==(const MembershipCounts &) const = default;
};

struct PlanCounts {
    Counts users;
    Counts groups;
    MembershipCounts memberships;
    Counts devices;
    Counts entries;

    /// Objects of @p kind; memberships are counted by count().
    Counts &of(ObjectKind kind);
    /// A step, and the members that it adds and removes.
    void count(const Step &step);
    /// Steps that change something, and memberships.
    qint64 changes() const;
    /// Objects that failed.
    qint64 failed() const { return users.failed + groups.failed + devices.failed + entries.failed; }
    bool operator==(const PlanCounts &) const = default;
};
/// {"counts", "groupCounts", "membershipCounts", "deviceCounts", "entryCounts"}; "counts" are the users'.
QJsonObject toJson(const PlanCounts &counts);
PlanCounts planCountsFromJson(const QJsonObject &json);

} // namespace gatehouse::core
