// SPDX-License-Identifier: GPL-3.0-or-later
//
// Users, groups, memberships and populations of the environment: single records for forms and sign-on, batches for
// runs. Types, limits and uniqueness are enforced here for every way in, by the attribute catalogue and the tables'
// constraints. Every change bumps the record's revision and, unless a run makes it, clears the fingerprints of its
// links, so that the next run compares in full.
#pragma once

#include "core/identity.h"
#include "core/plan/step.h"
#include "core/result.h"

#include <QHash>
#include <QStringList>

#include <optional>
#include <span>
#include <vector>

namespace gatehouse::store {

class Database;

/// What every step of one run's apply shares.
struct ApplyContext {
    qint64 run = 0; ///< row of the run, for the journal
    QUuid gateway;  ///< that the links of the steps are of
};

/// A user found by username, and whether an entry of the asking gateway already owns it.
struct UsernameMatch {
    qint64 userRow = 0;
    QUuid id = {};
    bool linkedToGateway = false;
};

class Identities {
public:
    explicit Identities(Database &database);

    void setCatalog(std::shared_ptr<const core::AttributeCatalog> catalog);
    const core::AttributeCatalog &catalog() const;
    /// The same people by @p catalog, whatever becomes of the environment's: to read by, while something goes on that began
    /// with it.
    Identities keeping(std::shared_ptr<const core::AttributeCatalog> catalog) const;

    // Everything that saving would refuse; writes nothing.
    QList<core::Problem> check(const core::User &user);
    QList<core::Problem> check(const core::Group &group);

    // Users, one at a time. save: row 0 creates, else updates when `revision` is still the stored one (Conflict
    // otherwise). All problems of a refused user come back at once.
    [[nodiscard]] core::Result<core::User> user(qint64 row);
    [[nodiscard]] core::Result<core::User> userByKey(const QString &usernameOrId);
    [[nodiscard]] tl::expected<core::User, QList<core::Problem>> saveUser(core::User user);
    [[nodiscard]] core::Result<void> setUserEnabled(qint64 row, bool enabled);
    [[nodiscard]] core::Result<void> deleteUser(qint64 row);

    // Groups and populations. What comes from outside keeps the name it has there and gets its members from there:
    // saveGroup refuses to rename it, addMember to add to it; a member may be removed.
    [[nodiscard]] core::Result<core::Group> group(qint64 row);
    [[nodiscard]] core::Result<core::Group> groupByName(const QString &name);
    [[nodiscard]] tl::expected<core::Group, QList<core::Problem>> saveGroup(core::Group group);
    [[nodiscard]] core::Result<void> deleteGroup(qint64 row);
    [[nodiscard]] core::Result<void> addMember(qint64 group, qint64 user);
    [[nodiscard]] core::Result<void> removeMember(qint64 group, qint64 user);
    [[nodiscard]] core::Result<QList<core::Population>> populations();

    // Batches, for runs.
    /// In the order of @p rows; rows that do not exist are left out.
    [[nodiscard]] core::Result<std::vector<core::User>> users(std::span<const qint64> rows);
    /// usernameKey -> match, for those that exist.
    [[nodiscard]] core::Result<QHash<QString, UsernameMatch>> usersByUsernameKey(const QStringList &keys,
                                                                                 const QUuid &gateway);
    [[nodiscard]] core::Result<qint64> userCount();
    /// How many of the users linked through @p gateway by the rule have a value of the attribute.
    [[nodiscard]] core::Result<qint64> countWithValue(int attribute, const QUuid &gateway, qint64 ruleRow);
    /// Immutable ids of up to @p limit other people linked through @p gateway who have a value of the attribute.
    [[nodiscard]] core::Result<std::vector<QByteArray>> othersWithValue(int attribute, const QUuid &gateway, qint64 exceptUser,
                                                                        int limit);

    /// Tells that a run is about to apply @p creates creates. Where these are many beside the users there are, the
    /// sorting indexes are put off until endBulk(): then a million creates take a third of the time, and searches by
    /// username read the whole table meanwhile. Nothing is lost when the program dies in between.
    [[nodiscard]] core::Result<void> beginBulk(qint64 creates);
    /// After the last batch, however the run ended. Nothing to do when no bulk load is in force.
    [[nodiscard]] core::Result<void> endBulk();

    /// Applies the steps in one transaction: users, links and journal together. A step whose user changed since it
    /// was planned, or whose username was taken meanwhile, is refused alone: its problem stands at its index in the
    /// answer. Steps with Action::None only write the link.
    [[nodiscard]] core::Result<std::vector<std::optional<core::Problem>>>
    apply(const ApplyContext &context, std::span<const core::Step> steps);

private:
    struct Private;
    std::shared_ptr<Private> d;
};

} // namespace gatehouse::store
