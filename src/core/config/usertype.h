// SPDX-License-Identifier: GPL-3.0-or-later
//
// How one kind of user is found in a gateway's directory, and made at the first sign-on. Pure values.
#pragma once

#include "core/config/forward.h"

#include <QList>
#include <QStringList>
#include <QUuid>

#include <optional>

namespace gatehouse::core {

enum class PasswordAuthority { PingOne, Ldap };

struct UserTypeMapping {
    QString name;  ///< PingOne attribute, or "externalGroupNames"
    QString value; ///< "${ldapAttributes.uid}" or an expression
    bool operator==(const UserTypeMapping &) const = default;
};

struct NewUserLookup {
    QString ldapFilterPattern; ///< with ${identifier}
    QString population;
    QList<UserTypeMapping> attributeMappings;
    bool nestedGroups = false; ///< external groups also through other groups, not by direct membership alone
    bool operator==(const NewUserLookup &) const = default;
};

struct UserType {
    QUuid id;
    QString name;
    PasswordAuthority passwordAuthority = PasswordAuthority::Ldap;
    QString searchBaseDn;
    QStringList orderedCorrelationAttributes;
    bool allowPasswordChanges = false;
    bool updateUserOnSuccessfulAuthentication = false;
    std::optional<NewUserLookup> newUserLookup; ///< present: migration of new users is enabled
    bool operator==(const UserType &) const = default;
};

/// A user type with the link attributes, the filter and the rows that are usual in a vendor's directory; its base and
/// population are left open. With migration.
UserType defaultUserType(Vendor vendor);

} // namespace gatehouse::core
