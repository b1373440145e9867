// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/audit/auditpage.h"

#include "app/roles.h"
#include "app/text.h"
#include "ui/widgets/celldelegate.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::AuditList;
using app::Text;

namespace {
constexpr int kQuietMs = 400;
constexpr int kEdge = 24;
constexpr int kCellSide = 8; ///< a cell's own margin
} // namespace

AuditPage::AuditPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("audit"), tr("Audit"), parent), m_model(console()),
      m_search(new SearchBox(tr("Search by who, what, subject or details"))), m_error(new ErrorPanel),
      m_table(new TableView), m_stack(new QStackedWidget), m_count(new QLabel), m_event(new PropertyRows)
{
    auto *split = new QSplitter(Qt::Vertical);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    split->addWidget(makeTable());
    split->addWidget(makeEvent());
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 0);
    split->setSizes({400, 190});
    const QString splitKey = settingsKey(QStringLiteral("split"));
    if (const QByteArray state = settings().value(splitKey).toByteArray(); !state.isEmpty())
        split->restoreState(state);
    connect(split, &QSplitter::splitterMoved, this,
            [this, split, splitKey] { settings().setValue(splitKey, split->saveState()); });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    m_again.setSingleShot(true);
    m_again.setInterval(kQuietMs);
    connect(&m_again, &QTimer::timeout, this, &AuditPage::refresh);
    connect(&console(), &app::Console::configurationChanged, this, &AuditPage::noteChange);
    connect(&console(), &app::Console::usersChanged, this, &AuditPage::noteChange);
    connect(&console(), &app::Console::groupsChanged, this, &AuditPage::noteChange);
    connect(m_search, &SearchBox::searched, this, [this](const QString &text) { m_model.setSearch(text.trimmed()); });
    connect(m_search, &SearchBox::downPressed, m_table, [this] {
        m_table->setFocus(Qt::ShortcutFocusReason);
        if (!m_table->currentIndex().isValid() && m_model.rowCount() > 0)
            m_table->setCurrentIndex(m_model.index(0, 0));
    });
    connect(&m_model, &AuditList::progressed, this, &AuditPage::showRead);
    connect(&m_model, &AuditList::failed, this, [this](const core::Error &error) {
        m_loadedOnce = true;
        m_error->setError(error, true);
    });
    connect(m_error, &ErrorPanel::retryClicked, this, &AuditPage::refresh);
}

QWidget *AuditPage::makeTable()
{
    auto *pane = new QWidget;
    pane->setBackgroundRole(QPalette::Base);
    pane->setAutoFillBackground(true);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setMaximumWidth(480);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(kEdge, 12, kEdge, 8);
    top->setSpacing(8);
    top->addWidget(m_search);
    top->addWidget(m_error);

    m_table->setObjectName(QStringLiteral("audit"));
    m_table->setAccessibleName(tr("Audit log"));
    m_table->setModel(&m_model);
    auto *delegate = new CellDelegate(m_table);
    delegate->setTitleColumn(AuditList::What);
    m_table->setItemDelegate(delegate);
    const int widths[] = {164, 100, 190, 180}; // the last one takes what is left
    for (int column = 0; column < int(std::size(widths)); ++column)
        m_table->horizontalHeader()->resizeSection(column, widths[column]);
    m_table->remember(settings(), settingsKey(QStringLiteral("table")));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &AuditPage::showChosen);

    auto *none = new EmptyState(QStringLiteral("audit"), tr("Nothing has been done yet"),
                                tr("Who did what when is kept here: configurations saved, gateways, connections and "
                                   "rules changed, users edited. What runs do stands under Runs."),
                                tr("Show runs"));
    connect(none, &EmptyState::actionClicked, this, [this] { emit goRequested(QStringLiteral("runs"), {}); });
    auto *notFound = new EmptyState(QStringLiteral("search"), tr("Nothing found"),
                                    tr("No event matches the search."), tr("Show all events"));
    connect(notFound, &EmptyState::actionClicked, m_search, &QLineEdit::clear);
    // The first column's words stand under the search box.
    auto *tableHolder = new QWidget;
    auto *tableLayout = new QVBoxLayout(tableHolder);
    tableLayout->setContentsMargins(kEdge - kCellSide, 0, 0, 0);
    tableLayout->addWidget(m_table);
    m_stack->addWidget(tableHolder);
    m_stack->addWidget(none);
    m_stack->addWidget(notFound);

    m_count->setObjectName(QStringLiteral("count"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(font(), 0.93));
    m_count->setContentsMargins(kEdge, 6, kEdge, 8);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_stack, 1);
    column->addWidget(m_count);
    return pane;
}

