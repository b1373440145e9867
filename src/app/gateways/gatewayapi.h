// SPDX-License-Identifier: GPL-3.0-or-later
//
// A gateway as the PingOne API writes it: ids in place of names, no secrets and no references to them, nothing that is
// this program's own (mode, CA file, pinned certificate). Pure function.
#pragma once

#include "core/config/forward.h"

#include <QJsonObject>

namespace gatehouse::app {

QJsonObject apiJson(const core::Gateway &gateway, const core::Configuration &configuration);

} // namespace gatehouse::app
