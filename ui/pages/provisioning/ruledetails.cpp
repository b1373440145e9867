// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/ruledetails.h"

#include "app/gateways/clientversions.h"
#include "app/gateways/usertypeedit.h"
#include "ldap/dialect.h"
#include "provision/clientneed.h"
#include "ui/editors/mappingeditor.h"
#include "ui/pages/provisioning/previewtab.h"
#include "ui/pages/provisioning/ruleforms.h"
#include "ui/pages/provisioning/rulemappingform.h"
#include "ui/pages/provisioning/synctab.h"
#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/section.h"
#include "ui/widgets/toggleswitch.h"

#include <QMenu>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

const QString kSection = QStringLiteral("rules");
const QString kOverview = QStringLiteral("overview");
const QString kDirectory = QStringLiteral("directory");
const QString kMapping = QStringLiteral("mapping");
const QString kOnboarding = QStringLiteral("onboarding");
const QString kSync = QStringLiteral("sync");
const QString kPreview = QStringLiteral("preview");

} // namespace

RuleDetails::RuleDetails(const PageContext &context, const app::RuleList &rules, const app::RunHistory &history,
                         app::RuleJobs &jobs, DetailsPanel *panel, QObject *parent)
    : QObject(parent), m_context(context), m_rules(rules), m_jobs(jobs), m_panel(panel), m_editing(new Editing(panel)),
      m_why(new Note), m_overview(new Section(tr("Rule Details"))), m_directory(new Section(tr("Directory Configuration"))),
      m_mapping(new Section(tr("Attribute Mapping"))), m_mappingTable(new MappingEditor(false)),
      m_onboarding(new Section(tr("PingOne User Onboarding"))), m_sync(new SyncTab(context, history, jobs)),
      m_preview(new PreviewTab(jobs))
{
    makeTabs();
    panel->setEmpty(new EmptyState(QStringLiteral("provisioning"), tr("No rule selected"),
                                   tr("Choose one on the left to see whom it provisions, and how.")));
    panel->menu()->addAction(icon(QStringLiteral("edit")), tr("&Edit"), this, &RuleDetails::editCurrentTab);
    panel->menu()->addAction(icon(QStringLiteral("copy")), tr("&Clone Rule"), this, &RuleDetails::cloneRequested);
    panel->menu()->addSeparator();
    panel->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete…"), this, &RuleDetails::deleteRequested);
    panel->showToggle(tr("Rule is enabled"));
    connect(panel->toggle(), &QAbstractButton::clicked, this, &RuleDetails::setEnabled);
    connect(m_editing, &Editing::finished, this, [this] { show(m_name); });
    connect(m_preview, &PreviewTab::planRequested, this, &RuleDetails::planRequested);
    connect(m_sync, &SyncTab::runRequested, this, [this](qint64 run) {
        emit goRequested(QStringLiteral("runs"), QString::number(run));
    });
    const auto state = [this] {
        if (const core::Rule *current = rule())
            showState(*current);
    };
    connect(&history, &app::RunHistory::changed, this, state);
    connect(&jobs, &app::RuleJobs::changed, this, state);
    connect(&context.console.gatewayClients(), &provision::GatewayClients::instancesChanged, this, [this] {
        if (const core::Rule *current = rule())
            showWhy(*current);
    });
}

