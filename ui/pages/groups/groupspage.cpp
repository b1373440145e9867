// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/groups/groupspage.h"

#include "app/text.h"
#include "store/environment.h"
#include "store/identities.h"
#include "ui/pages/groups/groupmembers.h"
#include "ui/theme/icons.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/editing.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/section.h"
#include "ui/widgets/tableview.h"

#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Console;
using app::GroupsTableModel;
using app::Text;

namespace {

/// The group as the PingOne API writes it.
QJsonObject jsonOf(const core::Group &group, const core::Population *population)
{
    QJsonObject json{{QStringLiteral("id"), group.id.toString(QUuid::WithoutBraces)},
                     {QStringLiteral("name"), group.name},
                     {QStringLiteral("displayName"), GroupsTableModel::title(group)},
                     {QStringLiteral("directMemberCounts"), QJsonObject{{QStringLiteral("users"), group.memberCount}}}};
    if (!group.description.isEmpty())
        json.insert(QStringLiteral("description"), group.description);
    if (population)
        json.insert(QStringLiteral("population"),
                    QJsonObject{{QStringLiteral("id"), population->id.toString(QUuid::WithoutBraces)}});
    if (group.source != core::GroupSource::Internal) {
        json.insert(QStringLiteral("sourceType"), group.source == core::GroupSource::Gateway ? QStringLiteral("GATEWAY")
                                                                                             : QStringLiteral("IDP"));
        json.insert(QStringLiteral("sourceName"), group.sourceName);
    }
    return json;
}

} // namespace

