// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of LDAP attributes that a configuration uses, held against the schema of the directory they are read from. A
// name that the schema does not know has no value for anybody, and a filter on it is true for nobody: it is warned of, never
// refused, since a schema may be incomplete. Pure functions, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/entry.h"
#include "core/schema.h"

#include <functional>

namespace gatehouse::core {

/// What to say of @p name where it is not in @p schema; nothing where it is, or where it is computed here ("active", "dn").
std::optional<Error> unknownAttribute(const Schema &schema, const QString &name);

/// Warnings about a rule's mapping and filter; `where` begins with @p path ("rules[0]").
QList<Error> schemaWarnings(const Rule &rule, const Schema &schema, const QString &path);
/// About a user type's link attributes, filter and mapping.
QList<Error> schemaWarnings(const UserType &userType, const Schema &schema, const QString &path);
/// The attributes of the rule's filter that the schema does not know: to the server they are Undefined for every entry.
QStringList unknownInFilter(const Rule &rule, const Schema &schema);

/// About everything that names attributes of a directory. @p schemaOf gives the schema of a gateway as it was last read;
/// nullptr: it never was, and then that is what is said.
using SchemaOf = std::function<std::shared_ptr<const Schema>(const Gateway &)>;
QList<Error> schemaWarnings(const Configuration &configuration, const SchemaOf &schemaOf);

/// @p entry with its values under those of @p names, too, that @p schema knows as other names of an attribute it has.
Entry withAliases(Entry entry, const SlotNames &names, const Schema &schema);

} // namespace gatehouse::core
