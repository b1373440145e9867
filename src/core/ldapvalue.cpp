// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ldapvalue.h"

#include "core/expr/convert.h"
#include "core/mapping.h"
#include "core/octets.h"

#include <QRegularExpression>

namespace gatehouse::core {

namespace {

constexpr QLatin1String kRoot("ldapAttributes");
constexpr QLatin1String kActive("active");

/// "ldapAttributes.NAME" -> NAME, where it may be an LDAP attribute's; else nothing.
QString attributeIn(const QString &content)
{
    const QString opening = kRoot + u'.';
    if (!content.startsWith(opening))
        return {};
    const QString name = content.sliced(opening.size());
    return isAttributeType(name.section(u';', 0, 0).toUtf8()) ? name : QString();
}

/// The attribute that a reference of an expression names: the step after "ldapAttributes". Dotted names are OIDs.
QString attributeOf(const QString &reference)
{
    const QString rest = reference.sliced(kRoot.size() + 1);
    return rest.isEmpty() || rest.at(0).isDigit() ? rest : rest.section(u'.', 0, 0);
}

struct Braces {
    qsizetype begin;
    qsizetype end; ///< behind the closing one
    QString content;
};

/// The places of "${…}"; braces within, as of lists, are counted.
std::vector<Braces> bracesOf(const QString &text, QList<expr::Fault> &faults)
{
    std::vector<Braces> found;
    for (qsizetype begin = text.indexOf(QStringLiteral("${")); begin >= 0;) {
        int depth = 1;
        qsizetype at = begin + 2;
        while (at < text.size() && depth > 0) {
            depth += text.at(at) == u'{' ? 1 : text.at(at) == u'}' ? -1 : 0;
            ++at;
        }
        if (depth > 0) {
            faults.append({QStringLiteral("\"${\" is not closed: write \"}\" behind the attribute's name"), int(begin), 2});
            return found;
        }
        found.push_back({begin, at, text.sliced(begin + 2, at - begin - 3)});
        begin = text.indexOf(QStringLiteral("${"), at);
    }
    return found;
}

/// The text with every "${ldapAttributes.x}" written as the expression ldapAttributes['x'], which is as long: offsets
/// stay what they are.
QString asExpression(QString text, const std::vector<Braces> &all)
{
    for (const Braces &braces : all) {
        const QString name = attributeIn(braces.content);
        const QString plain = name.isEmpty() ? QStringLiteral(" (%1)").arg(braces.content)
                                             : QStringLiteral("%1['%2']").arg(kRoot, name);
        text.replace(braces.begin, braces.end - braces.begin, plain);
    }
    return text;
}

/// What stands outside of the braces.
QString outsideOf(const QString &text, const std::vector<Braces> &all)
{
    QString outside;
    qsizetype from = 0;
    for (const Braces &braces : all) {
        outside += text.sliced(from, braces.begin - from) + u' ';
        from = braces.end;
    }
    return outside + text.sliced(from);
}

/// Attributes under "ldapAttributes", those that an expression names.
class LdapContext final : public expr::Context {
public:
    LdapContext(const LdapValue::ValueOf &valueOf, const QStringList &references) : m_valueOf(valueOf), m_references(references) {}

