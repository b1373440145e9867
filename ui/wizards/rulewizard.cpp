// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizards/rulewizard.h"

#include "app/configurationedit.h"
#include "app/roles.h"
#include "app/text.h"
#include "ui/pages/provisioning/ruleforms.h"
#include "ui/pages/provisioning/rulemappingform.h"
#include "ui/widgets/keepchoice.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/rowdelegate.h"

#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

namespace {

const QString kDirection = QStringLiteral("direction");
const QString kConnection = QStringLiteral("connection");
const QString kDetails = QStringLiteral("details");
const QString kDirectory = QStringLiteral("directory");
const QString kMapping = QStringLiteral("mapping");
const QString kOnboarding = QStringLiteral("onboarding");
const QString kGuards = QStringLiteral("guards");
const QString kSummary = QStringLiteral("summary");
const QString kSection = QStringLiteral("rules");
constexpr int kListHeight = 220;

/// The step that shows the field a fault is about.
QString stepOf(const app::FieldFault &fault)
{
    const auto under = [&](const char *key) { return fault.isUnder(QString::fromLatin1(key)); };
    if (under("name") || under("description"))
        return kDetails;
    if (under("baseDn") || under("userOrganizationalUnits") || under("userFilter"))
        return kDirectory;
    if (under("attributeMappings"))
        return kMapping;
    if (under("onboarding"))
        return kOnboarding;
    if (under("guards") || under("schedule"))
        return kGuards;
    return kSummary;
}

} // namespace

RuleWizard::RuleWizard(const PageContext &context, QWidget *parent)
    : Wizard(tr("New Rule"), parent), m_context(context), m_connections(context.console)
{
    addStep(kDirection, tr("Sync Direction"), tr("Which side changes, and which side it follows."), makeDirection());
    addStep(kConnection, tr("Available Connections"), tr("The connection through which the rule reads the directory."),
            makeConnection());
    setNextText(kConnection, tr("&Continue"));
    addStep(kDetails, tr("Rule Details"), {}, makeHolder(kDetails));
    addStep(kDirectory, tr("Directory Configuration"), tr("Whom the rule provisions."), makeHolder(kDirectory));
    addStep(kMapping, tr("Attribute Mapping"), tr("How the attributes of PingOne users are filled from the directory."),
            makeHolder(kMapping));
    addStep(kOnboarding, tr("PingOne User Onboarding"), tr("What happens to people who are new here."),
            makeHolder(kOnboarding));
    addStep(kGuards, tr("Guards"), tr("Limits that stop a run before its first change."), makeHolder(kGuards));
    addStep(kSummary, tr("Summary"), {}, makeSummary());
    begin();
}

QWidget *RuleWizard::makeDirection()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    const auto explain = [&](const QString &text) {
        auto *label = new QLabel(text);
        label->setWordWrap(true);
        label->setForegroundRole(QPalette::PlaceholderText);
        label->setContentsMargins(24, 0, 0, 10);
        column->addWidget(label);
    };
    auto *target = new QRadioButton(tr("PingOne as &Target (inbound)"));
    target->setObjectName(QStringLiteral("target"));
    target->setChecked(true);
    column->addWidget(target);
    explain(tr("People of the LDAP directory become users here and are kept as the directory has them."));
    auto *source = new QRadioButton(tr("PingOne as &Source (outbound)"));
    source->setObjectName(QStringLiteral("source"));
    source->setEnabled(false);
    column->addWidget(source);
    explain(tr("Users of this environment would be written to the LDAP directory. Not available in this version."));
    return step;
}

QWidget *RuleWizard::makeConnection()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("connections"));
    m_list->setAccessibleName(tr("Available Connections"));
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setModel(&m_connections);
    keepChoice(*m_list);
    m_list->setMouseTracking(true);
    m_list->setMinimumHeight(kListHeight);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    column->addWidget(m_list);
    m_fault = new QLabel;
    m_fault->setForegroundRole(QPalette::BrightText);
    m_fault->setWordWrap(true);
    m_fault->setObjectName(QStringLiteral("connectionFault"));
    m_fault->hide();
    column->addWidget(m_fault);
    connect(m_list, &QListView::activated, this, &Wizard::next);
    if (m_connections.rowCount() > 0) {
        m_list->setCurrentIndex(m_connections.index(0, 0));
        return step;
    }
    m_list->hide();
    auto *none = new Note(Tone::Neutral, tr("There is no connection yet. A rule needs one: it says what may be created, "
                                            "updated and disabled through a gateway."));
    none->setAction(tr("Create a connection first"));
    connect(none, &Note::actionClicked, this, [this] {
        accept();
        emit connectionWanted();
    });
    column->addWidget(none);
    return step;
}

