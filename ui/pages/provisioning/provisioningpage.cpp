// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/provisioningpage.h"

#include "app/configurationedit.h"
#include "app/text.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/editors/followselection.h"
#include "ui/pages/provisioning/connectiondetails.h"
#include "ui/pages/provisioning/planview.h"
#include "ui/pages/provisioning/ruledetails.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/filterchips.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/searchbox.h"
#include "ui/wizards/connectionwizard.h"
#include "ui/wizards/rulewizard.h"

#include <QAction>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::Text;

namespace {
const QString kConnections = QStringLiteral("connections");
const QString kRules = QStringLiteral("rules");
const QString kConnectionPrefix = QStringLiteral("connection:");
constexpr int kListWidth = 280;
} // namespace

ProvisioningPage::ProvisioningPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("provisioning"), tr("Provisioning"), parent), m_history(console()),
      m_jobs(console()), m_connectionList(console()), m_ruleList(console(), m_history, m_jobs),
      m_stack(new QStackedWidget(this)), m_chips(new FilterChips(tr("Connections or rules"), this)),
      m_addConnection(new QAction(tr("+ &New Connection"), this)), m_addRule(new QAction(tr("+ &New Rule"), this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    m_chips->addChip(kConnections, tr("Connections"));
    m_chips->addChip(kRules, tr("Rules"));
    m_chips->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    makeConnections();
    makeRules();
    makePlan();

    connect(m_addConnection, &QAction::triggered, this, &ProvisioningPage::newConnection);
    connect(m_addRule, &QAction::triggered, this, &ProvisioningPage::newRule);
    connect(m_chips, &FilterChips::selectedChanged, this, [this](const QString &key) {
        const View wanted = key == kRules ? Rules : Connections;
        if (view() == wanted)
            return;
        leave([this, wanted] { show(wanted); });
        m_chips->setSelected(view() == Connections ? kConnections : kRules); // when the person stays
    });
    connect(&console(), &app::Console::configurationChanged, this, [this] {
        showCounts();
        // New names are in the lists as soon as the configuration has been read again.
        const core::Configuration &configuration = console().configuration();
        if (!m_selectConnection.isEmpty() && configuration.connection(m_selectConnection))
            m_connections->select(std::exchange(m_selectConnection, QString()));
        if (!m_selectRule.isEmpty() && configuration.rule(m_selectRule))
            m_rules->select(std::exchange(m_selectRule, QString()));
        m_connectionDetails->refresh();
        m_ruleDetails->refresh();
    });
    connect(&m_jobs, &app::RuleJobs::applied, this, &ProvisioningPage::onApplied);
    showCounts();
    const bool hasRules = !console().configuration().rules.isEmpty();
    show(hasRules ? Rules : Connections);
}

void ProvisioningPage::makeConnections()
{
    m_connections = new ListPane(tr("Search connections"));
    m_connectionPanel = new DetailsPanel;
    m_connectionPanel->setObjectName(QStringLiteral("connectionDetails"));
    m_connectionDetails = new ConnectionDetails(context(), m_connectionPanel, this);
    auto *split = new ListDetails(m_connections, m_connectionPanel, kListWidth);
    split->remember(settings(), settingsKey(QStringLiteral("connections")));
    m_stack->addWidget(split);
    auto *empty = new EmptyState(QStringLiteral("link"), tr("No connections yet"),
                                 tr("A connection says what provisioning may do through a gateway: create, update, "
                                    "disable and remove users, and the same for groups."),
                                 tr("New Connection"));
    connect(empty, &EmptyState::actionClicked, this, &ProvisioningPage::newConnection);
    m_connections->setEmptyWidget(empty);
    connect(m_connectionDetails, &ConnectionDetails::said, this, &Page::said);
    connect(m_connectionDetails, &ConnectionDetails::goRequested, this, &Page::goRequested);
    connect(m_connectionDetails, &ConnectionDetails::deleteRequested, this, &ProvisioningPage::deleteConnection);
    connect(m_connectionDetails, &ConnectionDetails::renamed, this,
            [this](const QString &name) { m_selectConnection = name; });
    connect(m_connections, &ListPane::currentChanged, this, &ProvisioningPage::onConnection);
    connect(m_connections->search(), &SearchBox::searched, this, [this](const QString &text) {
        m_connectionList.setSearch(text);
        showCounts();
    });
    m_connections->setModel(&m_connectionList);
}

void ProvisioningPage::makeRules()
{
    m_rules = new ListPane(tr("Search rules"));
    m_rulePanel = new DetailsPanel;
    m_rulePanel->setObjectName(QStringLiteral("ruleDetails"));
    m_ruleDetails = new RuleDetails(context(), m_ruleList, m_history, m_jobs, m_rulePanel, this);
    auto *split = new ListDetails(m_rules, m_rulePanel, kListWidth);
    split->remember(settings(), settingsKey(QStringLiteral("rules")));
    m_stack->addWidget(split);
    auto *empty = new EmptyState(QStringLiteral("provisioning"), tr("No rules yet"),
                                 tr("A rule says which people of a directory become users here, and how their "
                                    "attributes are filled. It needs a connection first."),
                                 tr("New Rule"));
    connect(empty, &EmptyState::actionClicked, this, &ProvisioningPage::newRule);
    m_rules->setEmptyWidget(empty);
    connect(m_ruleDetails, &RuleDetails::said, this, &Page::said);
    connect(m_ruleDetails, &RuleDetails::goRequested, this, &Page::goRequested);
    connect(m_ruleDetails, &RuleDetails::planRequested, this, &ProvisioningPage::showPlan);
    connect(m_ruleDetails, &RuleDetails::cloneRequested, this, &ProvisioningPage::cloneRule);
    connect(m_ruleDetails, &RuleDetails::deleteRequested, this, &ProvisioningPage::deleteRule);
    connect(m_ruleDetails, &RuleDetails::renamed, this, [this](const QString &name) { m_selectRule = name; });
    connect(m_rules, &ListPane::currentChanged, this, &ProvisioningPage::onRule);
    connect(m_rules->search(), &SearchBox::searched, this, [this](const QString &text) {
        m_ruleList.setSearch(text);
        showCounts();
    });
    m_rules->setModel(&m_ruleList);
}

void ProvisioningPage::makePlan()
{
    m_plan = new PlanView(context(), m_jobs);
    m_stack->addWidget(m_plan);
    connect(m_plan, &PlanView::said, this, &Page::said);
    connect(m_plan, &PlanView::titleChanged, this, [this] {
        if (view() == Plan)
            setTrail({m_plan->rule(), m_plan->title()});
    });
    connect(m_plan, &PlanView::previewRequested, this, [this] {
        const app::RuleJobs::Plan *plan = m_jobs.plan(m_plan->rule());
        const provision::RunRequest before = plan ? plan->request : provision::RunRequest();
        m_jobs.preview(m_plan->rule(), before.userKey, before.fullResync);
    });
    connect(m_plan, &PlanView::applyRequested, this, [this] {
        m_jobs.applyPlan(m_plan->rule());
    });
}

ProvisioningPage::View ProvisioningPage::view() const
{
    return View(m_stack->currentIndex());
}

void ProvisioningPage::show(View view)
{
    m_stack->setCurrentIndex(view);
    if (view != Plan)
        m_chips->setSelected(view == Rules ? kRules : kConnections);
    showHeader();
}

void ProvisioningPage::showHeader()
{
    if (view() == Plan) {
        setTrail({m_plan->rule(), m_plan->title()});
        setHeaderWidgets(m_plan->headerWidgets());
        setPrimaryAction(m_plan->applyAction());
        return;
    }
    setTrail({});
    setHeaderWidgets({m_chips});
    setPrimaryAction(view() == Rules ? m_addRule : m_addConnection);
}

void ProvisioningPage::showCounts()
{
    const auto count = [](int shown, int total, const QString &one, const QString &many, const QString &some) {
        if (shown != total)
            return some.arg(shown).arg(total);
        return total == 1 ? one : many.arg(total);
    };
    m_chips->setCount(kConnections, m_connectionList.total());
    m_chips->setCount(kRules, m_ruleList.total());
    m_connections->setCountText(count(m_connectionList.rowCount(), int(m_connectionList.total()), tr("1 connection"),
                                      tr("%1 connections"), tr("%1 of %2 connections")));
    m_rules->setCountText(count(m_ruleList.rowCount(), int(m_ruleList.total()), tr("1 rule"), tr("%1 rules"),
                                tr("%1 of %2 rules")));
}

void ProvisioningPage::refresh()
{
    m_history.refresh();
    m_ruleList.refresh();
    m_connectionList.refresh();
}

bool ProvisioningPage::focusSearch()
{
    if (view() == Plan) {
        m_plan->focusSearch();
        return true;
    }
    SearchBox *search = (view() == Rules ? m_rules : m_connections)->search();
    search->setFocus(Qt::ShortcutFocusReason);
    search->selectAll();
    return true;
}

bool ProvisioningPage::escape()
{
    if (view() == Plan) {
        show(Rules);
        m_rulePanel->tabs()->setFocus(Qt::OtherFocusReason);
        return true;
    }
    Editing *editing = view() == Rules ? m_ruleDetails->editing() : m_connectionDetails->editing();
    if (!editing->isActive())
        return false;
    editing->cancel();
    return true;
}

void ProvisioningPage::goHome()
{
    if (view() == Plan)
        escape();
}

void ProvisioningPage::openThing(const QString &id)
{
    if (id == QLatin1String("+rule")) {
        newRule();
    } else if (id == QLatin1String("+connection")) {
        newConnection();
    } else if (id.startsWith(kConnectionPrefix)
               || (!console().configuration().rule(id) && console().configuration().connection(id))) {
        const QString name = id.startsWith(kConnectionPrefix) ? id.mid(kConnectionPrefix.size()) : id;
        leave([this, name] {
            show(Connections);
            m_connections->search()->clear();
            m_connections->select(name);
        });
    } else {
        leave([this, id] {
            show(Rules);
            m_rules->search()->clear();
            m_rules->select(id);
        });
    }
}

void ProvisioningPage::leave(const std::function<void()> &proceed)
{
    m_connectionDetails->editing()->leave([this, proceed] { m_ruleDetails->editing()->leave(proceed); });
}

void ProvisioningPage::onConnection(const QVariant &id)
{
    const QString name = id.toString();
    followSelection(m_connections, m_connectionDetails->editing(), m_connectionName, name, [this, name] {
        m_connectionName = name;
        m_connectionDetails->show(name);
    });
}

void ProvisioningPage::onRule(const QVariant &id)
{
    const QString name = id.toString();
    followSelection(m_rules, m_ruleDetails->editing(), m_ruleName, name, [this, name] {
        m_ruleName = name;
        m_ruleDetails->show(name);
    });
}

void ProvisioningPage::newConnection()
{
    leave([this] {
        show(Connections);
        auto *wizard = new ConnectionWizard(context(), window());
        connect(wizard, &ConnectionWizard::created, this, [this](const QString &name) {
            m_connections->search()->clear();
            m_connections->select(name);
            emit said(tr("Created %1. Switch it on at the top right.").arg(name), Tone::Good);
        });
        wizard->open();
    });
}

void ProvisioningPage::newRule()
{
    leave([this] {
        show(Rules);
        auto *wizard = new RuleWizard(context(), window());
        connect(wizard, &RuleWizard::created, this, [this](const QString &name) {
            m_rules->search()->clear();
            m_rules->select(name);
            emit said(tr("Created %1. Preview it, then switch it on at the top right.").arg(name), Tone::Good);
        });
        connect(wizard, &RuleWizard::connectionWanted, this, &ProvisioningPage::newConnection);
        wizard->open();
    });
}

void ProvisioningPage::showPlan(const QString &rule)
{
    m_plan->show(rule);
    show(Plan);
}

void ProvisioningPage::onApplied(const QString &rule, const provision::RunOutcome &outcome)
{
    // What the person was looking at is done: on to its result, object by object.
    if (view() != Plan || m_plan->rule() != rule || !isVisible())
        return;
    if (outcome.run == 0) {
        if (outcome.error)
            emit said(app::ConfigFaults::text(*outcome.error), Tone::Bad);
        return;
    }
    const app::RuleJobs::Plan *plan = m_jobs.plan(rule);
    if (plan && outcome.status == store::RunStatus::Succeeded && !(plan->outcome.counts == outcome.counts))
        emit said(tr("A part of the plan had been done already: %1 were made.")
                      .arg(outcome.counts.changes() == 1 ? tr("1 change")
                                                         : tr("%1 changes").arg(Text::number(outcome.counts.changes()))),
                  Tone::Warning);
    show(Rules);
    emit goRequested(QStringLiteral("runs"), QString::number(outcome.run));
}

void ProvisioningPage::cloneRule()
{
    const core::Rule *rule = m_ruleDetails->rule();
    if (!rule)
        return;
    core::Rule clone = *rule;
    clone.id = QUuid();
    clone.enabled = false;
    clone.name = app::freeName(console().configuration().rules, QStringLiteral("Clone_") + rule->name);
    app::saveThing(console(), this, QStringLiteral("rule.clone"), kRules, &core::Configuration::rules, clone,
                   [this, name = clone.name](const app::FormFaults &faults) {
                       if (!faults.isEmpty()) {
                           emit said(faults.own.isEmpty() ? app::ConfigFaults::text(faults.others.first())
                                                          : faults.own.first().text,
                                     Tone::Bad);
                           return;
                       }
                       m_rules->search()->clear();
                       m_selectRule = name;
                       emit said(tr("Cloned as %1, switched off.").arg(name), Tone::Good);
                   });
}

void ProvisioningPage::deleteRule()
{
    const core::Rule *rule = m_ruleDetails->rule();
    if (!rule)
        return;
    DeleteQuestion question;
    question.title = tr("Delete %1?").arg(rule->name);
    const core::Connection *connection = console().configuration().connection(rule->connection);
    if (connection && connection->users.deprovision.enabled && connection->users.deprovision.onRuleDeletion) {
        const bool deletes = connection->users.deprovision.removeAction == core::RemoveAction::Delete;
        question.text = deletes ? tr("Everybody it provisioned is deleted, in a run of its own, unless another rule of the gateway "
                                     "covers them. Its guard on how many people may go at once counts.")
                                : tr("Everybody it provisioned is disabled, in a run of its own, unless another rule of the gateway "
                                     "covers them. Its guard on how many people may go at once counts.");
        question.confirmation = deletes ? tr("&I understand that its people are deleted") : tr("&I understand that its people are disabled");
    } else {
        question.text = tr("The people it provisioned stay as they are, with their links to the directory. Its runs stay in "
                           "the history.");
    }
    askDelete(this, question, [this, id = rule->id, name = rule->name] {
        m_jobs.dropPlan(name);
        app::editConfiguration(
            console(), this, QStringLiteral("rule.delete"), name,
            [id](core::Configuration &wanted) {
                wanted.rules.removeIf([id](const core::Rule &one) { return one.id == id; });
            },
            deletionOf(name));
    });
}

void ProvisioningPage::deleteConnection()
{
    const core::Connection *connection = m_connectionDetails->connection();
    if (!connection)
        return;
    DeleteQuestion question;
    question.title = tr("Delete %1?").arg(connection->name);
    const bool deprovisions = connection->users.deprovision.enabled && connection->users.deprovision.onRuleDeletion;
    question.text = !deprovisions ? tr("The people provisioned through it stay as they are.")
                    : connection->users.deprovision.removeAction == core::RemoveAction::Delete
                        ? tr("With its rules everybody they provisioned is deleted, in runs of their own.")
                        : tr("With its rules everybody they provisioned is disabled, in runs of their own.");
    question.dependentsTitle = tr("These are deleted with it:");
    for (const core::Rule &rule : console().configuration().rules) {
        if (rule.connection == connection->name)
            question.dependents << tr("Rule “%1”").arg(rule.name);
    }
    if (!question.dependents.isEmpty())
        question.confirmation = tr("&I understand that its rules are deleted, too");
    askDelete(this, question, [this, id = connection->id, name = connection->name] {
        app::editConfiguration(
            console(), this, QStringLiteral("connection.delete"), name,
            [id, name](core::Configuration &wanted) {
                wanted.rules.removeIf([&](const core::Rule &rule) { return rule.connection == name; });
                wanted.connections.removeIf([&](const core::Connection &one) { return one.id == id; });
            },
            deletionOf(name));
    });
}

} // namespace gatehouse::ui