    expr::Value root(int, const QString &name) const override
    {
        if (name != kRoot)
            return {};
        expr::Map map;
        for (const QString &reference : m_references) {
            if (reference.size() <= kRoot.size())
                continue;
            const QString attribute = attributeOf(reference);
            map.insert(attribute, m_valueOf(attribute));
        }
        return map;
    }
    expr::Value whole() const override
    {
        expr::Map map;
        map.insert(kRoot, root(0, kRoot));
        return map;
    }

private:
    const LdapValue::ValueOf &m_valueOf;
    const QStringList &m_references;
};

} // namespace

void LdapValue::addSources(const expr::Expression &expression, QList<expr::Fault> &faults)
{
    for (const QString &reference : expression.references()) {
        if (reference != kRoot && !reference.startsWith(kRoot + u'.')) {
            const QString name = reference.section(u'.', 0, 0);
            faults.append({QStringLiteral("\"%1\" is nothing that a sign-on knows: LDAP attributes are written "
                                          "ldapAttributes.%1").arg(name),
                           int(std::max<qsizetype>(0, m_text.indexOf(name))), int(name.size())});
            continue;
        }
        if (reference == kRoot) {
            faults.append({QStringLiteral("ldapAttributes is read as a whole here, but a directory is asked for attributes by "
                                          "name: write the name, for example ldapAttributes.mail"),
                           int(std::max<qsizetype>(0, m_text.indexOf(kRoot))), int(kRoot.size())});
            continue;
        }
        const QByteArray name = attributeOf(reference).toUtf8();
        if (!isAttributeType(QByteArrayView(name).first(name.contains(';') ? name.indexOf(';') : name.size()))) {
            faults.append({QStringLiteral("\"%1\" is not an LDAP attribute's name").arg(QString::fromUtf8(name)),
                           int(std::max<qsizetype>(0, m_text.indexOf(QString::fromUtf8(name)))), int(name.size())});
            continue;
        }
        const bool known = std::any_of(m_sources.begin(), m_sources.end(), [&](const QByteArray &source) {
            return source.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (!known && name.compare("active", Qt::CaseInsensitive) != 0)
            m_sources.append(name);
    }
    faults.append(mappingFaults(expression));
}

tl::expected<LdapValue, QList<Error>> LdapValue::parse(const QString &text)
{
    LdapValue value;
    value.m_text = text;
    const QList<expr::Fault> faults = value.readParts();
    if (!faults.isEmpty())
        return tl::unexpected(expressionErrors(text, faults));
    return value;
}

QList<expr::Fault> LdapValue::readParts()
{
    QList<expr::Fault> faults;
    const std::vector<Braces> all = bracesOf(m_text, faults);
    if (!faults.isEmpty())
        return faults;
    const auto take = [&](const QString &expression, int offset) {
        auto parsed = expr::Expression::parse(expression);
        if (!parsed) {
            for (expr::Fault &fault : parsed.error()) {
                fault.offset += offset;
                faults.append(fault);
            }
            return;
        }
        addSources(*parsed, faults);
        for (expr::Fault &warning : parsed->warnings()) {
            warning.offset += offset;
            m_warnings.append(warning);
        }
        m_parts.push_back({{}, *std::move(parsed)});
    };

    const bool whole = all.size() == 1 && all.front().begin == 0 && all.front().end == m_text.size();
    if (whole && !attributeIn(all.front().content).isEmpty()) {
        m_form = Form::Attribute;
        take(asExpression(m_text, all), 0);
        return faults;
    }
    static const QRegularExpression call(QStringLiteral("#[a-z]+\\."));
    static const QRegularExpression sign(QStringLiteral("['\"+?]"));
    const QString outside = outsideOf(m_text, all);
    const QString expression = asExpression(m_text, all);
    const bool calls = call.match(outside).hasMatch();
    if (all.empty() || whole || calls || (sign.match(outside).hasMatch() && expr::Expression::parse(expression))) {
        m_form = Form::Expression;
        take(expression, 0);
        return faults;
    }
    m_form = Form::Text;
    qsizetype from = 0;
    for (const Braces &braces : all) {
        if (braces.begin > from)
            m_parts.push_back({m_text.sliced(from, braces.begin - from), {}});
        const QString name = attributeIn(braces.content);
        take(name.isEmpty() ? braces.content : QStringLiteral("%1['%2']").arg(kRoot, name), int(braces.begin) + 2);
        from = braces.end;
    }
    if (from < m_text.size())
        m_parts.push_back({m_text.sliced(from), {}});
    return faults;
}

expr::ValueType LdapValue::resultType() const
{
    return m_form == Form::Text ? expr::ValueType::Text : m_parts.front().expression->resultType();
}

QStringList LdapValue::expressions() const
{
    QStringList expressions;
    for (const Part &part : m_parts) {
        if (part.expression)
            expressions.append(part.expression->text());
    }
    return expressions;
}

tl::expected<expr::Value, expr::Fault> LdapValue::evaluate(const Entry &entry, bool active) const
{
    return evaluate([&](const QString &attribute) -> expr::Value {
        if (attribute.compare(kActive, Qt::CaseInsensitive) == 0)
            return active;
        const QByteArray name = attribute.toUtf8();
        return expressionValue(name, entry.values(name));
    });
}

tl::expected<expr::Value, expr::Fault> LdapValue::evaluate(const ValueOf &valueOf) const
{
    const auto resultOf = [&](const expr::Expression &expression) {
        const QStringList references = expression.references();
        return expression.evaluate(LdapContext(valueOf, references));
    };
    if (m_form != Form::Text)
        return resultOf(*m_parts.front().expression);
    QString text;
    bool anyPresent = false;
    bool anyAbsent = false;
    for (const Part &part : m_parts) {
        if (!part.expression) {
            text += part.literal;
            continue;
        }
        auto result = resultOf(*part.expression);
        if (!result)
            return result;
        if (result->isSequence())
            *result = result->items().empty() ? expr::Value() : expr::Value(result->items().front());
        const QString piece = result->isNull() ? QString() : expr::textOf(*result);
        anyPresent = anyPresent || !piece.isEmpty();
        anyAbsent = anyAbsent || piece.isEmpty();
        text += piece;
    }
    if (!anyPresent)
        return expr::Value();
    return expr::Value(anyAbsent ? text.trimmed() : text);
}

} // namespace gatehouse::core
