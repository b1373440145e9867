// SPDX-License-Identifier: GPL-3.0-or-later
//
// The configuration file: read with every fault at its JSON path, and written. Pure functions, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace gatehouse::core {

/// Reads a configuration file. All faults are returned at once, each with its JSON path in `where` (for example
/// "gateways[0].serversHostAndPort[1]"): unknown keys, wrong types, bad values. Does not look at references between
/// things: validate() does.
[[nodiscard]] tl::expected<Configuration, QList<Error>> parseConfiguration(const QByteArray &json);

/// The top-level keys of a configuration file, for merge().
QStringList sectionsOf(const QByteArray &json);
/// Every key that the file format knows, as a path without indices ("gateways[].userTypes[].name"), sorted.
QStringList configurationKeys();
/// The JSON Schema (2020-12) of the file format: what an editor completes and checks by.
QJsonObject configurationSchema();

/// The configuration as the file format writes it; defaults are written out, ids and secrets are not.
QJsonObject toJson(const Configuration &configuration);
QJsonObject toJson(const Gateway &gateway);
QJsonObject toJson(const Connection &connection);
QJsonObject toJson(const Rule &rule);

} // namespace gatehouse::core
