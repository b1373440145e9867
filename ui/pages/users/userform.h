// SPDX-License-Identifier: GPL-3.0-or-later
//
// Forms for users: one field per attribute of a section, with the editor that its type asks for, checked by the
// attribute catalogue; and back from the fields to a user. Keys of fields are the attributes' names, and "population".
#pragma once

#include "app/users/userdetails.h"
#include "ui/widgets/editing.h"

namespace gatehouse::app {
class Console;
}

namespace gatehouse::ui {

/// A form over these attributes, filled from @p user; with the population when @p population.
Form *makeUserForm(const app::Console &console, const core::User &user, const QList<int> &attributes, bool population);

/// Takes what the form holds into @p user; attributes that the form does not show stay as they are.
void readUserForm(const Form &form, const core::AttributeCatalog &catalog, core::User &user);

/// Problems of a refused save, beside their fields.
SaveFaults userFaults(const QList<core::Problem> &problems, const core::AttributeCatalog &catalog,
                      const core::User &user);

} // namespace gatehouse::ui
