// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/value.h"

#include "core/expr/numbers.h"

namespace gatehouse::core::expr {

Value::Value(BigInteger value) : m_data(std::make_shared<const BigInteger>(std::move(value))) {}
Value::Value(BigDecimal value) : m_data(std::make_shared<const BigDecimal>(std::move(value))) {}
Value::Value(Values value) : m_data(std::make_shared<const Values>(std::move(value))) {}
Value::Value(Map value) : m_data(std::make_shared<const Map>(std::move(value))) {}
Value::Value(Array value) : m_data(std::make_shared<const Array>(std::move(value))) {}

qint64 Value::integer() const
{
    switch (kind()) {
    case Kind::Byte:
        return *std::get_if<qint8>(&m_data);
    case Kind::Short:
        return *std::get_if<qint16>(&m_data);
    case Kind::Int:
        return *std::get_if<qint32>(&m_data);
    case Kind::Long:
        return *std::get_if<qint64>(&m_data);
    default:
        Q_UNREACHABLE();
    }
}

const Values &Value::items() const
{
    return kind() == Kind::Array ? array().items : list();
}

/// Below this many entries a walk is faster than a hash.
static constexpr size_t kIndexedFrom = 12;

const Value *Map::find(const QString &key) const
{
    if (!m_index.isEmpty()) {
        const auto found = m_index.constFind(key);
        return found == m_index.constEnd() ? nullptr : &m_entries[*found].second;
    }
    for (const auto &[name, value] : m_entries) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

void Map::insert(const QString &key, Value value)
{
    if (const Value *present = find(key)) {
        *const_cast<Value *>(present) = std::move(value); // points into our own entries
        return;
    }
    m_entries.emplace_back(key, std::move(value));
    if (!m_index.isEmpty()) {
        m_index.insert(key, m_entries.size() - 1);
    } else if (m_entries.size() == kIndexedFrom) {
        for (size_t index = 0; index < m_entries.size(); ++index)
            m_index.insert(m_entries[index].first, index);
    }
}

QString kindText(Kind kind)
{
    switch (kind) {
    case Kind::Null:
        return QStringLiteral("null");
    case Kind::Boolean:
        return QStringLiteral("a boolean");
    case Kind::Byte:
    case Kind::Short:
    case Kind::Int:
    case Kind::Long:
    case Kind::BigInteger:
        return QStringLiteral("a whole number");
    case Kind::Float:
    case Kind::Double:
    case Kind::BigDecimal:
        return QStringLiteral("a decimal number");
    case Kind::Char:
        return QStringLiteral("a character");
    case Kind::String:
        return QStringLiteral("a text");
    case Kind::List:
        return QStringLiteral("a list");
    case Kind::Map:
        return QStringLiteral("a map");
    case Kind::Array:
        return QStringLiteral("an array");
    }
    return {};
}

} // namespace gatehouse::core::expr
