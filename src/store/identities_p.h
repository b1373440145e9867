// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of store/identities.h, shared by its sources.
#pragma once

#include "store/database.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/usercolumns.h"

namespace gatehouse::store {

/// "SELECT … FROM groups AS g" for readGroup(); a WHERE clause may follow.
QByteArray groupSelect();
core::Group readGroup(const Statement &row);

struct Identities::Private {
    explicit Private(Database &owner)
        : database(owner), columns(std::make_unique<UserColumns>(std::make_shared<core::AttributeCatalog>()))
    {
    }

    /// Everything that forbids @p user, whose row is 0 when new.
    QList<core::Problem> problemsOf(const core::User &user);
    QList<core::Problem> problemsOf(const core::Group &group);
    /// Creates or updates; sets row and id of a new user.
    core::Result<std::optional<core::Problem>> write(core::User &user);

    Database &database;
    std::unique_ptr<UserColumns> columns;
};

} // namespace gatehouse::store
