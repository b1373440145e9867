// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/populationspage.h"

#include "app/text.h"
#include "core/config/merge.h"
#include "ui/theme/icons.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/editing.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/section.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Text;

PopulationsPage::PopulationsPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("populations"), tr("Populations"), parent),
      m_list(new ListPane(tr("Search populations"))), m_details(new DetailsPanel), m_section(new Section(QString())),
      m_editing(new Editing(m_details))
{
    auto *split = new ListDetails(m_list, m_details, 300);
    split->remember(settings(), settingsKey(QStringLiteral("split")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    auto *add = new QAction(tr("+ &Add Population"), this);
    connect(add, &QAction::triggered, this, [this] { m_editing->leave([this] { create(); }); });
    setPrimaryAction(add);

    auto *empty = new EmptyState(QStringLiteral("populations"), tr("No populations yet"),
                                 tr("A population is a set of users that are administered together. Every user is in "
                                    "exactly one."),
                                 tr("Add Population"));
    connect(empty, &EmptyState::actionClicked, this, &PopulationsPage::create);
    m_list->setEmptyWidget(empty);
    makeDetails();

    m_list->setModel(&m_model);
    connect(m_list, &ListPane::currentChanged, this, &PopulationsPage::onCurrent);
    connect(m_list->search(), &SearchBox::searched, &m_model, &app::PopulationsModel::setSearch);
    connect(m_editing, &Editing::finished, this, [this] { show(m_list->currentId().toLongLong()); });
    connect(&console(), &app::Console::configurationChanged, this, &PopulationsPage::showConfiguration);
    connect(&console(), &app::Console::usersChanged, this, &PopulationsPage::readCounts);
    showConfiguration();
}

void PopulationsPage::makeDetails()
{
    PropertyRows *rows = m_section->rows();
    rows->addRow(QStringLiteral("name"), tr("Name"));
    rows->addRow(QStringLiteral("description"), tr("Description"));
    rows->addRow(QStringLiteral("users"), tr("Users"));
    rows->addRow(QStringLiteral("default"), tr("Default population"));
    rows->addRow(QStringLiteral("id"), tr("Population ID"), {}, PropertyRows::Monospace);
    m_section->setEditable(true);
    connect(m_section, &Section::editClicked, this, &PopulationsPage::edit);
    m_details->addTab(QStringLiteral("profile"), tr("Profile"), m_section);
    m_details->setEmpty(new EmptyState(QStringLiteral("populations"), tr("No population selected"),
                                       tr("Choose one on the left to see what it holds.")));

    m_default = m_details->menu()->addAction(icon(QStringLiteral("star")), tr("&Make default"), this,
                                             &PopulationsPage::makeDefault);
    m_details->menu()->addAction(icon(QStringLiteral("users")), tr("Show &users"), this, [this] {
        emit goRequested(QStringLiteral("users"), QStringLiteral("population:%1").arg(m_row));
    });
    m_details->menu()->addSeparator();
    m_details->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete\u2026"), this, &PopulationsPage::remove);
}

void PopulationsPage::refresh()
{
    readCounts();
}

bool PopulationsPage::focusSearch()
{
    m_list->search()->setFocus(Qt::ShortcutFocusReason);
    m_list->search()->selectAll();
    return true;
}

bool PopulationsPage::escape()
{
    if (!m_editing->isActive())
        return false;
    m_editing->cancel();
    return true;
}

void PopulationsPage::openThing(const QString &id)
{
    m_list->search()->clear();
    m_list->select(id.toLongLong());
}

void PopulationsPage::leave(const std::function<void()> &proceed)
{
    m_editing->leave(proceed);
}

void PopulationsPage::showConfiguration()
{
    m_model.setPopulations(console().configuration().populations);
    for (const core::Population &population : console().configuration().populations) {
        if (!m_select.isEmpty() && population.name == m_select) {
            m_select.clear();
            m_list->select(population.row);
        }
    }
    const int total = m_model.total();
    m_list->setCountText(total == 1 ? tr("1 population") : tr("%1 populations").arg(Text::number(total)));
    readCounts();
}

void PopulationsPage::readCounts()
{
    console().read<QHash<qint64, qint64>>(
        this, [](store::Reader &reader) { return reader.userCountsByPopulation(); },
        [this](core::Result<QHash<qint64, qint64>> counts) {
            m_ready = true;
            if (!counts) {
                emit said(Text::headline(counts.error()), Tone::Bad);
                return;
            }
            m_model.setUserCounts(*counts);
            if (!m_editing->isActive())
                show(m_row);
        });
}

void PopulationsPage::onCurrent(const QVariant &id)
{
    const qint64 row = id.toLongLong();
    if (m_editing->isActive() && row != m_row && m_editing->isChanged()) {
        const qint64 old = m_row;
        m_list->select(old);
        m_editing->leave([this, row] { m_list->select(row); });
        return;
    }
    if (m_editing->isActive() && row == m_row)
        return;
    m_editing->leave([this, row] { show(row); });
}

void PopulationsPage::show(qint64 row)
{
    m_row = row;
    const core::Population *population = m_model.find(row);
    if (!population) {
        m_details->showEmpty();
        return;
    }
    m_details->setTitle(population->name);
    m_details->state()->setState(population->isDefault ? tr("Default") : QString(), Tone::Accent, false);
    m_default->setEnabled(!population->isDefault);
    PropertyRows *rows = m_section->rows();
    rows->setValue(QStringLiteral("name"), population->name);
    rows->setValue(QStringLiteral("description"), population->description);
    rows->setValue(QStringLiteral("users"), Text::number(m_model.userCount(row)));
    rows->setValue(QStringLiteral("default"), population->isDefault ? tr("Yes") : tr("No"));
    rows->setValue(QStringLiteral("id"), population->id.toString(QUuid::WithoutBraces));
    m_details->showDetails();
}

Form *PopulationsPage::makeForm(const core::Population &population) const
{
    auto *form = new Form;
    auto *name = form->addField(QStringLiteral("name"), tr("&Name"), new QLineEdit(population.name));
    name->setRequired(true);
    name->setCheck([this, row = population.row](const QVariant &value) -> QString {
        for (const core::Population &other : console().configuration().populations) {
            if (other.row != row && other.name.compare(value.toString().trimmed(), Qt::CaseInsensitive) == 0)
                return tr("Another population has this name. Choose a different one.");
        }
        return {};
    });
    auto *words = new QPlainTextEdit(population.description);
    words->setFixedHeight(72);
    form->addField(QStringLiteral("description"), tr("&Description"), words);
    return form;
}

void PopulationsPage::create()
{
    m_editing->create(tr("New population"), makeForm({}), tr("the new population"), tr("&Create population"),
                      [this](const Form &form, const Editing::Finish &finish) {
                          core::Population wanted;
                          wanted.name = form.field(QStringLiteral("name"))->text().trimmed();
                          wanted.description = form.field(QStringLiteral("description"))->text().trimmed();
                          m_select = wanted.name;
                          save(0, wanted, finish);
                      });
}

void PopulationsPage::edit()
{
    const core::Population *population = m_model.find(m_row);
    if (!population)
        return;
    m_editing->editSection(m_section, makeForm(*population), population->name,
                           [this, before = *population](const Form &form, const Editing::Finish &finish) {
                               core::Population wanted = before;
                               wanted.name = form.field(QStringLiteral("name"))->text().trimmed();
                               wanted.description = form.field(QStringLiteral("description"))->text().trimmed();
                               save(before.row, wanted, finish);
                           });
}

void PopulationsPage::save(qint64 row, const core::Population &wanted,
                           const std::function<void(const SaveFaults &)> &finish)
{
    console().changeConfiguration(
        this,
        [row, wanted](core::Configuration &configuration) {
            if (row == 0) {
                configuration.populations.append(wanted);
                return;
            }
            for (const core::Population &population : std::as_const(configuration.populations)) {
                if (population.row == row && population.name != wanted.name) {
                    configuration = core::rename(configuration, QStringLiteral("populations"), population.name,
                                                 wanted.name);
                    break;
                }
            }
            for (core::Population &population : configuration.populations) {
                if (population.row == row)
                    population.description = wanted.description;
            }
        },
        [this, finish, wanted](const app::Console::SaveAnswer &answer) {
            SaveFaults faults;
            if (!answer)
                faults.errors = answer.error();
            else
                emit said(tr("Saved %1.").arg(wanted.name), Tone::Good);
            finish(faults);
        });
}

void PopulationsPage::makeDefault()
{
    console().changeConfiguration(
        this,
        [row = m_row](core::Configuration &configuration) {
            for (core::Population &population : configuration.populations)
                population.isDefault = population.row == row;
        },
        [this](const app::Console::SaveAnswer &answer) {
            if (!answer)
                emit said(Text::headline(answer.error().first()), Tone::Bad);
        });
}

void PopulationsPage::remove()
{
    const core::Population *population = m_model.find(m_row);
    if (!population)
        return;
    const qint64 users = m_model.userCount(m_row);
    if (users > 0) {
        emit said(tr("%1 still has %2 users. Move or delete them first.").arg(population->name, Text::number(users)),
                  Tone::Warning);
        return;
    }
    Question question;
    question.title = tr("Delete %1?").arg(population->name);
    question.text = tr("The population has no users. It can only be deleted while no rule and no user type names "
                       "it.");
    question.confirm = tr("&Delete");
    question.harmful = true;
    ask(this, question, [this, row = m_row, name = population->name](Reply reply) {
        if (reply != Reply::Confirm)
            return;
        console().changeConfiguration(
            this,
            [row](core::Configuration &configuration) {
                configuration.populations.removeIf([row](const core::Population &p) { return p.row == row; });
            },
            [this, name](const app::Console::SaveAnswer &answer) {
                if (answer)
                    emit said(tr("Deleted %1.").arg(name), Tone::Good);
                else
                    emit said(Text::headline(answer.error().first()), Tone::Bad);
            });
    });
}

} // namespace gatehouse::ui
