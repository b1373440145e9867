// SPDX-License-Identifier: GPL-3.0-or-later
//
// A value of the expression language: null, boolean, the Java number types, text, list, map with a fixed order, and
// arrays of primitives that know their element type. Values are immutable and cheap to copy (large ones are shared);
// they may be read from several threads at once. Nothing here evaluates or prints: see arithmetic.h, convert.h, json.h.
#pragma once

#include <QHash>
#include <QString>

#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace gatehouse::core::expr {

struct BigInteger; // numbers.h, which is the only place that needs Boost
struct BigDecimal;
class Value;
class Map;
struct Array;

using Values = std::vector<Value>;

/// In the order of Value's alternatives.
enum class Kind : quint8 {
    Null,
    Boolean,
    Byte,
    Short,
    Int,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Char,
    String,
    List,
    Map,
    Array,
};

class Value {
public:
    Value() = default;
    Value(bool value) : m_data(value) {}
    Value(qint8 value) : m_data(value) {}
    Value(qint16 value) : m_data(value) {}
    Value(qint32 value) : m_data(value) {}
    Value(qint64 value) : m_data(value) {}
    Value(float value) : m_data(value) {}
    Value(double value) : m_data(value) {}
    Value(char16_t value) : m_data(value) {}
    /// An empty text is never Qt's null string, which begins with nothing, not even with an empty text.
    Value(QString value) : m_data(value.isNull() ? QString(QLatin1StringView("")) : std::move(value)) {}
    Value(BigInteger value);
    Value(BigDecimal value);
    Value(Values value);
    Value(Map value);
    Value(Array value);
    template <typename T>
    Value(T *) = delete; // a pointer would become a boolean
    Value(const Value &) = default;
    Value(Value &&) = default;
    Value &operator=(const Value &) = default;
    Value &operator=(Value &&) = default;
    ~Value() = default;

    Kind kind() const { return Kind(m_data.index()); }
    bool isNull() const { return kind() == Kind::Null; }
    bool isString() const { return kind() == Kind::String; }
    bool isNumber() const { return kind() >= Kind::Byte && kind() <= Kind::BigDecimal; }
    /// Byte, Short or Int: what Java's int can hold.
    bool isIntLike() const { return kind() >= Kind::Byte && kind() <= Kind::Int; }
    /// A list or an array: what can be indexed, selected from and projected.
    bool isSequence() const { return kind() == Kind::List || kind() == Kind::Array; }

    // Each of these asks for exactly the kind it is named after.
    bool boolean() const { return *std::get_if<bool>(&m_data); }
    float floating() const { return *std::get_if<float>(&m_data); }
    double real() const { return *std::get_if<double>(&m_data); }
    char16_t character() const { return *std::get_if<char16_t>(&m_data); }
    const QString &string() const { return *std::get_if<QString>(&m_data); }
    QString &string() { return *std::get_if<QString>(&m_data); }
    const BigInteger &bigInteger() const { return **std::get_if<std::shared_ptr<const BigInteger>>(&m_data); }
    const BigDecimal &bigDecimal() const { return **std::get_if<std::shared_ptr<const BigDecimal>>(&m_data); }
    const Values &list() const { return **std::get_if<std::shared_ptr<const Values>>(&m_data); }
    const Map &map() const { return **std::get_if<std::shared_ptr<const Map>>(&m_data); }
    const Array &array() const { return **std::get_if<std::shared_ptr<const Array>>(&m_data); }

    /// Of Byte, Short, Int or Long.
    qint64 integer() const;
    /// The elements of a list or an array.
    const Values &items() const;

private:
    std::variant<std::monostate, bool, qint8, qint16, qint32, qint64, float, double,
                 std::shared_ptr<const BigInteger>, std::shared_ptr<const BigDecimal>, char16_t, QString,
                 std::shared_ptr<const Values>, std::shared_ptr<const Map>, std::shared_ptr<const Array>>
        m_data;
};

/// Entries in the order in which they were written. Data navigates safely (a missing name is null); a map written in
/// the expression itself does not, so it remembers where it comes from.
class Map {
public:
    enum class Origin { Data, Literal };
    explicit Map(Origin origin = Origin::Data) : m_origin(origin) {}

    const std::vector<std::pair<QString, Value>> &entries() const { return m_entries; }
    qint64 size() const { return qint64(m_entries.size()); }
    bool isLiteral() const { return m_origin == Origin::Literal; }
    const Value *find(const QString &key) const;
    /// Replaces the value of @p key in its place, or appends it.
    void insert(const QString &key, Value value);

private:
    std::vector<std::pair<QString, Value>> m_entries;
    QHash<QString, size_t> m_index; ///< only of maps with many entries
    Origin m_origin;
};

/// A Java array of primitives; an array of arrays has the element kind Array.
struct Array {
    Kind element = Kind::Int;
    Values items;
};

/// The kind as a person reads it: "a whole number", "a list".
QString kindText(Kind kind);

} // namespace gatehouse::core::expr
