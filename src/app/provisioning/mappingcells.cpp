// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the last column of the attribute mapping says: what an attribute may hold, or what a row does to the sample.
#include "app/provisioning/mappingtable.h"
#include "core/config/rule.h"

#include "app/text.h"
#include "core/expr/fault.h"
#include "core/schemacheck.h"

namespace gatehouse::app {

namespace {

/// A value's elements; none for no value.
QStringList elements(const core::Value &value)
{
    if (const auto *list = std::get_if<QStringList>(&value))
        return *list;
    return core::isNull(value) ? QStringList() : QStringList{Text::value(value)};
}

/// What is in @p all and not in @p others.
QStringList without(QStringList all, const QStringList &others)
{
    for (const QString &other : others)
        all.removeOne(other);
    return all;
}

} // namespace

QString MappingTable::rules(const QString &attribute) const
{
    const int number = m_catalog->find(attribute);
    if (number < 0)
        return {};
    const core::AttributeDefinition &definition = m_catalog->at(number);
    QStringList parts;
    switch (definition.type) {
    case core::AttributeType::Boolean:
        parts << tr("yes or no");
        break;
    case core::AttributeType::Json:
        parts << tr("JSON");
        break;
    case core::AttributeType::String:
        parts << (definition.multiValued ? tr("texts") : tr("text"))
              << tr("at most %n characters", nullptr, definition.maxLength);
        break;
    }
    switch (definition.rule) {
    case core::TextRule::Email:
        parts << tr("a well-formed e-mail address");
        break;
    case core::TextRule::Phone:
        parts << tr("with at least one digit");
        break;
    case core::TextRule::CountryCode:
        parts << tr("two capital letters");
        break;
    case core::TextRule::LanguageTag:
    case core::TextRule::LanguageRange:
        parts << tr("a language such as en-GB");
        break;
    case core::TextRule::Timezone:
        parts << tr("a time zone such as Europe/Berlin");
        break;
    case core::TextRule::HttpUrl:
        parts << tr("an http or https address");
        break;
    default:
        break;
    }
    if (!definition.pattern.isEmpty())
        parts << tr("matching %1").arg(definition.pattern);
    if (definition.unique)
        parts << tr("unique");
    if (definition.required)
        parts << tr("required");
    QString text = parts.join(QStringLiteral(", "));
    text[0] = text[0].toUpper();
    return text;
}

void MappingTable::setSchema(const core::Schema &schema)
{
    m_schema = schema;
    allChanged(Check, Check);
}

QString MappingTable::unknownNames(int row) const
{
    if (!m_schema)
        return {};
    // As the only row of a rule: the path of what is found does not matter here.
    core::Rule one;
    one.mappings.users = {m_rows.at(row)};
    QStringList unknown;
    for (const core::Error &warning : core::schemaWarnings(one, *m_schema, {}))
        unknown << core::expr::capitalized(warning.what);
    return unknown.join(QStringLiteral("; "));
}

QVariant MappingTable::checkData(int row, int role) const
{
    const QString wrong = faultOf(row);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return wrong.isEmpty() ? rules(m_rows.at(row).target) : wrong;
    case Qt::AccessibleTextRole:
        return wrong.isEmpty() ? rules(m_rows.at(row).target) : tr("Wrong: %1").arg(wrong);
    case FaultRole:
        return wrong.isEmpty() ? QVariant() : QVariant(wrong);
    default:
        return {};
    }
}

QVariant MappingTable::sampleData(int row, int role) const
{
    using State = provision::RowOutcome::State;
    if (row >= m_outcome.size())
        return role == FaultRole ? checkData(row, role) : QVariant();
    const provision::RowOutcome &outcome = m_outcome.at(row);
    const QStringList before = elements(outcome.before);
    const QStringList after = elements(outcome.after);
    const QStringList gone = without(before, after);
    const QStringList come = without(after, before);
    const QString separator = QStringLiteral(", ");
    const bool changes = outcome.state == State::Changed;
    switch (role) {
    case Qt::DisplayRole: {
        QStringList parts;
        if (outcome.state == State::Problem)
            parts << data(index(row, Check), ProblemRole).toString();
        else if (!changes)
            parts << before.join(separator);
        else if (!gone.isEmpty())
            parts << QStringLiteral("\u2212 ") + gone.join(separator);
        if (changes && !come.isEmpty())
            parts << QStringLiteral("+ ") + come.join(separator);
        const QString note = data(index(row, Check), NoteRole).toString();
        if (!note.isEmpty())
            parts << note;
        return parts.join(QStringLiteral("  "));
    }
    case Qt::AccessibleTextRole:
        if (changes) {
            return before.isEmpty() ? tr("becomes %1").arg(after.join(separator))
                   : after.isEmpty() ? tr("%1 is removed").arg(before.join(separator))
                                     : tr("%1 becomes %2").arg(before.join(separator), after.join(separator));
        }
        return data(index(row, Check), Qt::DisplayRole);
    case Qt::ToolTipRole:
        return data(index(row, Check), Qt::DisplayRole).toString().replace(QStringLiteral("  "), QStringLiteral("\n"));
    case BeforeRole:
        if (changes)
            return gone.isEmpty() ? QVariant() : QVariant(gone.join(separator));
        return before.isEmpty() ? QVariant() : QVariant(before.join(separator));
    case AfterRole:
        if (changes)
            return come.isEmpty() ? QVariant() : QVariant(come.join(separator));
        return before.isEmpty() ? QVariant() : QVariant(before.join(separator));
    case NoteRole:
        if (const QString unknown = unknownNames(row); !unknown.isEmpty() && outcome.state != State::Faulty)
            return unknown;
        switch (outcome.state) {
        case State::Faulty:
            if (outcome.errors.isEmpty()) // its target has a row above
                return tr("Not used");
            return faultOf(row).isEmpty() && !outcome.errors.isEmpty() ? tr("Not yet: %1").arg(outcome.errors.first().detail)
                                                                       : tr("Not yet");
        case State::OnCreateOnly:
            return tr("On creation only: stays");
        case State::NotEmpty:
            return tr("Not empty: stays");
        case State::Changed: {
            const qsizetype kept = after.size() - come.size();
            return kept == 0 ? QString() : kept == 1 ? tr("1 value stays") : tr("%1 values stay").arg(kept);
        }
        case State::Same:
            return before.isEmpty() ? tr("No value") : QString();
        case State::Problem:
            return {};
        }
        return {};
    case ProblemRole: {
        if (outcome.state != State::Problem)
            return {};
        // The column says whose value it is: the sentence need not name the attribute again.
        QString text = outcome.problems.first().message;
        const QString name = displayName(m_rows.at(row).target) + QStringLiteral(": ");
        if (text.startsWith(name))
            text = text.mid(name.size());
        return core::expr::capitalized(text);
    }
    case FaultRole:
        return checkData(row, role);
    default:
        return {};
    }
}

} // namespace gatehouse::app