QWidget *RuleWizard::makeHolder(const QString &key)
{
    auto *holder = new QWidget;
    auto *column = new QVBoxLayout(holder);
    column->setContentsMargins(0, 0, 0, 0);
    m_holders.insert(key, holder);
    return holder;
}

QWidget *RuleWizard::makeSummary()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    m_summary = new PropertyRows;
    m_summary->setAccessibleName(tr("Summary"));
    column->addWidget(m_summary);
    m_effect = new Note;
    column->addWidget(m_effect);
    return step;
}

QString RuleWizard::connection() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? current.data(app::IdRole).toString() : QString();
}

void RuleWizard::makeForms()
{
    if (m_formsFor == connection() && !m_forms.isEmpty())
        return;
    const core::Configuration &configuration = m_context.console.configuration();
    core::Rule rule;
    rule.enabled = false;
    rule.connection = connection();
    const core::Gateway *gateway = gatewayOf(configuration, rule);
    // What was entered for another connection stays, but not what came from its directory type.
    if (!m_forms.isEmpty()) {
        for (const QString &key : {kDetails, kDirectory, kOnboarding, kGuards})
            m_forms.value(key)->readInto(rule);
        rule.onboarding.gatewayUserType.clear();
    }
    rule.mappings.users = core::defaultInboundMappings(gateway ? gateway->vendor : core::Vendor::Ldapv3);
    if (rule.scope.baseDn.isEmpty() && gateway && !gateway->userTypes.isEmpty())
        rule.scope.baseDn = gateway->userTypes.first().searchBaseDn;
    if (rule.onboarding.population.isEmpty() && configuration.defaultPopulation())
        rule.onboarding.population = configuration.defaultPopulation()->name;
    auto *directory = new RuleDirectoryForm(rule, gateway);
    if (gateway)
        directory->checkNames(m_context.console, gateway->id);
    const std::pair<QString, RuleForm *> forms[] = {
        {kDetails, new RuleNameForm(rule)},
        {kDirectory, directory},
        {kMapping, new RuleMappingForm(m_context.console, rule, gateway)},
        {kOnboarding, new RuleOnboardingForm(rule, gateway, configuration)},
        {kGuards, new RuleGuardsForm(rule)},
    };
    for (const auto &[key, form] : forms) {
        delete m_forms.take(key);
        m_holders.value(key)->layout()->addWidget(form);
        m_forms.insert(key, form);
    }
    m_formsFor = connection();
}

core::Rule RuleWizard::rule() const
{
    core::Rule rule;
    rule.enabled = false;
    rule.direction = core::Direction::Inbound;
    rule.connection = connection();
    for (const RuleForm *form : m_forms)
        form->readInto(rule);
    return rule;
}

bool RuleWizard::checkStep(const QString &key)
{
    if (key == kDirection)
        return true;
    if (key == kConnection) {
        const QString fault = connection().isEmpty() ? tr("Select a connection.") : QString();
        m_fault->setText(fault);
        m_fault->setVisible(!fault.isEmpty());
        if (fault.isEmpty())
            makeForms();
        return fault.isEmpty();
    }
    if (key == kSummary)
        return judge(kSummary);
    return m_forms.value(key)->validate() && judge(key);
}

