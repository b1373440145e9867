// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guards: what a plan would do to people, counted per kind of harm whatever its cause, and the verdicts on it. The keys of
// the configuration stand here once, for the file, its checks and the forms. Pure values, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/error.h"
#include "core/plan/step.h"

#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <span>

namespace gatehouse::core {

/// A guard that is a number.
struct GuardKey {
    QLatin1String name; ///< as in the file
    int Guards::*value;
    int lowest;
    int highest;
    const char *about; ///< for the JSON Schema
    bool counts = true; ///< false: no run of this version does what it limits
};
std::span<const GuardKey> guardKeys();
inline constexpr QLatin1String kUnitLoss{"unitLoss"};
/// In verdicts only: a read of nothing where there was something. It cannot be switched off.
inline constexpr QLatin1String kEmptyRead{"emptyRead"};

struct GuardVerdict {
    QString name; ///< "maxDeprovisions", "maxDeprovisionPercent", …
    double limit = 0;
    double actual = 0;
    bool tripped = false;
    QString subject = {}; ///< the attribute or the organizational unit that it is about, where it is about one
};
QJsonObject toJson(const GuardVerdict &verdict);
GuardVerdict verdictFromJson(const QJsonObject &json);

/// Counts the harm in a plan, step by step.
class GuardTally {
public:
    /// @p usernameName: the attribute of a user whose change is a rename.
    GuardTally() = default;
    explicit GuardTally(QString usernameName) : m_usernameName(std::move(usernameName)) {}

    void count(const Step &step);

    qint64 deprovisions() const { return m_deprovisions; }
    qint64 updates() const { return m_updates; }
    qint64 renames() const { return m_renames; }
    qint64 groupDeletions() const { return m_groupDeletions; }
    qint64 membershipRemovals() const { return m_membershipRemovals; }
    qint64 deviceRemovals() const { return m_deviceRemovals; }
    /// Attribute's name -> people who lose its value.
    const QHash<QString, qint64> &blanked() const { return m_blanked; }

    bool operator==(const GuardTally &) const = default;
    QJsonObject toJson() const;
    static GuardTally fromJson(const QJsonObject &json);

private:
    void countPerson(const Step &step);

    QString m_usernameName;
    qint64 m_deprovisions = 0;
    qint64 m_updates = 0;
    qint64 m_renames = 0;
    qint64 m_groupDeletions = 0;
    qint64 m_membershipRemovals = 0;
    qint64 m_deviceRemovals = 0;
    QHash<QString, qint64> m_blanked;
};

/// What the harm is measured by.
struct GuardGround {
    qint64 people = 0;             ///< that the rule had linked before
    QHash<QString, qint64> had;    ///< of them with a value, for each attribute that somebody loses
    std::optional<qint64> read;    ///< entries read; nothing: the run was about one person
    std::optional<qint64> readLast; ///< by the last good run
    QStringList lostUnits = {};    ///< DNs below which nobody was found any more
    // That the rule had before; nothing: it provisions none, and their guards have nothing to say.
    std::optional<qint64> groups = {};
    std::optional<qint64> memberships = {}; ///< pairs of a group and a member
    std::optional<qint64> devices = {};
    bool operator==(const GuardGround &) const = default;
};

/// What guards judge. It goes with a plan, for the limits of the day on which it is applied are the ones that hold.
struct Harm {
    GuardTally tally;
    GuardGround ground;
    bool operator==(const Harm &) const = default;
};
QJsonObject toJson(const Harm &harm);
Harm harmFromJson(const QJsonObject &json);

/// One verdict for each guard that is on, and for each attribute and unit that trips one.
QList<GuardVerdict> judge(const Guards &guards, const GuardTally &tally, const GuardGround &ground);
/// Code::Guard with what has tripped and what can be done; nothing: no guard has. @p where: the rule.
std::optional<Error> trippedError(const QList<GuardVerdict> &verdicts, const QString &where);

} // namespace gatehouse::core
