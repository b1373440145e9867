// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping in the form that the mapping table edits, and back: "${ldapAttributes.mail}" is the source
// attribute "mail" there, everything else an expression. Pure functions.
#pragma once

#include "core/config.h"

namespace gatehouse::app {

QList<core::AttributeMapping> mappingRows(const QList<core::UserTypeMapping> &mappings);
QList<core::UserTypeMapping> userTypeMappings(const QList<core::AttributeMapping> &rows);
/// The user attributes that a user type can map: the environment's, and External Group Names.
core::AttributeCatalog userTypeCatalog(const core::Configuration &configuration);
/// LDAP attributes to offer: those people usually have, the vendor's group attribute and ids.
QStringList userTypeSources(core::Vendor vendor);

} // namespace gatehouse::app
