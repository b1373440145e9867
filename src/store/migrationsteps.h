// SPDX-License-Identifier: GPL-3.0-or-later
//
// The SQL of the steps of store/migrations.h, in their order. What the tables mean stands beside it.
#pragma once

#include <QByteArray>

#include <span>

namespace gatehouse::store {

std::span<const QByteArray> migrationSteps();

} // namespace gatehouse::store
