// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/users/userspage.h"

#include "app/text.h"
#include "store/environment.h"
#include "store/identities.h"
#include "ui/pages/users/userpanel.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/editing.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/line.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Text;
using app::UsersTableModel;

UsersPage::UsersPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("users"), tr("Users"), parent), m_model(context.console),
      m_search(new SearchBox(tr("Search users by name or e-mail"))), m_population(new ChoiceChip(tr("Population"))),
      m_state(new FilterChips(tr("State"))), m_table(new TableView), m_stack(new QStackedWidget),
      m_nothingFound(new EmptyState(QStringLiteral("search"), tr("Nobody found"),
                                    tr("No user matches the search and the filters."), tr("Show everybody"))),
      m_error(new ErrorPanel), m_count(new QLabel), m_panel(new UserPanel(context.console))
{
    auto *split = new ListDetails(makeTable(), m_panel, 0);
    split->setStretchFactor(0, 5);
    split->setStretchFactor(1, 4);
    split->setSizes({600, 480});
    split->remember(settings(), settingsKey(QStringLiteral("split")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    auto *add = new QAction(tr("+ &Add User"), this);
    connect(add, &QAction::triggered, this, &UsersPage::create);
    setPrimaryAction(add);

    connect(m_search, &SearchBox::searched, this, &UsersPage::ask);
    connect(m_population, &ChoiceChip::selectedChanged, this, &UsersPage::ask);
    connect(m_state, &FilterChips::selectedChanged, this, &UsersPage::ask);
    connect(&m_model, &UsersTableModel::loaded, this, &UsersPage::onLoaded);
    connect(&m_model, &UsersTableModel::failed, this, [this](const core::Error &error) {
        m_loadedOnce = true;
        m_error->setError(error, true);
    });
    connect(m_error, &ErrorPanel::retryClicked, this, &UsersPage::refresh);
    connect(m_nothingFound, &EmptyState::actionClicked, this, [this] {
        m_search->clear();
        m_state->setSelected(QStringLiteral("any"));
        m_population->setSelected(0);
    });
    connect(m_panel, &UserPanel::said, this, &Page::said);
    connect(m_panel, &UserPanel::goRequested, this, &Page::goRequested);
    connect(m_panel, &UserPanel::created, this, [this](qint64 row) { select(row); });
    connect(&console(), &app::Console::usersChanged, this, [this] {
        readTotal();
        m_panel->refresh();
    });
    connect(&console(), &app::Console::groupsChanged, m_panel, &UserPanel::refresh);
    connect(&console(), &app::Console::configurationChanged, this, &UsersPage::showPopulations);
    showPopulations();
    ask();
    readTotal();
}

QWidget *UsersPage::makeTable()
{
    auto *pane = new QWidget;
    pane->setBackgroundRole(QPalette::Base);
    pane->setAutoFillBackground(true);
    pane->setMinimumWidth(360);
    m_search->setObjectName(QStringLiteral("search"));
    m_state->addChip(QStringLiteral("any"), tr("All"));
    m_state->addChip(QStringLiteral("enabled"), tr("Enabled"));
    m_state->addChip(QStringLiteral("disabled"), tr("Disabled"));

    auto *top = new QVBoxLayout;
    top->setContentsMargins(16, 12, 16, 8);
    top->setSpacing(8);
    top->addWidget(m_search);
    auto *filters = new QWidget;
    auto *flow = new FlowLayout(filters, 8);
    flow->addWidget(m_state);
    flow->addWidget(m_population);
    auto *row = new QHBoxLayout;
    row->addWidget(filters, 1);
    row->addWidget(m_table->makeColumnsButton(), 0, Qt::AlignTop);
    top->addLayout(row);
    top->addWidget(m_error);

    m_table->setObjectName(QStringLiteral("users"));
    m_table->setAccessibleName(tr("Users"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->setSortingEnabled(false);
    QHeaderView *header = m_table->horizontalHeader();
    header->moveSection(UsersTableModel::Enabled, 2); // what matters stands before what is long
    m_table->setColumnHidden(UsersTableModel::Updated, true);
    m_table->setColumnHidden(UsersTableModel::Population, true);
    m_table->shareWidth({100, 200, 200, 130, 0, 120}, {{UsersTableModel::Enabled, tr("Disabled")}});
    header->setSortIndicatorShown(true);
    header->setSectionsClickable(true);
    header->setSortIndicator(UsersTableModel::Username, Qt::AscendingOrder);
    m_table->remember(settings(), settingsKey(QStringLiteral("table")));
    connect(header, &QHeaderView::sortIndicatorChanged, &m_model, &UsersTableModel::sort);
    connect(m_search, &SearchBox::downPressed, m_table, [this] { m_table->setFocus(Qt::ShortcutFocusReason); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &UsersPage::onCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &UsersPage::showCount);

    auto *nobody = new EmptyState(QStringLiteral("users"), tr("No users yet"),
                                  tr("Users come from a directory by a provisioning rule or when they first sign on "
                                     "through a gateway. You can also add one by hand."),
                                  tr("Add User"));
    connect(nobody, &EmptyState::actionClicked, this, &UsersPage::create);
    m_stack->addWidget(m_table);
    m_stack->addWidget(nobody);
    m_stack->addWidget(m_nothingFound);

    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(font(), 0.93));
    m_count->setContentsMargins(16, 6, 16, 8);
    m_count->setObjectName(QStringLiteral("count"));
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

bool UsersPage::isReady() const
{
    return m_loadedOnce && !m_model.isLoading() && m_panel->isReady();
}

void UsersPage::ask()
{
    store::UserQuery query = m_model.query();
    query.search = m_search->text().trimmed();
    query.population = m_population->selected().toLongLong();
    const QString state = m_state->selected();
    query.enabled = state == QLatin1String("enabled") ? 1 : state == QLatin1String("disabled") ? 0 : -1;
    if (query == m_model.query() && m_loadedOnce)
        return;
    m_model.setQuery(query);
}

void UsersPage::onLoaded()
{
    m_loadedOnce = true;
    m_error->clear();
    const store::UserQuery &query = m_model.query();
    const bool filtered = !query.search.isEmpty() || query.population != 0 || query.enabled >= 0;
    m_stack->setCurrentIndex(m_model.rowCount() > 0 ? 0 : filtered ? 2 : 1);
    showCount();
    if (m_selected == 0 && !m_panel->editing()->isActive())
        m_selected = m_model.idAt(0);
    select(m_selected);
}

void UsersPage::select(qint64 id)
{
    m_selected = id;
    const int row = m_model.rowOf(id);
    m_selecting = true;
    if (row < 0) {
        m_table->selectionModel()->clear();
    } else if (m_model.idAt(m_table->currentIndex().row()) != id) {
        m_table->setCurrentIndex(m_model.index(row, 0));
        m_table->scrollTo(m_model.index(row, 0), QAbstractItemView::PositionAtCenter);
    } else if (!m_table->selectionModel()->hasSelection()) {
        m_table->selectRow(row);
    }
    m_selecting = false;
    if (!m_panel->editing()->isActive() && m_panel->shown() != id)
        m_panel->showUser(id);
}

void UsersPage::onCurrent()
{
    if (m_selecting)
        return;
    const qint64 id = m_model.idAt(m_table->currentIndex().row());
    if (id == 0 || id == m_selected)
        return;
    Editing *editing = m_panel->editing();
    if (editing->isChanged()) {
        // Back to whom the form is about, until it is known what becomes of it.
        const qint64 stays = m_selected;
        QMetaObject::invokeMethod(this, [this, stays] { select(stays); }, Qt::QueuedConnection);
    }
    editing->leave([this, id] {
        m_selected = id;
        select(id);
    });
}

void UsersPage::showCount()
{
    const qint64 shown = m_model.rowCount();
    QString text = m_total < 0 || shown == m_total ? tr("%1 users").arg(Text::number(shown))
                                                   : tr("%1 of %2 users").arg(Text::number(shown), Text::number(m_total));
    if (shown == 1 && m_total <= 1)
        text = tr("1 user");
    qint64 selected = 0;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection())
        selected += range.height();
    if (selected > 1)
        text += QStringLiteral(" · ") + tr("%1 selected").arg(Text::number(selected));
    m_count->setText(text);
}

void UsersPage::readTotal()
{
    console().read<qint64>(
        this, [](store::Reader &reader) { return reader.environment().identities().userCount(); },
        [this](const core::Result<qint64> &total) {
            m_total = total.value_or(-1);
            showCount();
        });
}

void UsersPage::showPopulations()
{
    QList<std::pair<QVariant, QString>> choices{{0, tr("Any population")}};
    for (const core::Population &population : console().configuration().populations)
        choices.append({population.row, population.name});
    m_population->setChoices(choices);
    m_population->setVisible(choices.size() > 2);
}

void UsersPage::create()
{
    m_panel->editing()->leave([this] { m_panel->create(m_population->selected().toLongLong()); });
}

void UsersPage::refresh()
{
    m_model.refresh();
    readTotal();
    m_panel->refresh();
}

bool UsersPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool UsersPage::escape()
{
    if (!m_panel->editing()->isActive())
        return false;
    m_panel->editing()->cancel();
    return true;
}

void UsersPage::openThing(const QString &id)
{
    m_search->clear();
    m_state->setSelected(QStringLiteral("any"));
    if (id.startsWith(QLatin1String("population:"))) {
        m_population->setSelected(id.mid(11).toLongLong());
        return;
    }
    m_population->setSelected(0);
    m_panel->editing()->leave([this, row = id.toLongLong()] { select(row); });
}

void UsersPage::setActive(bool active)
{
    m_model.setPaused(!active);
}

void UsersPage::leave(const std::function<void()> &proceed)
{
    m_panel->editing()->leave(proceed);
}

} // namespace gatehouse::ui
