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

QString kindName(ObjectKind kind);    ///< "user", "group", "membership"
QString actionName(Action action);    ///< "none", "create", …, "failed"
Action actionFromName(const QString &name);

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
    bool link = false;        ///< the step ties the entry to an existing user (first match by username)
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
    QString name; ///< "maxDeprovisions", "maxDeprovisionPercent"
    double limit = 0;
    double actual = 0;
    bool tripped = false;
};
QJsonObject toJson(const GuardVerdict &verdict);

} // namespace gatehouse::core
