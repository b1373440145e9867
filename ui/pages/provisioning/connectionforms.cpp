// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/connectionforms.h"

#include "core/config/connection.h"
#include "ui/widgets/propertyrows.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QLayout>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace gatehouse::ui {

namespace {

constexpr int kIndent = 24; ///< of what only counts while the box above it is ticked

const QString kCreate = QStringLiteral("users.create");
const QString kUpdate = QStringLiteral("users.update");
const QString kDisable = QStringLiteral("users.disable");
const QString kDeprovision = QStringLiteral("users.deprovision.enabled");
const QString kRemoveAction = QStringLiteral("users.deprovision.removeAction");
const QString kOnRuleDeletion = QStringLiteral("users.deprovision.onRuleDeletion");
const QString kGroupsCreate = QStringLiteral("groups.create");
const QString kGroupsRename = QStringLiteral("groups.rename");
const QString kGroupsDelete = QStringLiteral("groups.delete.enabled");
const QString kGroupsOnRuleDeletion = QStringLiteral("groups.delete.onRuleDeletion");
const QString kMemberships = QStringLiteral("groups.memberships");

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::ConnectionForms", text);
}

QString yesNo(bool yes)
{
    return yes ? words(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Yes"))
               : words(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "No"));
}

} // namespace

ConnectionNameForm::ConnectionNameForm(const core::Connection &connection, QWidget *parent) : ThingForm(parent)
{
    addField(QStringLiteral("name"), tr("&Name"), new QLineEdit(connection.name))->setRequired(true);
    auto *description = new QPlainTextEdit(connection.description);
    description->setFixedHeight(60);
    addField(QStringLiteral("description"), tr("&Description"), description);
    markUnchanged();
}

void ConnectionNameForm::readInto(core::Connection &connection) const
{
    connection.name = text(QStringLiteral("name"));
    connection.description = text(QStringLiteral("description"));
}

ConnectionActionsForm::ConnectionActionsForm(const core::Connection &connection, QWidget *parent) : ThingForm(parent)
{
    addUsers(connection);
    addGroups(connection);
    connect(this, &Form::edited, this, &ConnectionActionsForm::showDependents);
    showDependents();
    markUnchanged();
}

QCheckBox *ConnectionActionsForm::addBox(const QString &key, const QString &label, const QString &help, bool on,
                                         int level)
{
    auto *box = new QCheckBox(label);
    box->setChecked(on);
    FormField *field = addField(key, label, box);
    field->setHelp(help);
    field->layout()->setContentsMargins(level * kIndent, 0, 0, 0);
    return box;
}

void ConnectionActionsForm::addUsers(const core::Connection &connection)
{
    addHeading(tr("Users Actions"));
    addBox(kCreate, tr("Enable users c&reation"),
           tr("Create a user in the target when the user is created in the source."), connection.users.create);
    addBox(kUpdate, tr("Enable users &updation"),
           tr("Update the user's attributes in the target when the user is updated in the source."),
           connection.users.update);
    addBox(kDisable, tr("Enable users d&isable"),
           tr("Disable the user in the target when the user is disabled in the source."), connection.users.disable, 1);
    addBox(kDeprovision, tr("Enable users d&eprovision"),
           tr("Deprovision the user in the target when the user is deprovisioned in the source: deleted, or no longer "
              "in scope."),
           connection.users.deprovision.enabled);
    field(kDeprovision)->setCheck([this](const QVariant &on) -> QString {
        if (on.toBool() && !(isOn(kUpdate) && isOn(kDisable)))
            return tr("Remove Action is only available with Enable users disable. Select that above, too.");
        return {};
    });
    auto *action = new QComboBox;
    action->addItem(tr("Disable"), int(core::RemoveAction::Disable));
    action->addItem(tr("Delete"), int(core::RemoveAction::Delete));
    action->setCurrentIndex(action->findData(int(connection.users.deprovision.removeAction)));
    FormField *removal = addField(kRemoveAction, tr("Remove &Action"), action);
    removal->setHelp(tr("What happens to the user in the target when the user is deleted in the source."));
    removal->layout()->setContentsMargins(kIndent, 0, 0, 0);
    addBox(kOnRuleDeletion, tr("Deprovision on rule de&letion"),
           tr("Deprovision the users of a provisioning rule when the rule is deleted."),
           connection.users.deprovision.onRuleDeletion, 1);
}

