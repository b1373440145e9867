// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a plan says besides its steps: what it was made from, when and by whom, how many objects it is about, and what
// the guards said. Written into the plan's file and read back from it; a value.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"
#include "core/plan/counts.h"
#include "core/plan/guards.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QUuid>

#include <optional>

namespace gatehouse::provision {

/// What a plan follows from besides the objects: scope, mappings, onboarding, actions, the gateway's servers. Not
/// names, guards and schedule. A digest for each part, so that one who has to plan again learns what was changed.
class PlanBasis {
public:
    PlanBasis() = default;
    /// @p population: the row of the one that new users go to.
    PlanBasis(const core::Rule &rule, const core::Connection &connection, const core::Gateway &gateway,
              qint64 population);
    /// Empty where the rule does not lead to a gateway.
    PlanBasis(const core::Configuration &configuration, const core::Rule &rule);

    /// What is not as it was in @p earlier, for people: "the attribute mapping", …
    QStringList changedSince(const PlanBasis &earlier) const;

    QJsonObject toJson() const;
    static PlanBasis fromJson(const QJsonObject &json);
    bool operator==(const PlanBasis &) const = default;

private:
    QMap<QString, QByteArray> m_parts; ///< name -> SHA-256
};

/// How the source was read.
struct Reading {
    QString kind = QStringLiteral("full"); ///< "full" or "changes"
    QString method = QStringLiteral("fullRead");
    qint64 entries = 0;
    QString reason = {}; ///< why this way; for people
    bool operator==(const Reading &) const = default;
};
QJsonObject toJson(const Reading &reading);

struct PlanHead {
    QUuid id;          ///< the plan's, wherever its file lies
    QUuid environment; ///< whose users it is about
    QUuid ruleId;
    QString rule; ///< its name when the plan was made
    PlanBasis basis;
    QString userKey = {}; ///< the one person it is about; empty: everybody in scope
    bool fullResync = false;
    QDateTime madeAt = {};
    QString madeBy = {}; ///< operating system's user name
    core::PlanCounts counts = {};
    QList<core::GuardVerdict> guards = {}; ///< by the limits of the day on which the plan was made
    core::Harm harm = {};                  ///< what they judged
    Reading reading = {};
    QByteArray cursor = {}; ///< how far the source's changes are taken over with this plan; empty: it has none
    QStringList notes = {};
    QList<core::Error> warnings = {};

    bool isTripped() const;
};

QJsonObject toJson(const PlanHead &head);
/// Nothing where a part that every plan has is missing.
std::optional<PlanHead> planHeadFromJson(const QJsonObject &json);

} // namespace gatehouse::provision
