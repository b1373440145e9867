// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything a run needs to know about its rule, resolved once from the configuration: where to look, what to ask for,
// how to read it, where people go. A value; it stays as it is when the configuration is edited during the run.
#pragma once

#include "core/config/connection.h"
#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "core/mapping.h"
#include "core/plan/decide.h"
#include "core/result.h"
#include "ldap/dialect.h"
#include "provision/run/planhead.h"
#include "provision/scope.h"
#include "store/identities.h"

#include <QHash>

#include <memory>
#include <optional>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

/// Another rule on the same gateway, and where it looks: it keeps the people it provisions.
struct OtherRule {
    Scope scope;
};

struct RuleContext {
    core::Rule rule;
    core::Connection connection;
    core::Gateway gateway;
    core::Mapping mapping;
    ldap::Dialect dialect;
    std::shared_ptr<const core::SlotNames> slotNames;
    QList<int> idSlots;
    QList<int> activeSlots;
    Scope scope;
    PlanBasis basis;         ///< of plans that are made now
    qint64 now = 0;          ///< the run's one moment, milliseconds since 1970
    quint64 fingerprint = 0; ///< of rule and mapping; part of every link's fingerprint
    qint64 ruleRow = 0;      ///< by which links know the rule
    core::Frame frame;       ///< of the users that the rule makes
    store::ApplyContext apply;
    QHash<qint64, OtherRule> otherRules; ///< by the row that links store

    core::Terms terms() const { return {mapping, connection, gateway.id, rule.id, frame}; }
};

enum class Purpose { Plan, Apply };

/// Errors: NotFound (no such rule), Conflict (to apply: rule, connection or gateway is switched off), InvalidInput
/// (something the rule refers to is missing: `where` says where).
[[nodiscard]] core::Result<RuleContext> resolveRule(store::Environment &environment, const QString &ruleName,
                                                    Purpose purpose);

} // namespace gatehouse::provision
