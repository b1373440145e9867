// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/runs/runpanel.h"

#include "app/provisioning/guardtext.h"
#include "app/runs/runhistory.h"
#include "app/text.h"
#include "ui/pages/provisioning/stepview.h"
#include "ui/pages/provisioning/tilerow.h"
#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/section.h"
#include "ui/widgets/tableview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Text;
using core::Action;

namespace {

const QString kOverviewTab = QStringLiteral("overview");
const QString kResultsTab = QStringLiteral("results");
const QString kAll = QStringLiteral("all");

QString startedBy(const QString &trigger)
{
    if (trigger == QLatin1String("command line"))
        return RunPanel::tr("The command line");
    if (trigger == QLatin1String("console"))
        return RunPanel::tr("This console");
    if (trigger == QLatin1String("schedule"))
        return RunPanel::tr("The schedule");
    return trigger;
}

} // namespace

RunPanel::RunPanel(const PageContext &context, DetailsPanel *panel, QObject *parent)
    : QObject(parent), m_context(context), m_results(context.console), m_panel(panel)
{
    makeOverview();
    makeResults();
    makeMenu();
    m_panel->setEmpty(new EmptyState(QStringLiteral("runs"), tr("No run selected"),
                                     tr("Choose one on the left to see what it did.")));
    m_panel->showEmpty();
}

void RunPanel::makeOverview()
{
    auto *tab = new QWidget;
    m_error = new ErrorPanel(tab);
    m_section = new Section(QString(), tab);
    auto *status = new QWidget(tab); // a badge alone would hold its whole column to its own width
    m_status = new Badge(status);
    auto *statusRow = new QHBoxLayout(status);
    statusRow->setContentsMargins(0, 0, 0, 0);
    statusRow->addWidget(m_status);
    statusRow->addStretch(1);
    m_tiles = new TileRow(true, tab);
    m_planned = new Note(Tone::Neutral, {}, tab);
    m_guardTitle = new QLabel(tr("Guards"), tab);
    m_guardTitle->setFont(scaledFont(tab->font(), 1.0, QFont::DemiBold));
    m_guardTitle->setContentsMargins(4, 0, 0, 0);
    m_guards = new QVBoxLayout;
    m_guards->setSpacing(8);

    PropertyRows *rows = m_section->rows();
    rows->setAccessibleName(tr("The run"));
    rows->addRow(tr("Status"), status);
    rows->addRow(QStringLiteral("rule"), tr("Rule"));
    rows->addRow(QStringLiteral("started"), tr("Started"));
    rows->addRow(QStringLiteral("duration"), tr("Duration"));
    rows->addRow(QStringLiteral("by"), tr("Started by"));
    rows->addRow(QStringLiteral("read"), tr("Entries read"));
    rows->addRow(QStringLiteral("row"), tr("Run number"), {}, PropertyRows::Monospace);
    connect(m_tiles, &TileRow::pressed, this, &RunPanel::showResultsOf);

    auto *column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_error);
    column->addWidget(m_tiles);
    column->addWidget(m_planned);
    column->addWidget(m_section);
    column->addWidget(m_guardTitle);
    column->addLayout(m_guards);
    m_panel->addTab(kOverviewTab, tr("Overview"), tab);
}

