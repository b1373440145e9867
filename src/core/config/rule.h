// SPDX-License-Identifier: GPL-3.0-or-later
//
// One direction between a connection and the identity directory: scope, mappings, onboarding, guards, schedule.
// Pure values.
#pragma once

#include "core/config/attributemapping.h"

#include <QList>
#include <QStringList>
#include <QUuid>

namespace gatehouse::core {

enum class Direction { Inbound, Outbound };

/// Who is meant: what the rule reads in the directory.
struct RuleScope {
    QString baseDn;
    QStringList userOrganizationalUnits;
    QString userFilter; ///< RFC 4515, as it is: nothing is added to it; empty: the vendor's filter for people
    QStringList groupOrganizationalUnits;
    bool operator==(const RuleScope &) const = default;
};

/// What becomes of each kind of object.
struct RuleMappings {
    QList<AttributeMapping> users;
    bool operator==(const RuleMappings &) const = default;
};

enum class MfaDeviceManagement { Merge, Overwrite, DoNotManage };

struct Onboarding {
    QString population; ///< empty: the default population
    bool authenticateViaLdap = false;
    QString gatewayUserType;
    MfaDeviceManagement mfaDeviceManagement = MfaDeviceManagement::Merge;
    bool operator==(const Onboarding &) const = default;
};

/// Limits that stop a run before its first change; -1: no limit, 0: not one. One object is within every percentage but 0.
struct Guards {
    int maxDeprovisions = 500; ///< people disabled or deleted, from whatever cause
    int maxDeprovisionPercent = 10; ///< of the people that the rule has linked
    int maxBlanked = -1;            ///< people who lose the value of one attribute
    int maxBlankedPercent = 20;     ///< of those who had it
    int maxUpdates = -1;
    int maxUpdatePercent = -1; ///< of the people that the rule has linked
    int maxRenames = -1;       ///< people whose username changes
    int maxRenamePercent = -1; ///< of the people that the rule has linked
    // No run touches these yet; warnings() says so of whoever sets them.
    int maxMembershipRemovals = -1;
    int maxMembershipRemovalPercent = 25;
    int maxGroupDeletions = -1;
    int maxGroupDeletionPercent = 20;
    int maxDeviceRemovals = -1;
    int maxDeviceRemovalPercent = 50;
    int minReadPercent = 50; ///< of the entries of the last good run; a read of nothing stops whatever this is
    bool unitLoss = true;    ///< everybody below one organizational unit vanishing stops the run
    int missingForSeconds = 0; ///< how long somebody must have been missing before anything is done to them
    bool operator==(const Guards &) const = default;
};

struct RuleSchedule {
    int everySeconds = 150;
    bool operator==(const RuleSchedule &) const = default;
};

struct Rule {
    QUuid id;
    QString name;
    QString description;
    Direction direction = Direction::Inbound;
    QString connection;
    bool enabled = true;
    RuleScope scope;
    RuleMappings mappings;
    Onboarding onboarding;
    Guards guards;
    RuleSchedule schedule;
    bool operator==(const Rule &) const = default;
};

} // namespace gatehouse::core
