// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of store/identities.h, shared by its sources.
#pragma once

#include "store/bulkload.h"
#include "store/database.h"
#include "store/grouprows.h"
#include "store/identities.h"
#include "store/ids.h"
#include "store/usercolumns.h"

namespace gatehouse::store {

struct Identities::Private {
    explicit Private(Database &owner)
        : database(owner), columns(std::make_unique<UserColumns>(std::make_shared<core::AttributeCatalog>()))
    {
    }

    /// Everything that forbids @p user, whose row is 0 when new.
    QList<core::Problem> problemsOf(const core::User &user);
    /// Creates or updates; sets row and id of a new user.
    [[nodiscard]] core::Result<std::optional<core::Problem>> write(core::User &user);

    [[nodiscard]] core::Result<std::vector<std::optional<core::Problem>>> apply(const ApplyContext &context,
                                                                  std::span<const core::Step> steps);
    using Problems = std::vector<std::optional<core::Problem>>;
    /// Parts of a batch: each step by itself, or all or none.
    [[nodiscard]] core::Result<void> applyEach(const ApplyContext &context, std::span<const core::Step> steps, Problems &problems);
    [[nodiscard]] core::Result<void> applyRing(const ApplyContext &context, std::span<const core::Step> steps, Problems &problems);
    [[nodiscard]] core::Result<QHash<QString, UsernameMatch>> matches(const QStringList &keys, qint64 gateway);
    [[nodiscard]] core::Result<QHash<QString, UsernameMatch>> matchesBySearch(const QStringList &keys, qint64 gateway);

    Database &database;
    std::unique_ptr<UserColumns> columns;
    std::unique_ptr<BulkLoad> bulk; ///< while one lasts
};

} // namespace gatehouse::store
