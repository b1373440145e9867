// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values from and to JSON, exactly: whole numbers of any size and long decimals are kept, which QJsonDocument cannot
// do. Pure functions, any thread.
#pragma once

#include "core/expr/fault.h"
#include "core/expr/value.h"

#include <QByteArrayView>
#include <QJsonValue>

#include <tl/expected.hpp>

namespace gatehouse::core::expr {

/// Reads one JSON document of UTF-8. A whole number becomes an int, long or big integer, whichever is the first that
/// fits; a decimal becomes a double when that keeps all its digits, else a big decimal. The fault's offset counts
/// octets.
[[nodiscard]] tl::expected<Value, Fault> readJson(QByteArrayView json);
/// Compact JSON in UTF-8. Characters and byte arrays are texts and numbers; NaN and infinities are texts.
QByteArray printJson(const Value &value);

Value fromJson(const QJsonValue &json);
/// Numbers that a QJsonValue cannot hold exactly become texts.
QJsonValue toJson(const Value &value);

} // namespace gatehouse::core::expr
