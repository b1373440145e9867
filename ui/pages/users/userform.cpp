// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/users/userform.h"

#include "app/console.h"
#include "app/text.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace gatehouse::ui {

namespace {

constexpr int kTextHeight = 76;

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::UserForm", text);
}

/// What stands in the field, as the attribute's value; nothing at all is absent, not empty.
core::Value valueOf(const QVariant &shown, const core::AttributeDefinition &definition)
{
    if (definition.type == core::AttributeType::Boolean)
        return shown.toString() == QLatin1String("-") ? core::Value() : core::Value(shown.toString() == QLatin1String("true"));
    const QString text = shown.toString();
    if (definition.multiValued) {
        QStringList lines;
        for (const QString &line : text.split(QLatin1Char('\n'))) {
            if (!line.trimmed().isEmpty())
                lines << line.trimmed();
        }
        return lines.isEmpty() ? core::Value() : core::Value(lines);
    }
    const QString trimmed = text.trimmed();
    return trimmed.isEmpty() ? core::Value() : core::Value(trimmed);
}

QWidget *editorFor(const core::AttributeDefinition &definition, const core::Value &value)
{
    if (definition.type == core::AttributeType::Boolean) {
        auto *combo = new QComboBox;
        combo->addItem(words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "Not set")), QStringLiteral("-"));
        combo->addItem(words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "Yes")), QStringLiteral("true"));
        combo->addItem(words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "No")), QStringLiteral("false"));
        const bool *flag = std::get_if<bool>(&value);
        combo->setCurrentIndex(!flag ? 0 : *flag ? 1 : 2);
        return combo;
    }
    if (definition.multiValued || definition.type == core::AttributeType::Json
        || definition.rule == core::TextRule::MultiLine) {
        const QStringList *list = std::get_if<QStringList>(&value);
        auto *text = new QPlainTextEdit(list ? list->join(QLatin1Char('\n')) : core::displayText(value));
        text->setFixedHeight(kTextHeight);
        if (definition.type == core::AttributeType::Json)
            text->setFont(monospaceFont(text->font()));
        return text;
    }
    return new QLineEdit(core::displayText(value));
}

QString helpFor(const core::AttributeDefinition &definition)
{
    if (!definition.description.isEmpty())
        return definition.description;
    if (definition.multiValued)
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "One value a line."));
    switch (definition.rule) {
    case core::TextRule::CountryCode:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "Two letters, for example DE."));
    case core::TextRule::LanguageTag:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "For example en-GB."));
    case core::TextRule::Timezone:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "For example Europe/Berlin."));
    default:
        return {};
    }
}

} // namespace

Form *makeUserForm(const app::Console &console, const core::User &user, const QList<int> &attributes, bool population)
{
    auto *form = new Form;
    const core::AttributeCatalog &catalog = console.catalog();
    for (const int number : attributes) {
        const core::AttributeDefinition &definition = catalog.at(number);
        FormField *field = form->addField(definition.name,
                                          QString(definition.displayName).replace(QLatin1Char('&'), QLatin1String("&&")),
                                          editorFor(definition, user.values.get(number)));
        field->setRequired(definition.required);
        field->setHelp(helpFor(definition));
        // By name, not by number: the form may outlive a change of the catalogue.
        field->setCheck([&console, name = definition.name](const QVariant &shown) -> QString {
            const core::AttributeCatalog &now = console.catalog();
            const int attribute = now.find(name);
            if (attribute < 0)
                return {};
            const core::Value value = valueOf(shown, now.at(attribute));
            const std::optional<core::Problem> problem = now.check(attribute, value);
            return problem ? app::Text::fieldProblem(*problem, now.at(attribute), value) : QString();
        });
    }
    if (population) {
        auto *combo = new QComboBox;
        for (const core::Population &each : console.configuration().populations) {
            combo->addItem(each.name, each.row);
            if (user.population == each.row || (user.population == 0 && each.isDefault))
                combo->setCurrentIndex(combo->count() - 1);
        }
        form->addField(QStringLiteral("population"),
                       words(QT_TRANSLATE_NOOP("gatehouse::ui::UserForm", "&Population")), combo);
    }
    return form;
}

void readUserForm(const Form &form, const core::AttributeCatalog &catalog, core::User &user)
{
    for (const QString &key : form.keys()) {
        const FormField *field = form.field(key);
        if (key == QLatin1String("population")) {
            user.population = field->value().toLongLong();
            continue;
        }
        const int number = catalog.find(key);
        if (number >= 0)
            user.values.set(number, valueOf(field->value(), catalog.at(number)));
    }
}

SaveFaults userFaults(const QList<core::Problem> &problems, const core::AttributeCatalog &catalog,
                      const core::User &user)
{
    SaveFaults faults;
    for (const core::Problem &problem : problems) {
        const int number = catalog.find(problem.attribute);
        if (number >= 0)
            faults.fields.insert(problem.attribute,
                                 app::Text::fieldProblem(problem, catalog.at(number), user.values.get(number)));
        else
            faults.errors.append({problem.code == core::ProblemCode::ChangedMeanwhile ? core::Code::Conflict
                                                                                     : core::Code::InvalidInput,
                                  app::Text::problem(problem)});
    }
    return faults;
}

} // namespace gatehouse::ui
