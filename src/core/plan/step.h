// SPDX-License-Identifier: GPL-3.0-or-later
//
// A step is what happens to one object, whichever kind and whichever side: with every value before and after, so that it
// can be shown, saved in a plan, applied, journaled, and taken back. A plan is a row of steps; unchanged objects have no
// step, they are only counted. Pure values, any thread.
#pragma once

#include "core/plan/object.h"
#include "core/problem.h"
#include "core/value.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUuid>

#include <optional>

namespace gatehouse::core {

enum class Action : quint8 { None, Create, Update, Enable, Disable, Delete, Failed };
QString actionName(Action action);    ///< "none", "create", …, "failed"
Action actionFromName(const QString &name);

/// Why a rule has disabled a user: the person left its scope, or the source says that the account is inactive. The link
/// remembers it, for a rule enables only whom a rule disabled.
enum class Disabling : quint8 { None = 0, Left = 1, Inactive = 2 };

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

/// What ties an entry of a gateway to the object; empty where nothing does.
struct LinkState {
    QByteArray id;           ///< the entry's immutable id
    QByteArray dn;           ///< last known, UTF-8; empty where whoever says so does not know it
    QUuid rule;              ///< that provisions the object through the link; null: none
    quint64 fingerprint = 0; ///< of entry and mapping when last applied; 0: unknown, compare in full
    Disabling disabling = Disabling::None;

    bool exists() const { return !id.isEmpty(); }
    bool operator==(const LinkState &) const = default;
};
struct LinkChange {
    QUuid gateway;
    LinkState before;
    LinkState after;
    bool operator==(const LinkChange &) const = default;
};

/// Who checks a user's password: the directory behind a gateway by one of its user types. Both null: this directory.
/// Names count only where the ids are null, for what is in no configuration any more.
struct Authority {
    QUuid gateway;
    QUuid userType;
    QString gatewayName;
    QString userTypeName;

    bool isHere() const { return gateway.isNull() && gatewayName.isEmpty(); }
    bool operator==(const Authority &) const = default;
};
/// What an object has beside its attributes. Null and nothing: not looked at, it stays.
struct Frame {
    QUuid population;
    std::optional<Authority> authority;
    bool operator==(const Frame &) const = default;
};
struct FrameChange {
    Frame before;
    Frame after;
    bool operator==(const FrameChange &) const = default;
};

/// Who made somebody a member. A pair of group and member holds for as long as one of its sources does.
struct MembershipSource {
    enum class Kind : quint8 { ByHand, SignOn, Rule };
    Kind kind = Kind::ByHand;
    QUuid rule; ///< Rule: which
    bool operator==(const MembershipSource &) const = default;
};
struct MembershipChange {
    bool added = true;
    bool direct = true; ///< false: through a group in the group
    ObjectRef group;
    ObjectRef member;   ///< a user or a nested group
    MembershipSource source;
    bool operator==(const MembershipChange &) const = default;
};

struct Step {
    Action action = Action::None;
    ObjectRef source{ObjectKind::Entry}; ///< what it comes from; for people who left: the entry as last known
    ObjectRef target;          ///< what it changes. A create's id is the one that the object will get; a user's or group's
                               ///< name is the one that it has, of something new the one that it will have
    qint64 revision = 0;       ///< the target's revision that the step was planned against
    Departure departure = Departure::None;
    QList<AttributeChange> changes;
    QList<MembershipChange> memberships;
    std::optional<LinkChange> link;   ///< through the gateway that the plan is about
    QList<LinkChange> otherLinks;     ///< through other gateways; they go with an object that is deleted
    std::optional<FrameChange> frame;
    QList<QByteArray> after;   ///< ids of targets whose steps must be done before this one
    quint32 ring = 0;          ///< not 0: the steps with this number stand side by side and exchange usernames, each takes
                               ///< that of the one before it, the first that of the last. All are applied or none.
    QList<Problem> problems;
    bool operator==(const Step &) const = default;

    ObjectKind kind() const { return target.kind; }
    /// Ties an entry to an object that has none in this gateway.
    bool ties() const { return link && !link->before.exists() && link->after.exists(); }
};

/// A change as in `plan --json`: kind, action, source, target, attributes, problems, and where there are any members and
/// departure.
QJsonObject toJson(const Step &step);

} // namespace gatehouse::core
