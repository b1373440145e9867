// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two configurations: laid over each other, compared, and with things renamed. Pure functions, any thread.
#pragma once

#include "core/config/forward.h"

#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>

namespace gatehouse::core {

/// One line of a difference: "rules[Staff in].guards.maxDeprovisions", before, after. Absent sides are Undefined.
struct ConfigurationChange {
    QString path;
    QJsonValue before;
    QJsonValue after;
};
/// What apply would change in @p current to reach @p wanted. Ids only tell what was renamed. Sections that the file does not
/// mention are left alone, so @p wanted must be the result of merge().
QList<ConfigurationChange> difference(const Configuration &current, const Configuration &wanted);

/// @p file laid over @p current: things are matched by name and keep their ids; a gateway, user type, connection or rule
/// that the file calls by another name, and nothing else, is the one that it was, and so is one that leads to the same
/// directory or means the same people. A section present in the file replaces the whole section, an absent one stays.
/// @p sections are the top-level keys found in the file.
Configuration merge(const Configuration &current, const Configuration &file, const QStringList &sections);

/// Renames a thing and every reference to it. @p section is "populations", "gateways", "connections" or "rules".
Configuration rename(Configuration configuration, const QString &section, const QString &from, const QString &to);
/// Renames a user type of @p gateway and the rules that authenticate by it.
Configuration renameUserType(Configuration configuration, const QString &gateway, const QString &from,
                             const QString &to);

} // namespace gatehouse::core
