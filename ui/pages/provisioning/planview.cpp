// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/planview.h"

#include "app/configfaults.h"
#include "app/provisioning/guardtext.h"
#include "app/provisioning/plantext.h"
#include "app/text.h"
#include "ui/pages/provisioning/jobbar.h"
#include "ui/pages/provisioning/stepview.h"
#include "ui/pages/provisioning/tilerow.h"
#include "ui/theme/icons.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/errorpanel.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/line.h"
#include "ui/widgets/note.h"
#include "ui/widgets/searchbox.h"
#include "ui/widgets/tableview.h"

#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::GuardText;
using app::RuleJobs;
using app::Text;
using core::Action;

namespace {

const QString kAll = QStringLiteral("all");

/// Whether the one person whom somebody asked for is not among those whom the rule takes.
bool isNotThere(const RuleJobs::Plan &plan)
{
    if (plan.request.userKey.isEmpty())
        return false;
    const provision::RunOutcome &outcome = plan.outcome;
    if (outcome.error)
        return outcome.error->code == core::Code::NotFound || outcome.error->code == core::Code::InvalidInput;
    return outcome.plan && outcome.read == 0 && outcome.counts.changes() + outcome.counts.users.failed == 0;
}

QToolButton *headerButton(const QString &text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setProperty("form", QStringLiteral("button"));
    button->setText(text);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setFocusPolicy(Qt::StrongFocus);
    button->hide();
    return button;
}

} // namespace

