// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/connection.h"
#include "core/config/tables.h"

namespace gatehouse::core {

namespace {

const Table<Deprovision> &deprovisionTable()
{
    static const Table<Deprovision> table("What happens to users who leave the source.", [](Table<Deprovision> &keys) {
        keys.flag("enabled", &Deprovision::enabled, "Deprovision users.");
        keys.choice("removeAction", &Deprovision::removeAction, removeActionWords(),
                    "What is done to them; needs disable.");
        keys.flag("onRuleDeletion", &Deprovision::onRuleDeletion,
                  "Deprovision a rule's users when the rule is deleted.");
    });
    return table;
}

const Table<UserActions> &userActionsTable()
{
    static const Table<UserActions> table("What may be done to users.", [](Table<UserActions> &keys) {
        keys.flag("create", &UserActions::create, "Create users.");
        keys.flag("update", &UserActions::update, "Update users.");
        keys.flag("disable", &UserActions::disable, "Disable users who are disabled in the source.");
        keys.object("deprovision", &UserActions::deprovision, deprovisionTable());
    });
    return table;
}

const Table<GroupDeletion> &groupDeletionTable()
{
    static const Table<GroupDeletion> table("What happens to groups that leave the source.",
                                            [](Table<GroupDeletion> &keys) {
                                                keys.flag("enabled", &GroupDeletion::enabled, "Delete groups.");
                                                keys.flag("onRuleDeletion", &GroupDeletion::onRuleDeletion,
                                                          "Delete a rule's groups when the rule is deleted.");
                                            });
    return table;
}

const Table<GroupActions> &groupActionsTable()
{
    static const Table<GroupActions> table("What may be done to groups.", [](Table<GroupActions> &keys) {
        keys.flag("create", &GroupActions::create, "Create groups.");
        keys.flag("rename", &GroupActions::rename, "Rename groups.");
        keys.object("delete", &GroupActions::deletion, groupDeletionTable());
        keys.flag("memberships", &GroupActions::memberships, "Add and remove members.");
    });
    return table;
}

} // namespace

const Table<Connection> &connectionTable()
{
    static const Table<Connection> table("What may be provisioned through a gateway.", [](Table<Connection> &keys) {
        keys.definition = QStringLiteral("connection");
        keys.thingName();
        keys.thingDescription();
        keys.text("gateway", &Connection::gateway, "The LDAP gateway.").require().is(QStringLiteral("name"));
        keys.flag("enabled", &Connection::enabled, "Rules may run.");
        keys.object("users", &Connection::users, userActionsTable());
        keys.object("groups", &Connection::groups, groupActionsTable());
    });
    return table;
}

} // namespace gatehouse::core
