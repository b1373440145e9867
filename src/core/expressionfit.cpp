// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expressionfit.h"

namespace gatehouse::core {

namespace {

using expr::ValueType;

QString sentenceFor(ValueType type, const AttributeDefinition &target)
{
    const QString &name = target.displayName.isEmpty() ? target.name : target.displayName;
    if (type == ValueType::Null)
        return QStringLiteral("This is always null: %1 would never get a value.").arg(name);
    if (target.type == AttributeType::Json)
        return {};
    if (type == ValueType::Map)
        return QStringLiteral("This gives a map, which %1 cannot hold. Take one of its values, as in {…}['key'].").arg(name);
    if (type == ValueType::List && !target.multiValued)
        return QStringLiteral("This gives a list, and %1 holds one value: only the first is kept. #string.join(…, ', ') "
                              "makes one text of them.").arg(name);
    if (target.type == AttributeType::Boolean && !target.multiValued && type == ValueType::Text)
        return QStringLiteral("This gives a text, and %1 is true or false: any other text fails. Compare it instead, as in "
                              "… == 'yes'.").arg(name);
    return {};
}

} // namespace

std::optional<expr::Fault> misfit(const expr::Expression &expression, const AttributeDefinition &target)
{
    const QString sentence = sentenceFor(expression.resultType(), target);
    if (sentence.isEmpty())
        return std::nullopt;
    return expr::Fault{sentence, 0, int(expression.text().size())};
}

std::optional<expr::Fault> misfit(const LdapValue &value, const AttributeDefinition &target)
{
    if (value.form() == LdapValue::Form::Attribute)
        return std::nullopt;
    const QString sentence = sentenceFor(value.resultType(), target);
    if (sentence.isEmpty())
        return std::nullopt;
    return expr::Fault{sentence, 0, int(value.text().size())};
}

} // namespace gatehouse::core
