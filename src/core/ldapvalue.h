// SPDX-License-Identifier: GPL-3.0-or-later
//
// The right side of a row in a user type's mapping, read once and evaluated for an entry. It is one of three things: an
// LDAP attribute ("${ldapAttributes.mail}"), a text with such attributes or with expressions in it
// ("${ldapAttributes.givenName} ${ldapAttributes.sn}"), or an expression, which reads ldapAttributes.mail, or the same
// with the braces around. Immutable once read, any thread.
#pragma once

#include "core/entry.h"
#include "core/expr/expression.h"
#include "core/result.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace gatehouse::core {

class LdapValue {
public:
    enum class Form { Attribute, Text, Expression };

    /// All faults at once, each with its place in @p text. A text is an expression when it has no braces, when it calls a
    /// function (#string.…), or when it has a quotation mark, "+" or "?" outside of the braces and makes an expression.
    [[nodiscard]] static tl::expected<LdapValue, QList<Error>> parse(const QString &text);

    Form form() const { return m_form; }
    const QString &text() const { return m_text; }
    /// The LDAP attributes that it reads, as written; "active" is computed and not among them.
    const SlotNames &sources() const { return m_sources; }

    /// What it makes of @p entry: an attribute with several values is a list, an absent one null. A text takes the first
    /// value of each and is null when all of them are absent; spaces at its ends go with what was absent there.
    [[nodiscard]] tl::expected<expr::Value, expr::Fault> evaluate(const Entry &entry, bool active) const;
    /// The same for data that is no entry: @p valueOf gives what an attribute holds, by its name as the text writes it.
    using ValueOf = std::function<expr::Value(const QString &attribute)>;
    [[nodiscard]] tl::expected<expr::Value, expr::Fault> evaluate(const ValueOf &valueOf) const;

    /// What will probably fail or surprise, with its place in the text; never stops it from being used.
    const QList<expr::Fault> &warnings() const { return m_warnings; }
    /// What kind of value it gives, as far as that is known.
    expr::ValueType resultType() const;
    /// Its parts that are evaluated, as expressions: one, unless it is a text.
    QStringList expressions() const;

private:
    struct Part {
        QString literal;
        std::optional<expr::Expression> expression;
    };
    void addSources(const expr::Expression &expression, QList<expr::Fault> &faults);
    /// "${ldapAttributes.x}" at @p begin: its length and what it reads; a fault where it is neither an attribute nor an
    /// expression.
    QList<expr::Fault> readParts();

    Form m_form = Form::Attribute;
    QString m_text;
    std::vector<Part> m_parts; ///< one, unless it is a text
    SlotNames m_sources;
    QList<expr::Fault> m_warnings;
};

} // namespace gatehouse::core
