// SPDX-License-Identifier: GPL-3.0-or-later
//
// What may be provisioned through a gateway. Pure values.
#pragma once

#include <QString>
#include <QUuid>

namespace gatehouse::core {

enum class RemoveAction { Disable, Delete };

/// What is done to people who have gone, or whose rule was removed.
struct Deprovision {
    bool enabled = false;
    RemoveAction removeAction = RemoveAction::Disable;
    bool onRuleDeletion = false;
    bool operator==(const Deprovision &) const = default;
};

/// What may be done to people.
struct UserActions {
    bool create = true;
    bool update = true;
    bool disable = true;
    Deprovision deprovision;
    bool operator==(const UserActions &) const = default;
};

struct GroupDeletion {
    bool enabled = false;
    bool onRuleDeletion = false;
    bool operator==(const GroupDeletion &) const = default;
};

/// What may be done to groups.
struct GroupActions {
    bool create = false;
    bool rename = false;
    GroupDeletion deletion; ///< "delete" in the file
    bool memberships = false;
    bool operator==(const GroupActions &) const = default;
};

struct Connection {
    QUuid id;
    QString name;
    QString description;
    QString gateway;
    bool enabled = true;
    UserActions users;
    GroupActions groups;
    bool operator==(const Connection &) const = default;
};

} // namespace gatehouse::core
