// SPDX-License-Identifier: GPL-3.0-or-later
//
// The forms of a provisioning connection: its name, and its preferences under the product's headings Users Actions,
// Groups Actions and Memberships Actions. Used by the modal and by the details panel.
#pragma once

#include "core/config/forward.h"
#include "ui/editors/thingform.h"

class QCheckBox;

namespace gatehouse::ui {

class PropertyRows;

class ConnectionNameForm : public ThingForm {
    Q_OBJECT
public:
    explicit ConnectionNameForm(const core::Connection &connection, QWidget *parent = nullptr);
    void readInto(core::Connection &connection) const;
};

class ConnectionActionsForm : public ThingForm {
    Q_OBJECT
public:
    explicit ConnectionActionsForm(const core::Connection &connection, QWidget *parent = nullptr);
    void readInto(core::Connection &connection) const;

private:
    QCheckBox *addBox(const QString &key, const QString &label, const QString &help, bool on, int level = 0);
    void addUsers(const core::Connection &connection);
    void addGroups(const core::Connection &connection);
    void showDependents();
};

/// The preferences to be read, in the same order: adds the rows once, then sets their values.
void addConnectionRows(PropertyRows &users, PropertyRows &groups);
void showConnectionRows(PropertyRows &users, PropertyRows &groups, const core::Connection &connection);

} // namespace gatehouse::ui
