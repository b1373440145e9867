// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value of an identity attribute: absent, a boolean, a text, or (custom multi-valued attributes only) a list of
// texts. JSON attributes are held as their compact text.
#pragma once

#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <variant>

namespace gatehouse::core {

using Value = std::variant<std::monostate, bool, QString, QStringList>;

inline bool isNull(const Value &value)
{
    return std::holds_alternative<std::monostate>(value);
}

/// The value as JSON: null, bool, string or array of strings.
QJsonValue toJson(const Value &value);
/// The reverse; numbers become their text, objects their compact JSON text.
Value valueFromJson(const QJsonValue &json);
/// For lists on a screen: "", "true", the text, or the texts joined by ", ".
QString displayText(const Value &value);

} // namespace gatehouse::core
