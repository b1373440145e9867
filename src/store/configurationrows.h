// SPDX-License-Identifier: GPL-3.0-or-later
//
// The configuration's tables: each thing is a row with its place in the section, its name, and its body as the
// configuration file writes it; ids stand beside the body. Used by Configurations, within its transactions.
#pragma once

#include "core/config/forward.h"
#include "core/identity.h"
#include "core/result.h"

#include <QByteArray>
#include <QJsonArray>
#include <QList>
#include <QUuid>

namespace gatehouse::store {

class Database;

enum class Section { Attributes, Gateways, Connections, Rules };
inline constexpr Section kSections[] = {Section::Attributes, Section::Gateways, Section::Connections, Section::Rules};
/// As in the configuration file.
QString sectionName(Section section);

struct ConfigurationRow {
    QUuid id; ///< null for attributes, which are known by name
    QString name;
    QByteArray body;        ///< compact JSON
    QByteArray userTypeIds; ///< gateways: JSON array of ids in the order of the body's userTypes
    bool operator==(const ConfigurationRow &) const = default;
};

[[nodiscard]] core::Result<QList<ConfigurationRow>> readRows(Database &database, Section section);
QJsonArray bodiesOf(const QList<ConfigurationRow> &rows);
[[nodiscard]] core::Result<QList<core::Population>> readPopulations(Database &database);

/// Writes what differs. Everything in @p wanted has its id.
[[nodiscard]] core::Result<void> writeConfiguration(Database &database, const core::Configuration &stored,
                                                    const core::Configuration &wanted);

} // namespace gatehouse::store