void RunPanel::makeResults()
{
    m_resultPane = new QWidget;
    m_search = new SearchBox(tr("Search results by name, DN or value"), m_resultPane);
    m_search->setObjectName(QStringLiteral("searchResults"));
    m_only = new FilterChips(tr("What was done"), m_resultPane);
    m_only->addChip(kAll, tr("All"));
    const std::pair<Action, QString> kinds[] = {{Action::Failed, tr("Failed")},   {Action::Create, tr("Created")},
                                                {Action::Update, tr("Updated")},  {Action::Disable, tr("Disabled")},
                                                {Action::Enable, tr("Enabled")},  {Action::Delete, tr("Deleted")}};
    for (const auto &[action, text] : kinds)
        m_only->addChip(core::actionName(action), text);
    m_resultError = new ErrorPanel(m_resultPane);
    m_steps = new StepView(m_results, m_resultPane);
    m_steps->table()->setAccessibleName(tr("Results, object by object"));
    m_steps->remember(m_context.settings, QStringLiteral("pages/runs/results"));
    m_count = new QLabel(m_resultPane);
    m_count->setObjectName(QStringLiteral("resultCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(m_count->font(), 0.93));
    m_count->setContentsMargins(20, 6, 20, 8);

    auto *top = new QVBoxLayout;
    top->setContentsMargins(20, 12, 20, 8);
    top->setSpacing(8);
    top->addWidget(m_search);
    top->addWidget(m_only);
    top->addWidget(m_resultError);
    auto *column = new QVBoxLayout(m_resultPane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_steps, 1);
    column->addWidget(m_count);
    m_panel->addTab(kResultsTab, tr("Results"), m_resultPane, false);

    connect(m_search, &SearchBox::searched, this, [this](const QString &text) {
        m_results.setSearch(text.trimmed());
        showCount();
    });
    connect(m_search, &SearchBox::downPressed, m_steps,
            [this] { m_steps->table()->setFocus(Qt::ShortcutFocusReason); });
    connect(m_only, &FilterChips::selectedChanged, this, [this](const QString &key) {
        m_results.setOnly(key == kAll ? Action::None : core::actionFromName(key));
        showCount();
    });
    connect(m_panel, &DetailsPanel::tabChanged, this, &RunPanel::prepareResults);
    connect(&m_results, &app::RunResults::progressed, this, &RunPanel::showCount);
    connect(&m_results, &app::RunResults::failed, this, [this](const core::Error &error) {
        m_resultError->setError(error, true);
        showCount();
    });
    connect(m_resultError, &ErrorPanel::retryClicked, this, [this] {
        m_resultError->clear();
        m_results.refresh();
    });
}

void RunPanel::makeMenu()
{
    QMenu *menu = m_panel->menu();
    menu->addAction(icon(QStringLiteral("provisioning")), tr("Show &rule"), this, [this] {
        if (m_run)
            emit goRequested(QStringLiteral("provisioning"), m_run->rule);
    });
    menu->addAction(icon(QStringLiteral("copy")), tr("&Copy summary"), this, [this] {
        QGuiApplication::clipboard()->setText(summary());
        emit said(tr("Copied the summary of run %1.").arg(m_run ? m_run->row : 0), Tone::Neutral);
    });
}

QString RunPanel::summary() const
{
    if (!m_run)
        return {};
    QStringList lines{tr("Run %1 of %2: %3").arg(m_run->row).arg(m_run->rule, Text::status(m_run->status)),
                      tr("Started %1, took %2, read %3 entries")
                          .arg(Text::fullTime(m_run->startedAt), Text::span(m_run->durationMs),
                               Text::number(m_run->read)),
                      app::runSummary(*m_run)};
    for (const core::GuardVerdict &verdict : m_run->guards)
        lines << app::GuardText::sentence(verdict);
    if (m_run->error)
        lines << Text::details(*m_run->error);
    return lines.join(u'\n');
}

void RunPanel::show(const store::Run *run)
{
    if (!run) {
        m_run.reset();
        m_results.setRun(0);
        m_panel->showEmpty();
        return;
    }
    const bool other = !m_run || m_run->row != run->row;
    const bool ended = !other && m_run->status == store::RunStatus::Running && run->status != m_run->status;
    m_run = *run;
    showOverview();
    m_panel->showDetails();
    if (other) {
        m_search->clear();
        m_only->setSelected(kAll);
        m_resultError->clear();
        // Read only when somebody looks: most runs are looked at for their status alone.
        m_results.setRun(0);
    }
    prepareResults();
    if (ended)
        m_results.refresh();
}

void RunPanel::prepareResults()
{
    if (!m_run || m_panel->currentTab() != kResultsTab)
        return;
    QHash<QString, QString> names;
    const core::AttributeCatalog &catalog = m_context.console.catalog();
    for (int number = 0; number < catalog.size(); ++number)
        names.insert(catalog.at(number).name, catalog.at(number).displayName);
    m_results.setAttributeNames(names);
    const core::Rule *rule = m_context.console.configuration().rule(m_run->rule);
    m_results.setBaseDn(rule ? rule->scope.baseDn : QString());
    m_results.setRun(m_run->row);
    showCount();
}

void RunPanel::showOverview()
{
    const store::Run &run = *m_run;
    const bool running = run.status == store::RunStatus::Running;
    m_panel->setTitle(run.rule);
    m_panel->setSubtitle(tr("Run %1, %2").arg(run.row).arg(Text::fullTime(run.startedAt)));
    m_panel->state()->setState(Text::status(run.status), Text::tone(run.status));
    if (run.error)
        m_error->setError(*run.error);
    else
        m_error->clear();
    m_status->setState(Text::status(run.status), Text::tone(run.status));
    PropertyRows *rows = m_section->rows();
    rows->setValue(QStringLiteral("rule"), run.rule);
    rows->setValue(QStringLiteral("started"),
                   QStringLiteral("%1 (%2)").arg(Text::fullTime(run.startedAt), Text::relativeTime(run.startedAt)),
                   run.startedAt.toLocalTime().toString(Qt::ISODate));
    rows->setValue(QStringLiteral("duration"), running ? tr("not ended yet") : Text::span(run.durationMs));
    rows->setValue(QStringLiteral("by"), startedBy(run.trigger));
    rows->setValue(QStringLiteral("read"), running ? QString() : Text::number(run.read));
    rows->setValue(QStringLiteral("row"), QString::number(run.row));
    m_tiles->setCounts(running ? std::nullopt : std::optional(run.counts.users));
    const core::Counts &c = run.counts.users;
    const std::pair<Action, qint64> counts[] = {{Action::Failed, c.failed},   {Action::Create, c.create},
                                                {Action::Update, c.update},   {Action::Disable, c.disable},
                                                {Action::Enable, c.enable},   {Action::Delete, c.remove}};
    // What a guard stopped was only planned: the tiles show it, the results have none of it.
    const bool planned = app::wasOnlyPlanned(run);
    m_planned->setText(planned ? tr("These numbers were planned. A guard stopped the run, and nothing was done.")
                               : QString(),
                       Tone::Neutral);
    for (const auto &[action, count] : counts)
        m_only->setCount(core::actionName(action), planned ? 0 : count);
    showGuards();
}

void RunPanel::showGuards()
{
    while (QLayoutItem *item = m_guards->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    m_guardTitle->setVisible(!m_run->guards.isEmpty());
    for (const core::GuardVerdict &verdict : m_run->guards) {
        auto *note = new Note(verdict.tripped ? Tone::Warning : Tone::Good, app::GuardText::sentence(verdict));
        m_guards->addWidget(note);
        note->show();
    }
}

void RunPanel::showResultsOf(Action action)
{
    m_panel->setCurrentTab(kResultsTab);
    m_search->clear();
    m_only->setSelected(core::actionName(action));
}

void RunPanel::showCount()
{
    const int shown = m_results.rowCount();
    if (m_results.isReading() && shown == 0) {
        m_count->setText(tr("Reading…"));
        m_steps->setEmptyText(StepView::Empty::Waiting, tr("Reading…"), {});
        return;
    }
    const bool filtered = !m_search->text().trimmed().isEmpty() || m_results.only() != Action::None;
    using Empty = StepView::Empty;
    if (m_resultError->isVisibleTo(m_resultPane))
        m_steps->setEmptyText(Empty::Failed, tr("The results could not be read"), tr("What this run did is not known here."));
    else if (filtered)
        m_steps->setEmptyText(Empty::NotFound, tr("Nothing found"), tr("No result of this run matches the search and the filter."));
    else if (m_run && m_run->status == store::RunStatus::Running)
        m_steps->setEmptyText(Empty::Waiting, tr("Not ended yet"), tr("The results are here when the run has ended."));
    else if (m_run && app::wasOnlyPlanned(*m_run))
        m_steps->setEmptyText(Empty::Waiting, tr("Nothing was done"), tr("A guard stopped this run before its first change."));
    else if (m_run && m_run->status == store::RunStatus::Failed)
        m_steps->setEmptyText(Empty::Failed, tr("The run failed"), tr("It changed nobody before that. The Overview tab says why."));
    else if (m_run && m_run->status != store::RunStatus::Succeeded)
        m_steps->setEmptyText(Empty::Waiting, tr("Nothing was changed"), tr("The run ended before its first change."));
    else
        m_steps->setEmptyText(Empty::AllWell, tr("Nothing was changed"), tr("This run changed nobody, and nobody failed."));
    const qint64 all = m_run && !app::wasOnlyPlanned(*m_run) ? m_run->counts.changes() + m_run->counts.users.failed : 0;
    if (m_results.isCut())
        m_count->setText(tr("The first %1 found").arg(Text::number(shown)));
    else if (shown == all)
        m_count->setText(shown == 1 ? tr("1 result") : tr("%1 results").arg(Text::number(shown)));
    else
        m_count->setText(tr("%1 of %2 results").arg(Text::number(shown), Text::number(std::max<qint64>(all, shown))));
}

bool RunPanel::focusSearch()
{
    if (!m_panel->isShowingDetails() || m_panel->currentTab() != kResultsTab)
        return false;
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
    return true;
}

} // namespace gatehouse::ui