bool RuleWizard::judge(const QString &step)
{
    const app::FormFaults faults =
        app::judgeThing(m_context.console.configuration(), kSection, &core::Configuration::rules, rule());
    if (step != kSummary) {
        app::FormFaults mine;
        for (const app::FieldFault &fault : faults.own) {
            if (stepOf(fault) == step)
                mine.own.append(fault);
        }
        m_forms.value(step)->show(mine);
        return mine.own.isEmpty();
    }
    if (faults.isEmpty())
        return true;
    // Back to the first step that has to be put right; its fields say what.
    for (const QString &key : {kDetails, kDirectory, kMapping, kOnboarding, kGuards}) {
        const bool wrong = std::any_of(faults.own.begin(), faults.own.end(),
                                       [&](const app::FieldFault &fault) { return stepOf(fault) == key; });
        markFaulty(key, wrong);
        if (wrong) {
            goTo(key);
            judge(key);
            return false;
        }
    }
    QList<core::Error> errors = faults.others;
    for (const app::FieldFault &fault : faults.own)
        errors.append(fault.error);
    showErrors(errors);
    return false;
}

void RuleWizard::enterStep(const QString &key)
{
    if (key == kMapping)
        static_cast<RuleMappingForm *>(m_forms.value(kMapping))->begin(rule());
    else if (key == kSummary)
        showSummary();
}

void RuleWizard::showSummary()
{
    const core::Rule wanted = rule();
    const core::Configuration &configuration = m_context.console.configuration();
    const core::Gateway *gateway = gatewayOf(configuration, wanted);
    const core::AttributeCatalog &catalog = m_context.console.catalog();
    QStringList mappings;
    for (const core::AttributeMapping &mapping : wanted.mappings.users) {
        const int number = catalog.find(mapping.target);
        mappings << (number < 0 ? mapping.target : catalog.at(number).displayName) + QStringLiteral(" ← ")
                        + (mapping.source.isEmpty() ? mapping.expression : mapping.source);
    }
    m_summary->clear();
    m_summary->addRow(QStringLiteral("name"), tr("Name"), wanted.name);
    m_summary->addRow(QStringLiteral("direction"), tr("Sync Direction"),
                      tr("%1 → PingOne").arg(gateway ? gateway->name : wanted.connection));
    m_summary->addRow(QStringLiteral("base"), tr("Directory Path (LDAP Base DN)"), wanted.scope.baseDn,
                      PropertyRows::Monospace);
    m_summary->addRow(QStringLiteral("units"), tr("User Organizational Units (OUs)"),
                      wanted.scope.userOrganizationalUnits.isEmpty() ? tr("Everybody below the base DN")
                                                               : wanted.scope.userOrganizationalUnits.join(u'\n'),
                      wanted.scope.userOrganizationalUnits.isEmpty() ? PropertyRows::Plain : PropertyRows::Monospace);
    m_summary->addRow(QStringLiteral("filter"), tr("LDAP filter"), wanted.scope.userFilter, PropertyRows::Monospace);
    m_summary->addRow(QStringLiteral("mapping"), tr("Attribute Mapping"), mappings.join(u'\n'),
                      PropertyRows::Monospace);
    m_summary->addRow(QStringLiteral("population"), tr("Population"), wanted.onboarding.population);
    m_summary->addRow(QStringLiteral("viaLdap"), tr("Authenticate via AD/LDAP"),
                      wanted.onboarding.authenticateViaLdap ? tr("Yes, as %1").arg(wanted.onboarding.gatewayUserType)
                                                            : tr("No"));
    m_summary->addRow(QStringLiteral("guards"), tr("Guards"),
                      tr("Disabled or deleted: %1\nLosing one attribute: %2")
                          .arg(limitsText(wanted.guards.maxDeprovisions, wanted.guards.maxDeprovisionPercent),
                               limitsText(wanted.guards.maxBlanked, wanted.guards.maxBlankedPercent)));
    m_effect->setText(tr("The rule is saved switched off and changes nobody. Preview it to see what it would do, then "
                         "switch it on."),
                      Tone::Neutral);
}

bool RuleWizard::isTouched() const
{
    return std::any_of(m_forms.begin(), m_forms.end(), [](const RuleForm *form) { return form->isChanged(); });
}

void RuleWizard::save()
{
    create(m_context.console, QStringLiteral("rule.create"), kSection, &core::Configuration::rules, rule(),
           [this](const QString &name) {
               emit created(name);
               accept();
           });
}

} // namespace gatehouse::ui