void RuleDetails::makeTabs()
{
    auto *overview = new QWidget;
    auto *column = new QVBoxLayout(overview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    m_why->setObjectName(QStringLiteral("ruleNote"));
    column->addWidget(m_why);
    column->addWidget(m_overview);
    PropertyRows *rows = m_overview->rows();
    rows->addRow(QStringLiteral("name"), tr("Name"));
    rows->addRow(QStringLiteral("description"), tr("Description"));
    rows->addRow(QStringLiteral("direction"), tr("Sync Direction"));
    rows->addRow(QStringLiteral("connection"), tr("Connection"));
    rows->addRow(QStringLiteral("gateway"), tr("Gateway"));
    rows->addRow(QStringLiteral("clients"), tr("Gateway client version"));
    rows->addRow(QStringLiteral("id"), tr("Rule ID"), {}, PropertyRows::Monospace);
    m_panel->addTab(kOverview, tr("Overview"), overview);

    rows = m_directory->rows();
    rows->addRow(QStringLiteral("base"), tr("Directory Path (LDAP Base DN)"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("units"), tr("User Organizational Units (OUs)"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("filter"), tr("LDAP filter"), {}, PropertyRows::Monospace);
    m_panel->addTab(kDirectory, tr("Directory"), m_directory);

    m_mapping->addWidget(m_mappingTable);
    m_panel->addTab(kMapping, tr("Attribute Mapping"), m_mapping);

    rows = m_onboarding->rows();
    rows->addRow(QStringLiteral("population"), tr("Population"));
    rows->addRow(QStringLiteral("viaLdap"), tr("Authenticate via AD/LDAP"));
    rows->addRow(QStringLiteral("userType"), tr("Gateway User Type"));
    rows->addRow(QStringLiteral("idp"), tr("Authoritative Identity Provider"));
    rows->addRow(QStringLiteral("mfa"), tr("MFA Device Management"));
    m_exclusion = new Note;
    m_exclusion->setObjectName(QStringLiteral("exclusion"));
    m_onboarding->addWidget(m_exclusion);
    m_panel->addTab(kOnboarding, tr("Onboarding Settings"), m_onboarding);
    m_panel->addTab(kSync, tr("Sync"), m_sync);
    m_panel->addTab(kPreview, tr("Preview"), m_preview);

    const core::Configuration &configuration = m_context.console.configuration();
    const std::pair<Section *, std::function<RuleForm *(const core::Rule &)>> forms[] = {
        {m_overview, [](const core::Rule &rule) { return new RuleNameForm(rule); }},
        {m_directory, [this, &configuration](const core::Rule &rule) {
             const core::Gateway *gateway = gatewayOf(configuration, rule);
             auto *form = new RuleDirectoryForm(rule, gateway);
             if (gateway)
                 form->checkNames(m_context.console, gateway->id);
             return form;
         }},
        {m_mapping, [this, &configuration](const core::Rule &rule) {
             auto *form = new RuleMappingForm(m_context.console, rule, gatewayOf(configuration, rule));
             form->begin(rule);
             return form;
         }},
        {m_onboarding, [&configuration](const core::Rule &rule) {
             return new RuleOnboardingForm(rule, gatewayOf(configuration, rule), configuration);
         }},
        {m_sync->guards(), [](const core::Rule &rule) { return new RuleGuardsForm(rule); }},
    };
    for (const auto &[section, make] : forms) {
        section->setEditable(true);
        connect(section, &Section::editClicked, this, [this, form = make, where = section] { edit(where, form); });
    }
}

const core::Rule *RuleDetails::rule() const
{
    return m_context.console.configuration().rule(m_name);
}

void RuleDetails::show(const QString &name)
{
    m_name = name;
    const core::Rule *current = rule();
    if (!current) {
        m_panel->showEmpty();
        return;
    }
    m_panel->setTitle(current->name);
    m_panel->setSubtitle(m_rules.direction(*current));
    m_panel->toggle()->setChecked(current->enabled);
    showState(*current);
    showOverview(*current);
    showDirectory(*current);
    showMapping(*current);
    showOnboarding(*current);
    m_sync->show(*current);
    m_preview->show(*current);
    m_panel->showDetails();
}

void RuleDetails::refresh()
{
    if (!m_editing->isActive())
        show(m_name);
}

void RuleDetails::showState(const core::Rule &current)
{
    const app::RuleList::Pill pill = m_rules.pill(current);
    m_panel->state()->setState(pill.text, pill.tone);
}

void RuleDetails::showOverview(const core::Rule &current)
{
    const core::Configuration &configuration = m_context.console.configuration();
    const core::Gateway *gateway = gatewayOf(configuration, current);
    PropertyRows *rows = m_overview->rows();
    rows->setValue(QStringLiteral("name"), current.name);
    rows->setValue(QStringLiteral("description"), current.description);
    rows->setValue(QStringLiteral("direction"), current.direction == core::Direction::Inbound
                                                    ? tr("PingOne as Target (inbound)")
                                                    : tr("PingOne as Source (outbound)"));
    rows->setValue(QStringLiteral("connection"), current.connection);
    rows->setValue(QStringLiteral("gateway"), gateway ? gateway->name : QString());
    rows->setValue(QStringLiteral("id"), current.id.toString(QUuid::WithoutBraces));
    showWhy(current);
}

void RuleDetails::showWhy(const core::Rule &current)
{
    const core::Configuration &configuration = m_context.console.configuration();
    const core::Connection *connection = configuration.connection(current.connection);
    const core::Gateway *gateway = gatewayOf(configuration, current);
    const bool byClients = current.direction == core::Direction::Inbound && connection && gateway
                           && gateway->mode == core::GatewayMode::Clients;
    const QList<link::Instance> instances =
        byClients ? m_context.console.gatewayClients().instancesOf(gateway->id) : QList<link::Instance>();
    const link::Need need = connection ? provision::needOf(*connection, current) : link::Need::InboundProvisioning;
    m_overview->rows()->setRowVisible(QStringLiteral("clients"), byClients);
    m_overview->rows()->setValue(QStringLiteral("clients"), app::ClientVersions::needed(need, instances));
    QString why;
    if (!current.enabled)
        why = tr("This rule is off. Preview it, then switch it on at the top right.");
    else if (connection && !connection->enabled)
        why = tr("This rule cannot run: its connection “%1” is off.").arg(connection->name);
    else if (gateway && !gateway->enabled)
        why = tr("This rule cannot run: its gateway “%1” is off.").arg(gateway->name);
    else
        why = app::ClientVersions::refusal(need, instances);
    m_why->setText(why, current.enabled ? Tone::Warning : Tone::Neutral);
}

void RuleDetails::showDirectory(const core::Rule &current)
{
    const core::Gateway *gateway = gatewayOf(m_context.console.configuration(), current);
    PropertyRows *rows = m_directory->rows();
    rows->setValue(QStringLiteral("base"), current.scope.baseDn);
    rows->setValue(QStringLiteral("units"), current.scope.userOrganizationalUnits.isEmpty()
                                                ? tr("Everybody below the base DN")
                                                : current.scope.userOrganizationalUnits.join(u'\n'));
    QString filter = current.scope.userFilter;
    if (filter.isEmpty() && gateway)
        filter = QString::fromUtf8(ldap::Dialect(gateway->vendor).peopleFilter());
    rows->setValue(QStringLiteral("filter"), filter,
                   current.scope.userFilter.isEmpty() ? tr("The directory type's own filter for people") : QString());
}

void RuleDetails::showMapping(const core::Rule &current)
{
    m_mappingTable->setCheck({});
    m_mappingTable->setCatalog(m_context.console.catalog());
    m_mappingTable->setMappings(current.mappings.users);
    m_mappingTable->setCheck([this, current](const QList<core::AttributeMapping> &rows) {
        return mappingFaults(m_context.console.configuration(), current, rows);
    });
}

void RuleDetails::showOnboarding(const core::Rule &current)
{
    const core::Population *byDefault = m_context.console.configuration().defaultPopulation();
    PropertyRows *rows = m_onboarding->rows();
    rows->setValue(QStringLiteral("population"), !current.onboarding.population.isEmpty()
                                                     ? current.onboarding.population
                                                     : byDefault ? tr("%1 (the default)").arg(byDefault->name)
                                                                 : tr("Default population"));
    rows->setValue(QStringLiteral("viaLdap"), current.onboarding.authenticateViaLdap ? tr("Yes") : tr("No"));
    rows->setValue(QStringLiteral("userType"), current.onboarding.gatewayUserType);
    rows->setRowVisible(QStringLiteral("userType"), current.onboarding.authenticateViaLdap);
    rows->setValue(QStringLiteral("idp"), QStringLiteral("PingOne"));
    rows->setValue(QStringLiteral("mfa"), mfaText(current.onboarding.mfaDeviceManagement));
    m_exclusion->setText(app::UserTypeEdit::exclusion(gatewayOf(m_context.console.configuration(), current),
                                                      current.onboarding),
                         Tone::Warning);
}

void RuleDetails::edit(Section *section, const std::function<RuleForm *(const core::Rule &)> &make)
{
    m_editing->leave([this, section, make] {
        const core::Rule *current = rule();
        if (!current)
            return;
        RuleForm *form = make(*current);
        if (section == m_mapping)
            m_mappingTable->hide();
        m_editing->editSection(section, form, current->name,
                               [this, form, before = *current](const Form &, const Editing::Finish &finish) {
                                   core::Rule changed = before;
                                   form->readInto(changed);
                                   save(changed, form, finish);
                               });
        connect(form, &QObject::destroyed, m_mappingTable, &QWidget::show);
    });
}

void RuleDetails::editCurrentTab()
{
    const QString tab = m_panel->currentTab();
    Section *section = tab == kDirectory    ? m_directory
                       : tab == kMapping    ? m_mapping
                       : tab == kOnboarding ? m_onboarding
                       : tab == kSync       ? m_sync->guards()
                                            : m_overview;
    if (section == m_overview)
        m_panel->setCurrentTab(kOverview);
    emit section->editClicked();
}

ThingSaving<core::Rule> RuleDetails::saving()
{
    return {m_context.console, this, kSection, QStringLiteral("rule"), &core::Configuration::rules,
            [this](const QString &text, Tone tone) { emit said(text, tone); }};
}

void RuleDetails::save(const core::Rule &changed, const QPointer<RuleForm> &form, const Editing::Finish &finish)
{
    saving().save(changed, QPointer<ThingForm>(form.data()), finish, [this, name = changed.name] {
        if (name == m_name)
            return;
        m_name = name;
        emit renamed(name);
    });
}

void RuleDetails::setEnabled(bool enabled)
{
    if (const core::Rule *current = rule())
        saving().setEnabled(*current, enabled, [this] {
            // Of whichever rule is shown by now.
            if (const core::Rule *shown = rule())
                m_panel->toggle()->setChecked(shown->enabled);
        });
}

} // namespace gatehouse::ui