QWidget *AuditPage::makeEvent()
{
    auto *holder = new QWidget;
    holder->setBackgroundRole(QPalette::Base);
    holder->setAutoFillBackground(true);
    auto *inside = new QVBoxLayout(holder);
    inside->setContentsMargins(kEdge - 4, 12, kEdge, 12);
    inside->addWidget(m_event);
    inside->addStretch(1);
    m_event->setAccessibleName(tr("The selected event"));
    m_event->addRow(QStringLiteral("at"), tr("Time"));
    m_event->addRow(QStringLiteral("actor"), tr("Who"));
    m_event->addRow(QStringLiteral("what"), tr("What"));
    m_event->addRow(QStringLiteral("subject"), tr("Subject"));
    m_event->addRow(QStringLiteral("detail"), tr("Details"));
    auto *area = new QScrollArea;
    area->setObjectName(QStringLiteral("auditEvent"));
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(holder);
    area->hide();
    m_eventPane = area;
    return area;
}

void AuditPage::showRead()
{
    m_loadedOnce = true;
    m_error->clear();
    const int rows = m_model.rowCount();
    const bool searching = !m_search->text().trimmed().isEmpty();
    m_stack->setCurrentIndex(rows > 0 ? 0 : searching ? 2 : 1);
    if (!m_model.isComplete())
        m_count->setText(tr("The newest %1 events; more as you scroll").arg(Text::number(rows)));
    else if (searching)
        m_count->setText(rows == 1 ? tr("1 event found") : tr("%1 events found").arg(Text::number(rows)));
    else
        m_count->setText(rows == 1 ? tr("1 event") : tr("%1 events").arg(Text::number(rows)));
    // The log was read again: whoever read an event goes on reading it.
    if (m_selected == 0 || m_table->currentIndex().isValid())
        return;
    for (int row = 0; row < rows; ++row) {
        if (m_model.event(row).row == m_selected) {
            m_table->setCurrentIndex(m_model.index(row, 0));
            return;
        }
    }
}

void AuditPage::showChosen()
{
    const QModelIndex current = m_table->currentIndex();
    m_eventPane->setVisible(current.isValid());
    if (!current.isValid())
        return;
    const store::AuditEvent &event = m_model.event(current.row());
    m_selected = event.row;
    m_event->setValue(QStringLiteral("at"), QLocale().toString(event.at.toLocalTime(), QLocale::LongFormat));
    m_event->setValue(QStringLiteral("actor"), event.actor);
    m_event->setValue(QStringLiteral("what"), AuditList::actionText(event.action), event.action);
    m_event->setValue(QStringLiteral("subject"), event.subject);
    m_event->setValue(QStringLiteral("detail"), event.detail);
}

void AuditPage::noteChange()
{
    m_stale = true;
    if (m_active)
        m_again.start();
}

void AuditPage::refresh()
{
    m_stale = false;
    m_model.refresh();
}

bool AuditPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

bool AuditPage::escape()
{
    if (!m_table->currentIndex().isValid())
        return false;
    m_selected = 0;
    m_table->selectionModel()->clear();
    return true;
}

void AuditPage::openThing(const QString &id)
{
    m_search->setText(id);
}

void AuditPage::setActive(bool active)
{
    m_active = active;
    if (active && m_stale)
        refresh();
}

} // namespace gatehouse::ui
