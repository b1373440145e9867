// SPDX-License-Identifier: GPL-3.0-or-later
//
// A user type's mapping in the form that the mapping table edits, and back: "${ldapAttributes.mail}" is the source
// attribute "mail" there, everything else an expression. And what is offered while one edits. Pure functions.
#pragma once

#include "app/expressions/attributecompletion.h"
#include "core/config/forward.h"
#include "core/identity.h"

namespace gatehouse::app {

QList<core::AttributeMapping> mappingRows(const QList<core::UserTypeMapping> &mappings);
QList<core::UserTypeMapping> userTypeMappings(const QList<core::AttributeMapping> &rows);
/// The row's value as the configuration has it; an attribute as "${ldapAttributes.NAME}".
QString userTypeValue(const core::AttributeMapping &row);
/// What somebody typed, or built, as a source: an attribute's name, with "ADD:" before it or in "${ldapAttributes.NAME}",
/// is that attribute; anything else is an expression.
void setUserTypeSource(core::AttributeMapping &row, const QString &typed);
/// The user attributes that a user type can map: the environment's, and External Group Names.
core::AttributeCatalog userTypeCatalog(const core::Configuration &configuration);
/// LDAP attributes to offer: those people usually have, the vendor's group attribute and ids.
QStringList userTypeSources(core::Vendor vendor);
/// The same as an expression of a user type reads them: "ldapAttributes.mail".
QList<CompletionItem> ldapAttributeItems(QList<CompletionItem> attributes);
/// The attribute that names somebody's groups: as @p schema has it, where it is known, else as the vendor's servers do.
QString groupAttribute(core::Vendor vendor, const core::Schema *schema = nullptr);

} // namespace gatehouse::app