PlanView::PlanView(const PageContext &context, RuleJobs &jobs, QWidget *parent)
    : QWidget(parent), m_context(context), m_jobs(jobs), m_apply(new QAction(this)),
      m_exportButton(headerButton(tr("&Export ▾"), this)), m_again(headerButton(tr("Preview &again"), this)),
      m_tiles(new TileRow(true)), m_job(new JobBar), m_error(new ErrorPanel), m_note(new Note), m_warnings(new Note),
      m_search(new SearchBox(tr("Filter by name, DN, attribute…"))), m_chips(new FilterChips(tr("Action"))),
      m_guards(new Badge), m_count(new QLabel), m_share(new QLabel), m_steps(new StepView(m_table))
{
    setObjectName(QStringLiteral("planView"));
    m_note->setObjectName(QStringLiteral("planNote"));
    m_warnings->setObjectName(QStringLiteral("planWarnings"));
    m_warnings->hide();
    m_guards->setObjectName(QStringLiteral("guards"));
    m_search->setObjectName(QStringLiteral("planSearch"));
    m_again->setObjectName(QStringLiteral("previewAgain"));
    m_exportButton->setObjectName(QStringLiteral("export"));
    auto *menu = new QMenu(m_exportButton);
    menu->addAction(tr("As &CSV…"), this, [this] { exportTo(app::PlanExport::Format::Csv); });
    menu->addAction(tr("As &JSON…"), this, [this] { exportTo(app::PlanExport::Format::Json); });
    m_exportButton->setMenu(menu);
    m_exportButton->setPopupMode(QToolButton::InstantPopup);
    connect(m_again, &QToolButton::clicked, this, &PlanView::previewRequested);
    connect(m_apply, &QAction::triggered, this, &PlanView::askApply);

    m_chips->addChip(kAll, tr("All"));
    for (const Action action : {Action::Create, Action::Update, Action::Disable, Action::Enable, Action::Delete,
                                Action::Failed}) {
        QString text = Text::action(action);
        text[0] = text[0].toUpper();
        m_chips->addChip(core::actionName(action), text);
    }
    m_chips->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(24, 14, 24, 12);
    top->setSpacing(10);
    m_share->setObjectName(QStringLiteral("planShare"));
    m_share->setTextFormat(Qt::PlainText);
    m_share->setWordWrap(true);
    m_share->hide();
    top->addWidget(m_tiles);
    top->addWidget(m_share);
    top->addWidget(m_job);
    top->addWidget(m_error);
    top->addWidget(m_note);
    top->addWidget(m_warnings);
    auto *filters = new QHBoxLayout;
    filters->setSpacing(10);
    m_search->setMinimumWidth(220);
    m_search->setMaximumWidth(300);
    filters->addWidget(m_search, 2);
    filters->addWidget(m_chips, 5);
    filters->addWidget(m_guards);
    top->addLayout(filters);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(font(), 0.93));
    m_count->setContentsMargins(24, 6, 24, 8);
    m_count->setObjectName(QStringLiteral("planCount"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(new Line);
    auto *table = new QWidget;
    table->setBackgroundRole(QPalette::Base);
    table->setAutoFillBackground(true);
    auto *inside = new QVBoxLayout(table);
    inside->setContentsMargins(16, 0, 16, 0); // with a cell's own eight, texts stand under the tiles' edge
    inside->addWidget(m_steps);
    layout->addWidget(table, 1);
    layout->addWidget(new Line);
    layout->addWidget(m_count);
    m_steps->remember(context.settings, QStringLiteral("pages/provisioning/plan"));

    connect(m_tiles, &TileRow::pressed, this, [this](Action action) {
        const auto *chip = m_chips->findChild<QWidget *>(QStringLiteral("chip-") + core::actionName(action));
        m_chips->setSelected(chip && !chip->isHidden() ? core::actionName(action) : kAll);
    });
    connect(m_chips, &FilterChips::selectedChanged, this, &PlanView::filter);
    connect(m_search, &SearchBox::searched, this, &PlanView::filter);
    connect(m_search, &SearchBox::downPressed, this, [this] { m_steps->table()->setFocus(Qt::ShortcutFocusReason); });
    connect(&m_table, &app::PlanTable::filtered, this, &PlanView::showCount);
    connect(&m_table, &app::PlanTable::failed, this, [this](const core::Error &error) { m_error->setError(error); });
    connect(m_steps, &StepView::said, this, &PlanView::said);
    connect(m_job, &JobBar::cancelClicked, this, [this] { m_jobs.cancel(m_rule); });
    connect(&jobs, &RuleJobs::changed, this, [this](const QString &rule) {
        if (rule == m_rule)
            refresh();
    });
    connect(&context.console, &app::Console::configurationChanged, this, &PlanView::updateApply);
    connect(&m_export, &app::PlanExport::finished, this,
            [this](const QString &path, const std::optional<core::Error> &error) {
                if (!error)
                    emit said(tr("Exported to %1.").arg(path), Tone::Good);
                else
                    emit said(app::ConfigFaults::text(*error), Tone::Bad);
            });
}

QList<QWidget *> PlanView::headerWidgets() const
{
    return {m_again, m_exportButton};
}

void PlanView::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

QString PlanView::title() const
{
    const RuleJobs::Job *job = m_jobs.job(m_rule);
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    const QString person = job ? job->request.userKey : plan ? plan->request.userKey : QString();
    return person.isEmpty() ? tr("Preview of %1").arg(m_rule) : tr("Preview of %1 for %2").arg(m_rule, person);
}

void PlanView::show(const QString &rule)
{
    if (rule != m_rule) {
        m_rule = rule;
        m_shown.reset();
        m_table.setPlan(nullptr);
    }
    refresh();
}

void PlanView::refresh()
{
    const RuleJobs::Job *job = m_jobs.job(m_rule);
    m_job->setJob(job);
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    if (plan) {
        showPlan(*plan);
    } else {
        m_shown.reset();
        m_table.setPlan(nullptr);
        m_tiles->setCounts({});
        m_guards->setState({}, Tone::Neutral);
        m_share->hide();
        m_error->clear();
        m_steps->setEmptyText(StepView::Empty::Waiting,
                              job ? tr("The directory is being read") : tr("No preview yet"),
                              job ? tr("Nothing is changed by a preview.")
                                  : tr("Press Preview again to see what this rule would do."));
        for (const Action action : {Action::Create, Action::Update, Action::Disable, Action::Enable, Action::Delete,
                                    Action::Failed})
            showChip(action, -1);
        m_chips->setCount(kAll, -1);
        showCount();
    }
    updateApply();
    emit titleChanged();
}

void PlanView::showPlan(const RuleJobs::Plan &plan)
{
    const provision::RunOutcome &outcome = plan.outcome;
    m_error->clear();
    if (outcome.error && outcome.error->code != core::Code::Guard && !isNotThere(plan))
        m_error->setError(*outcome.error);
    if (!outcome.plan) {
        m_shown.reset();
        m_table.setPlan(nullptr);
        m_tiles->setCounts({});
        m_guards->setState({}, Tone::Neutral);
        m_share->hide();
        m_warnings->setText({}, Tone::Neutral);
        showNothing(plan);
        showCount();
        return;
    }
    if (outcome.plan == m_shown)
        return;
    m_shown = outcome.plan;
    const core::Rule *rule = m_context.console.configuration().rule(m_rule);
    const core::AttributeCatalog &catalog = m_context.console.catalog();
    QHash<QString, QString> names;
    for (int number = 0; number < catalog.size(); ++number)
        names.insert(catalog.at(number).name, catalog.at(number).displayName);
    m_table.setAttributeNames(names);
    m_chips->setSelected(kAll);
    m_search->clear();
    m_table.setPlan(outcome.plan, rule ? rule->scope.baseDn : QString());
    const core::Counts &counts = outcome.counts.users;
    m_tiles->setCounts(counts);
    const std::pair<Action, qint64> chips[] = {{Action::Create, counts.create},   {Action::Update, counts.update},
                                               {Action::Disable, counts.disable}, {Action::Enable, counts.enable},
                                               {Action::Delete, counts.remove},   {Action::Failed, counts.failed}};
    m_chips->setCount(kAll, m_table.total());
    for (const auto &[action, count] : chips)
        showChip(action, count);
    const bool tripped = GuardText::anyTripped(outcome.guards);
    m_guards->setState(GuardText::summary(outcome.guards),
                       tripped ? Tone::Bad : outcome.guards.isEmpty() ? Tone::Neutral : Tone::Good);
    QStringList verdicts;
    for (const core::GuardVerdict &verdict : outcome.guards)
        verdicts << GuardText::sentence(verdict);
    m_guards->setToolTip(verdicts.join(u'\n'));
    QStringList warnings;
    for (const core::Error &warning : outcome.warnings)
        warnings << app::ConfigFaults::text(warning);
    m_warnings->setText(warnings.join(u'\n'), Tone::Warning);
    showNothing(plan);
    showShare(counts);
    showCount();
}

/// What stands there while no change is listed, and why: of everybody, or of the one person who was asked for.
void PlanView::showNothing(const RuleJobs::Plan &plan)
{
    using Empty = StepView::Empty;
    const provision::RunOutcome &outcome = plan.outcome;
    const QString person = plan.request.userKey;
    if (isNotThere(plan)) {
        const core::Rule *rule = m_context.console.configuration().rule(m_rule);
        m_steps->setEmptyText(Empty::NotFound, tr("%1 is not in scope").arg(person),
                              rule ? app::whyNotInScope(*rule, outcome.error) : QString());
    } else if (outcome.error && outcome.error->code == core::Code::Cancelled) {
        m_steps->setEmptyText(Empty::Waiting, tr("Cancelled"), tr("Nothing can be said about who would change."));
    } else if (!outcome.plan) {
        m_steps->setEmptyText(Empty::Failed, tr("There is no plan"),
                              tr("The preview ended before the directory was read in full, so nothing can be said about "
                                 "who would change."));
    } else if (!person.isEmpty()) {
        m_steps->setEmptyText(Empty::AllWell, tr("Nothing to change for %1").arg(person),
                              tr("This person is already as the rule wants it. Nobody else was looked at."));
    } else {
        m_steps->setEmptyText(Empty::AllWell, tr("Nothing to change"),
                              tr("Everybody in scope is already as the rule wants it."));
    }
}

/// How many of the people whom the rule has here would be other people than they are.
void PlanView::showShare(const core::Counts &counts)
{
    const qint64 here = app::peopleHere(counts);
    const qint64 changed = here - counts.unchanged;
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    const bool shown = plan && plan->request.userKey.isEmpty() && changed > 0;
    m_share->setVisible(shown);
    if (!shown)
        return;
    m_share->setText(tr("%1 of this rule's people would change: %2 of %3.")
                         .arg(app::percentText(changed, here), Text::number(changed), Text::number(here)));
    setTextTone(*m_share, app::isLargeShare(counts) ? Tone::Warning : Tone::Neutral);
}

void PlanView::showChip(Action action, qint64 count)
{
    m_chips->setCount(core::actionName(action), count);
    // A choice that would find nothing is none.
    if (auto *chip = m_chips->findChild<QWidget *>(QStringLiteral("chip-") + core::actionName(action)))
        chip->setVisible(count != 0);
}

void PlanView::showCount()
{
    if (!m_shown) {
        m_count->setText({});
        return;
    }
    const qint64 total = m_table.total();
    const int shown = m_table.rowCount();
    m_count->setText(shown == total ? (total == 1 ? tr("1 object") : tr("%1 objects").arg(Text::number(total)))
                                    : tr("%1 of %2 objects").arg(Text::number(shown), Text::number(total)));
    if (shown == 0 && total > 0)
        m_steps->setEmptyText(StepView::Empty::NotFound, tr("Nothing found"), tr("No change matches what you search for."));
}

void PlanView::updateApply()
{
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    const bool busy = m_jobs.job(m_rule) != nullptr;
    const qint64 changes = plan ? plan->outcome.counts.changes() : 0;
    m_again->setEnabled(!busy);
    m_exportButton->setEnabled(m_shown != nullptr && !busy);
    m_apply->setText(changes == 1 ? tr("&Apply 1 change") : tr("&Apply %1 changes").arg(Text::number(changes)));

    QString why;
    Tone tone = Tone::Neutral;
    if (!busy && plan && plan->outcome.plan) {
        const QString stale = m_jobs.whyStale(m_rule);
        const core::Configuration &configuration = m_context.console.configuration();
        const core::Rule *rule = configuration.rule(m_rule);
        const core::Connection *connection = rule ? configuration.connection(rule->connection) : nullptr;
        const core::Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
        if (GuardText::anyTripped(plan->outcome.guards)) {
            why = GuardText::whyStopped(plan->outcome.guards);
            tone = Tone::Bad;
        } else if (!stale.isEmpty()) {
            why = stale;
            tone = Tone::Warning;
        } else if (changes > 0 && rule && !rule->enabled) {
            why = tr("The rule is off: switch it on to apply this.");
        } else if (changes > 0 && connection && !connection->enabled) {
            why = tr("The connection “%1” is off: switch it on to apply this.").arg(connection->name);
        } else if (changes > 0 && gateway && !gateway->enabled) {
            why = tr("The gateway “%1” is off: switch it on to apply this.").arg(gateway->name);
        }
    }
    if (why.isEmpty() && !busy && plan && !plan->outcome.notes.isEmpty())
        m_note->setText(plan->outcome.notes.join(u'\n'), Tone::Warning);
    else
        m_note->setText(why, tone);
    m_apply->setEnabled(!busy && changes > 0 && why.isEmpty());
    m_apply->setToolTip(why);
}

void PlanView::filter()
{
    const QString key = m_chips->selected();
    QList<Action> actions;
    if (key != kAll)
        actions << core::actionFromName(key);
    m_table.setFilter(actions, m_search->text());
}

void PlanView::askApply()
{
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    if (!plan || !m_apply->isEnabled())
        return;
    const core::Counts &counts = plan->outcome.counts.users;
    const bool large = plan->request.userKey.isEmpty() && app::isLargeShare(counts);
    if (counts.disable + counts.remove == 0 && !large) {
        emit applyRequested();
        return;
    }
    Question question;
    question.title = counts.changes() == 1 ? tr("Apply 1 change?")
                                           : tr("Apply %1 changes?").arg(Text::number(counts.changes()));
    QStringList harm;
    if (counts.disable > 0)
        harm << tr("%1 people will be disabled.").arg(Text::number(counts.disable));
    if (counts.remove > 0)
        harm << tr("%1 people will be deleted.").arg(Text::number(counts.remove));
    if (large) {
        const qint64 here = app::peopleHere(counts);
        harm << tr("%1 of this rule's people would change.").arg(app::percentText(here - counts.unchanged, here));
    }
    question.text = harm.join(u' ');
    question.confirm = tr("&Apply");
    question.harmful = counts.remove > 0;
    ask(this, question, [this](Reply reply) {
        if (reply == Reply::Confirm)
            emit applyRequested();
    });
}

void PlanView::exportTo(app::PlanExport::Format format)
{
    const RuleJobs::Plan *plan = m_jobs.plan(m_rule);
    if (!plan || !m_shown || m_export.isRunning())
        return;
    const bool csv = format == app::PlanExport::Format::Csv;
    auto *dialog = new QFileDialog(this, tr("Export the shown changes"), {},
                                   csv ? tr("CSV (*.csv)") : tr("JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(csv ? QStringLiteral("csv") : QStringLiteral("json"));
    dialog->selectFile(m_rule + (csv ? QStringLiteral(".csv") : QStringLiteral(".json")));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, outcome = plan->outcome, indexes = m_table.shownIndexes(), format](const QString &path) {
                m_export.setEnvironment(m_context.console.environmentPath());
                m_export.start(outcome, indexes, format, path);
            });
    dialog->open();
}

} // namespace gatehouse::ui