GroupsPage::GroupsPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("groups"), tr("Groups"), parent), m_model(context.console),
      m_search(new SearchBox(tr("Search groups"))), m_kind(new FilterChips(tr("Kind"))), m_table(new TableView),
      m_stack(new QStackedWidget), m_error(new ErrorPanel), m_count(new QLabel), m_details(new DetailsPanel),
      m_editing(new Editing(m_details)), m_section(new Section(QString())),
      m_members(new GroupMembers(context.console)), m_api(new CodeView(tr("The group as JSON")))
{
    auto *split = new ListDetails(makeTable(), m_details, 0);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({660, 420});
    split->remember(settings(), settingsKey(QStringLiteral("split")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);
    makeDetails();

    auto *add = new QAction(tr("+ &Add Group"), this);
    connect(add, &QAction::triggered, this, &GroupsPage::create);
    setPrimaryAction(add);

    connect(m_search, &SearchBox::searched, this, &GroupsPage::read);
    connect(m_kind, &FilterChips::selectedChanged, this, &GroupsPage::read);
    connect(m_error, &ErrorPanel::retryClicked, this, &GroupsPage::read);
    connect(&console(), &Console::groupsChanged, this, &GroupsPage::read);
    connect(&console(), &Console::configurationChanged, this, &GroupsPage::read);
    connect(m_editing, &Editing::finished, this, [this] { showGroup(m_selected); });
    connect(m_members, &GroupMembers::said, this, &Page::said);
    connect(m_members, &GroupMembers::goRequested, this, &Page::goRequested);
    read();
}

QWidget *GroupsPage::makeTable()
{
    auto *pane = new QWidget;
    pane->setBackgroundRole(QPalette::Base);
    pane->setAutoFillBackground(true);
    pane->setMinimumWidth(360);
    m_search->setObjectName(QStringLiteral("search"));
    m_kind->addChip(QStringLiteral("any"), tr("All"));
    m_kind->addChip(QStringLiteral("internal"), tr("Internal"));
    m_kind->addChip(QStringLiteral("external"), tr("External"));
    auto *top = new QVBoxLayout;
    top->setContentsMargins(16, 12, 16, 8);
    top->setSpacing(8);
    top->addWidget(m_search);
    auto *filters = new QHBoxLayout;
    filters->addWidget(m_kind, 1);
    filters->addWidget(m_table->makeColumnsButton(), 0, Qt::AlignTop);
    top->addLayout(filters);
    top->addWidget(m_error);

    m_table->setObjectName(QStringLiteral("groups"));
    m_table->setAccessibleName(tr("Groups"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    QHeaderView *header = m_table->horizontalHeader();
    m_table->setColumnHidden(GroupsTableModel::Population, true);
    m_table->shareWidth({600, 20, 60, 0, 120});
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    header->setSortIndicator(GroupsTableModel::Name, Qt::AscendingOrder);
    m_table->remember(settings(), settingsKey(QStringLiteral("table")));
    connect(header, &QHeaderView::sortIndicatorChanged, &m_model, &GroupsTableModel::sort);
    connect(m_search, &SearchBox::downPressed, m_table, [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &GroupsPage::onCurrent);

    auto *none = new EmptyState(QStringLiteral("groups"), tr("No groups yet"),
                                tr("Groups come from the directory: by a rule, or just in time when people sign on "
                                   "and External Group Names is mapped. You can also make your own."),
                                tr("Add Group"));
    connect(none, &EmptyState::actionClicked, this, &GroupsPage::create);
    m_stack->addWidget(m_table);
    m_stack->addWidget(none);
    m_stack->addWidget(new EmptyState(QStringLiteral("search"), tr("No group found"),
                                      tr("No group matches the search and the filter.")));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(font(), 0.93));
    m_count->setContentsMargins(16, 6, 16, 8);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    auto *inset = new QHBoxLayout;
    inset->setContentsMargins(8, 0, 8, 0);
    inset->addWidget(m_stack);
    column->addLayout(inset, 1);
    column->addWidget(m_count);
    return pane;
}

void GroupsPage::makeDetails()
{
    PropertyRows *rows = m_section->rows();
    rows->addRow(QStringLiteral("name"), tr("Group Name"));
    rows->addRow(QStringLiteral("display"), tr("Display Name"));
    rows->addRow(QStringLiteral("description"), tr("Description"));
    rows->addRow(QStringLiteral("population"), tr("Population"));
    rows->addRow(QStringLiteral("sync"), tr("Sync Type"));
    rows->addRow(QStringLiteral("source"), tr("Group Source"));
    rows->addRow(QStringLiteral("members"), tr("Members"));
    rows->addRow(QStringLiteral("id"), tr("Group ID"), {}, PropertyRows::Monospace);
    connect(m_section, &Section::editClicked, this, &GroupsPage::edit);
    m_details->addTab(QStringLiteral("profile"), tr("Profile"), m_section);
    m_details->addTab(QStringLiteral("members"), tr("Members"), m_members, false);
    m_details->addTab(QStringLiteral("api"), tr("API"), m_api, false);
    m_details->setEmpty(new EmptyState(QStringLiteral("groups"), tr("No group selected"),
                                       tr("Choose a group in the table to see where it comes from and who is in it.")));
    m_details->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete group\u2026"), this, &GroupsPage::remove);
    m_details->showEmpty();
}

bool GroupsPage::isReady() const
{
    return m_loadedOnce && m_request == 0 && m_members->isReady();
}

void GroupsPage::read()
{
    console().reader().cancel(m_request);
    m_request = console().read<QList<core::Group>>(
        this, [search = m_search->text().trimmed()](store::Reader &reader) { return reader.groups(search); },
        [this](core::Result<QList<core::Group>> groups) {
            m_request = 0;
            m_loadedOnce = true;
            if (groups) {
                m_error->clear();
                onGroups(std::move(*groups));
            } else {
                m_error->setError(groups.error(), true);
            }
        });
}

void GroupsPage::onGroups(QList<core::Group> groups)
{
    const qsizetype all = groups.size();
    const QString kind = m_kind->selected();
    if (kind != QLatin1String("any")) {
        const bool internal = kind == QLatin1String("internal");
        groups.removeIf([internal](const core::Group &group) {
            return (group.source == core::GroupSource::Internal) != internal;
        });
    }
    const bool filtered = kind != QLatin1String("any") || !m_search->text().trimmed().isEmpty();
    m_selecting = true;
    m_model.setGroups(std::move(groups));
    m_selecting = false;
    const int shown = m_model.rowCount();
    m_stack->setCurrentIndex(shown > 0 ? 0 : filtered ? 2 : 1);
    m_count->setText(shown == all ? (shown == 1 ? tr("1 group") : tr("%1 groups").arg(Text::number(shown)))
                                  : tr("%1 of %2 groups").arg(Text::number(shown), Text::number(all)));
    if (!m_model.find(m_selected) && m_model.rowCount() > 0 && !m_editing->isActive())
        m_selected = m_model.at(0)->row;
    select(m_selected);
}

void GroupsPage::select(qint64 id)
{
    m_selected = id;
    const int row = m_model.rowOf(id);
    m_selecting = true;
    if (row < 0)
        m_table->selectionModel()->clear();
    else
        m_table->setCurrentIndex(m_model.index(row, 0));
    m_selecting = false;
    if (!m_editing->isActive())
        showGroup(id);
}

void GroupsPage::onCurrent()
{
    const core::Group *group = m_model.at(m_table->currentIndex().row());
    if (m_selecting || !group || group->row == m_selected)
        return;
    if (m_editing->isChanged()) {
        const qint64 stays = m_selected;
        QMetaObject::invokeMethod(this, [this, stays] { select(stays); }, Qt::QueuedConnection);
    }
    m_editing->leave([this, id = group->row] {
        m_selected = id;
        select(id);
    });
}

void GroupsPage::showGroup(qint64 id)
{
    const core::Group *group = m_model.find(id);
    if (!group) {
        m_details->showEmpty();
        return;
    }
    const bool internal = group->source == core::GroupSource::Internal;
    const core::Population *population = group->population != 0 ? console().population(group->population) : nullptr;
    m_details->setTitle(GroupsTableModel::title(*group));
    m_details->setSubtitle(GroupsTableModel::badges(*group).join(QStringLiteral(" · ")));
    m_section->setEditable(internal);
    PropertyRows *rows = m_section->rows();
    rows->setValue(QStringLiteral("name"), group->name);
    rows->setValue(QStringLiteral("display"), group->displayName);
    rows->setRowVisible(QStringLiteral("display"), !internal);
    rows->setValue(QStringLiteral("description"), group->description);
    rows->setValue(QStringLiteral("population"), population ? population->name : tr("Environment: members from any"));
    rows->setValue(QStringLiteral("sync"), internal ? tr("Internal") : GroupsTableModel::syncType(*group));
    rows->setValue(QStringLiteral("source"), group->sourceName.isEmpty()
                                                 ? GroupsTableModel::source(*group)
                                                 : QString(GroupsTableModel::source(*group) + QStringLiteral(" · ")
                                                           + group->sourceName));
    rows->setRowVisible(QStringLiteral("source"), !internal);
    rows->setValue(QStringLiteral("members"), Text::number(group->memberCount));
    rows->setValue(QStringLiteral("id"), group->id.toString(QUuid::WithoutBraces));
    m_members->setGroup(*group);
    m_api->setText(QString::fromUtf8(QJsonDocument(jsonOf(*group, population)).toJson(QJsonDocument::Indented)));
    m_details->showDetails();
}

Form *GroupsPage::makeForm(const core::Group &group) const
{
    auto *form = new Form;
    FormField *name = form->addField(QStringLiteral("name"), tr("Group &Name"), new QLineEdit(group.name));
    name->setRequired(true);
    auto *words = new QPlainTextEdit(group.description);
    words->setFixedHeight(72);
    form->addField(QStringLiteral("description"), tr("&Description"), words);
    if (group.row == 0) {
        auto *population = new QComboBox;
        population->addItem(tr("None: an environment group"), 0);
        for (const core::Population &each : console().configuration().populations)
            population->addItem(each.name, each.row);
        form->addField(QStringLiteral("population"), tr("&Population"), population)
            ->setHelp(tr("A population's group has members from that population only. This cannot be changed later."));
    }
    return form;
}

void GroupsPage::create()
{
    m_editing->leave([this] {
        m_editing->create(tr("New group"), makeForm({}), tr("the new group"), tr("&Create group"),
                          [this](const Form &form, const Editing::Finish &finish) {
                              core::Group group;
                              group.name = form.field(QStringLiteral("name"))->text().trimmed();
                              group.description = form.field(QStringLiteral("description"))->text().trimmed();
                              group.population = form.field(QStringLiteral("population"))->value().toLongLong();
                              save(group, finish);
                          });
    });
}

void GroupsPage::edit()
{
    const core::Group *group = m_model.find(m_selected);
    if (!group || group->source != core::GroupSource::Internal)
        return;
    m_editing->editSection(m_section, makeForm(*group), group->name,
                           [this, before = *group](const Form &form, const Editing::Finish &finish) {
                               core::Group wanted = before;
                               wanted.name = form.field(QStringLiteral("name"))->text().trimmed();
                               wanted.description = form.field(QStringLiteral("description"))->text().trimmed();
                               save(wanted, finish);
                           });
}

void GroupsPage::save(const core::Group &group, const Editing::Finish &finish)
{
    using Answer = tl::expected<core::Group, QList<core::Problem>>;
    console().write<Answer>(
        this, [group](store::Environment &environment) { return environment.identities().saveGroup(group); },
        Console::Touched::Groups, [this, finish](const Answer &answer) {
            SaveFaults faults;
            if (!answer) {
                for (const core::Problem &problem : answer.error()) {
                    const QString text = problem.code == core::ProblemCode::UniquenessViolation
                                             ? tr("Another group has this name. Choose a different one.")
                                             : Text::problem(problem);
                    if (problem.attribute.isEmpty())
                        faults.errors.append({core::Code::Conflict, text});
                    else
                        faults.fields.insert(problem.attribute, text);
                }
            } else {
                m_selected = answer->row;
                emit said(tr("Saved %1.").arg(answer->name), Tone::Good);
            }
            finish(faults);
        });
}

void GroupsPage::remove()
{
    const core::Group *group = m_model.find(m_selected);
    if (!group)
        return;
    Question question;
    question.title = tr("Delete %1?").arg(GroupsTableModel::title(*group));
    question.text = group->source == core::GroupSource::Internal
                        ? tr("%1 users lose their membership; the users themselves stay. This cannot be undone.")
                              .arg(Text::number(group->memberCount))
                        : tr("%1 users lose their membership. The group may come back with the next sign-on or run.")
                              .arg(Text::number(group->memberCount));
    question.confirm = tr("&Delete group");
    question.harmful = true;
    ask(this, question, [this, row = group->row, name = GroupsTableModel::title(*group)](Reply reply) {
        if (reply != Reply::Confirm)
            return;
        console().write<core::Result<void>>(
            this, [row](store::Environment &environment) { return environment.identities().deleteGroup(row); },
            Console::Touched::Groups, [this, name](const core::Result<void> &answer) {
                if (answer)
                    emit said(tr("Deleted %1.").arg(name), Tone::Good);
                else
                    emit said(Text::headline(answer.error()), Tone::Bad);
            });
    });
}

void GroupsPage::refresh()
{
    read();
    m_members->refresh();
}

bool GroupsPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool GroupsPage::escape()
{
    if (!m_editing->isActive())
        return false;
    m_editing->cancel();
    return true;
}

void GroupsPage::openThing(const QString &id)
{
    m_search->clear();
    m_kind->setSelected(QStringLiteral("any"));
    m_editing->leave([this, row = id.toLongLong()] { select(row); });
}

void GroupsPage::setActive(bool active)
{
    m_members->setPaused(!active);
}

void GroupsPage::leave(const std::function<void()> &proceed)
{
    m_editing->leave(proceed);
}

} // namespace gatehouse::ui
