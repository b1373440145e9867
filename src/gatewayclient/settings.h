// SPDX-License-Identifier: GPL-3.0-or-later
//
// What gatehouse-gateway was told: by its options, else by environment variables of the same names, so that a service's
// environment file can hold everything. The credential comes from a file or a variable and never from an argument,
// which everybody on the machine could read. Blocking file access, before anything runs.
#pragma once

#include "core/result.h"
#include "link/client.h"

#include <QProcessEnvironment>
#include <QStringList>

namespace gatehouse::gatewayclient {

struct Settings {
    link::ClientOptions client;
    quint16 healthPort = link::kHealthPort; ///< 0: no health endpoint
};

/// @p arguments without the program's name. `what` and `detail` say which option to correct.
[[nodiscard]] core::Result<Settings> readSettings(const QStringList &arguments, const QProcessEnvironment &environment);
/// The help, for people.
QString usage();

} // namespace gatehouse::gatewayclient