void ConnectionActionsForm::addGroups(const core::Connection &connection)
{
    addHeading(tr("Groups Actions (LDAP only)"));
    addBox(kGroupsCreate, tr("Enable &groups creation"),
           tr("Create groups in PingOne when they are created in the LDAP directory."), connection.groups.create);
    addBox(kGroupsRename, tr("Enable groups rena&me"),
           tr("Update group names in PingOne when they change in the LDAP directory."), connection.groups.rename);
    addBox(kGroupsDelete, tr("Enable groups dele&tion"),
           tr("Remove groups from PingOne when they are deleted from the LDAP directory."),
           connection.groups.deletion.enabled);
    addBox(kGroupsOnRuleDeletion, tr("Delete groups on rule deleti&on"),
           tr("Delete provisioned groups in PingOne when the rule is deleted."),
           connection.groups.deletion.onRuleDeletion, 1);
    addHeading(tr("Memberships Actions (LDAP only)"));
    addBox(kMemberships, tr("Enable members&hips sync"),
           tr("Add and remove memberships of groups in PingOne as they change in the LDAP directory."),
           connection.groups.memberships);
}

void ConnectionActionsForm::showDependents()
{
    const bool disable = isOn(kUpdate) && isOn(kDisable);
    field(kDisable)->setVisible(isOn(kUpdate));
    field(kRemoveAction)->setVisible(isOn(kDeprovision) && disable);
    field(kOnRuleDeletion)->setVisible(isOn(kDeprovision));
    field(kGroupsOnRuleDeletion)->setVisible(isOn(kGroupsDelete));
    if (!field(kDeprovision)->error().isEmpty())
        field(kDeprovision)->validate();
}

void ConnectionActionsForm::readInto(core::Connection &connection) const
{
    connection.users.create = isOn(kCreate);
    connection.users.update = isOn(kUpdate);
    connection.users.disable = isOn(kUpdate) && isOn(kDisable);
    connection.users.deprovision.enabled = isOn(kDeprovision);
    connection.users.deprovision.removeAction = connection.users.deprovision.enabled && connection.users.disable
                                  ? core::RemoveAction(number(kRemoveAction))
                                  : core::RemoveAction::Disable;
    connection.users.deprovision.onRuleDeletion = connection.users.deprovision.enabled && isOn(kOnRuleDeletion);
    connection.groups.create = isOn(kGroupsCreate);
    connection.groups.rename = isOn(kGroupsRename);
    connection.groups.deletion.enabled = isOn(kGroupsDelete);
    connection.groups.deletion.onRuleDeletion = connection.groups.deletion.enabled && isOn(kGroupsOnRuleDeletion);
    connection.groups.memberships = isOn(kMemberships);
}

void addConnectionRows(PropertyRows &users, PropertyRows &groups)
{
    const auto label = [](const char *text) { return words(text); };
    users.addRow(kCreate, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable users creation")));
    users.addRow(kUpdate, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable users updation")));
    users.addRow(kDisable, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable users disable")));
    users.addRow(kDeprovision, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable users deprovision")));
    users.addRow(kRemoveAction, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Remove Action")));
    users.addRow(kOnRuleDeletion,
                 label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Deprovision on rule deletion")));
    groups.addRow(kGroupsCreate, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable groups creation")));
    groups.addRow(kGroupsRename, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable groups rename")));
    groups.addRow(kGroupsDelete, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable groups deletion")));
    groups.addRow(kGroupsOnRuleDeletion,
                  label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Delete groups on rule deletion")));
    groups.addRow(kMemberships, label(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Enable memberships sync")));
}

void showConnectionRows(PropertyRows &users, PropertyRows &groups, const core::Connection &connection)
{
    users.setValue(kCreate, yesNo(connection.users.create));
    users.setValue(kUpdate, yesNo(connection.users.update));
    users.setValue(kDisable, yesNo(connection.users.disable));
    users.setRowVisible(kDisable, connection.users.update);
    users.setValue(kDeprovision, yesNo(connection.users.deprovision.enabled));
    users.setValue(kRemoveAction,
                   connection.users.deprovision.removeAction == core::RemoveAction::Delete
                       ? words(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Delete"))
                       : words(QT_TRANSLATE_NOOP("gatehouse::ui::ConnectionForms", "Disable")));
    users.setRowVisible(kRemoveAction, connection.users.deprovision.enabled);
    users.setValue(kOnRuleDeletion, yesNo(connection.users.deprovision.onRuleDeletion));
    users.setRowVisible(kOnRuleDeletion, connection.users.deprovision.enabled);
    groups.setValue(kGroupsCreate, yesNo(connection.groups.create));
    groups.setValue(kGroupsRename, yesNo(connection.groups.rename));
    groups.setValue(kGroupsDelete, yesNo(connection.groups.deletion.enabled));
    groups.setValue(kGroupsOnRuleDeletion, yesNo(connection.groups.deletion.onRuleDeletion));
    groups.setRowVisible(kGroupsOnRuleDeletion, connection.groups.deletion.enabled);
    groups.setValue(kMemberships, yesNo(connection.groups.memberships));
}

} // namespace gatehouse::ui
