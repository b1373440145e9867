// SPDX-License-Identifier: GPL-3.0-or-later
//
// A plan is a row of steps: for each object what a run would do, attribute by attribute, before and after. Steps are
// values; the same step is shown in the preview, written to a plan file and applied. Unchanged objects have no step,
// they are only counted. Pure values, any thread.
#pragma once

#include "core/identity.h"
#include "core/problem.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUuid>

namespace gatehouse::core {

enum class ObjectKind { User, Group, Membership };
enum class Action : quint8 { None, Create, Update, Enable, Disable, Delete, Failed };

/// Why a rule has disabled a user: the person left its scope, or the source says that the account is inactive. The link
/// remembers it, for a rule enables only whom a rule disabled.
enum class Disabling : quint8 { None = 0, Left = 1, Inactive = 2 };

QString kindName(ObjectKind kind);    ///< "user", "group", "membership"
QString actionName(Action action);    ///< "none", "create", …, "failed"
Action actionFromName(const QString &name);

/// Why somebody is disabled or deleted whom the read did not deliver. A server that hides an entry from the account says
/// the same as one that has it no more: only a confirmed deletion is called one.
enum class Departure : quint8 {
    None,
    Deleted,       ///< the directory confirms that the entry was deleted
    NotVisible,    ///< asked for by its immutable id the directory did not show it: deleted, or hidden from the account
    OutsideBase,   ///< it is there, outside of the rule's base DN and organizational units
    OutsideFilter, ///< it is there, and by its own values not what the rule's filter asks for
};
QString departureName(Departure departure); ///< "deleted", "noLongerVisible", "outsideBase", "outsideFilter"; None: empty
Departure departureFromName(const QString &name);
QString departureText(Departure departure); ///< for people; None: empty

struct AttributeChange {
    QString name; ///< attribute's name as in the catalogue
    Value before;
    Value after;
    bool operator==(const AttributeChange &) const = default;
};

struct PlanStep {
    ObjectKind kind = ObjectKind::User;
    Action action = Action::None;
    QByteArray sourceDn;      ///< UTF-8, as the directory wrote it; for people who left: the last known DN
    QByteArray sourceId;      ///< immutable id, normalised octets (16 for a UUID)
    qint64 targetRow = 0;     ///< user's row; 0 for a create
    QUuid targetId;           ///< for a create: the id it will get
    QString username;
    qint64 revision = 0;      ///< the user's revision that the step was planned against
    quint64 fingerprint = 0;  ///< of the source entry and the mapping, remembered in the link
    Departure departure = Departure::None;
    bool link = false;        ///< the step ties the entry to an existing user (first match by username)
    quint32 swap = 0;         ///< not 0: exchanges usernames with the steps beside it that have the same number; all of
                              ///< them are applied or none, and the last one's username is the one that the first takes
    Disabling disabling = Disabling::None; ///< what the link remembers after the step
    QList<AttributeChange> changes;
    QList<Problem> problems;
    bool operator==(const PlanStep &) const = default;
};

/// The immutable id as a person reads it: a UUID where it is 16 octets, else hex.
QString displayId(const QByteArray &sourceId);

/// A change as in `plan --json`: kind, action, source{dn,id}, target{id,username}, attributes, problems.
QJsonObject toJson(const PlanStep &step);

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

struct GuardVerdict {
    QString name; ///< "maxDeprovisions", "maxDeprovisionPercent", …
    double limit = 0;
    double actual = 0;
    bool tripped = false;
    QString subject = {}; ///< the attribute or the organizational unit that it is about, where it is about one
};
QJsonObject toJson(const GuardVerdict &verdict);
GuardVerdict verdictFromJson(const QJsonObject &json);

} // namespace gatehouse::core
