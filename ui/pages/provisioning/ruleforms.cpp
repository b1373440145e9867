// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/ruleforms.h"

#include "app/configurationedit.h"
#include "app/gateways/usertypeedit.h"
#include "app/provisioning/mappingtable.h"
#include "core/config/limits.h"
#include "core/dn.h"
#include "core/plan/guards.h"
#include "ldap/dialect.h"
#include "store/environment.h"
#include "store/reader.h"
#include "store/schemas.h"
#include "ui/editors/filteredit.h"
#include "ui/editors/listeditor.h"
#include "ui/editors/yesno.h"
#include "ui/theme/theme.h"
#include "ui/widgets/note.h"

#include <QComboBox>
#include <QCompleter>
#include <QCoreApplication>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QSpinBox>

namespace gatehouse::ui {

namespace {

const QString kName = QStringLiteral("name");
const QString kDescription = QStringLiteral("description");
const QString kBaseDn = QStringLiteral("baseDn");
const QString kUnits = QStringLiteral("userOrganizationalUnits");
const QString kFilter = QStringLiteral("userFilter");
const QString kPopulation = QStringLiteral("onboarding.population");
const QString kViaLdap = QStringLiteral("onboarding.authenticateViaLdap");
const QString kUserType = QStringLiteral("onboarding.gatewayUserType");
const QString kMfa = QStringLiteral("onboarding.mfaDeviceManagement");
const QString kUnitLoss = QStringLiteral("guards.unitLoss");
const QString kEvery = QStringLiteral("schedule.everySeconds");

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::RuleForms", text);
}

QString dnFault(const QString &text)
{
    const auto dn = core::Dn::parse(text.trimmed());
    return dn ? QString() : app::ConfigFaults::text(dn.error());
}

QSpinBox *limitBox(int value, int max)
{
    auto *box = new QSpinBox;
    box->setRange(-1, max);
    box->setSpecialValueText(words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "No limit")));
    box->setGroupSeparatorShown(true);
    box->setValue(value);
    return box;
}

QSpinBox *secondsBox(int value, int min, int max)
{
    auto *box = new QSpinBox;
    box->setRange(min, max);
    box->setSuffix(words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", " seconds")));
    box->setGroupSeparatorShown(true);
    box->setValue(value);
    return box;
}

QString fieldOf(const core::GuardKey &key)
{
    return QStringLiteral("guards.") + key.name;
}

} // namespace

const core::Gateway *gatewayOf(const core::Configuration &configuration, const core::Rule &rule)
{
    const core::Connection *connection = configuration.connection(rule.connection);
    return connection ? configuration.gateway(connection->gateway) : nullptr;
}

QString mfaText(core::MfaDeviceManagement management)
{
    switch (management) {
    case core::MfaDeviceManagement::Merge:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "Merge with devices in PingOne"));
    case core::MfaDeviceManagement::Overwrite:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "Overwrite devices in PingOne"));
    case core::MfaDeviceManagement::DoNotManage:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "Do not manage"));
    }
    return {};
}

QString limitsText(int number, int percent)
{
    if (number >= 0 && percent >= 0)
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "%1, and %2")).arg(limitText(number, {}), limitText(percent, QStringLiteral(" %")));
    return percent >= 0 ? limitText(percent, QStringLiteral(" %")) : limitText(number, {});
}

QString limitText(int limit, const QString &unit)
{
    return limit < 0 ? words(QT_TRANSLATE_NOOP("gatehouse::ui::RuleForms", "No limit"))
                     : QLocale().toString(limit) + unit;
}

QList<app::FieldFault> mappingFaults(const core::Configuration &configuration, const core::Rule &rule,
                                     const QList<core::AttributeMapping> &rows)
{
    core::Rule wanted = rule;
    wanted.mappings.users = rows;
    const core::Configuration whole =
        app::withThing(configuration, QStringLiteral("rules"), &core::Configuration::rules, wanted);
    const app::FormFaults faults = app::ConfigFaults::split(
        core::validate(whole), QStringLiteral("rules"),
        app::placeOf(configuration, &core::Configuration::rules, wanted));
    QList<app::FieldFault> found;
    for (const app::FieldFault &fault : faults.own) {
        if (fault.isUnder(QStringLiteral("attributeMappings")))
            found << fault;
    }
    return found;
}

void RuleDirectoryForm::checkNames(app::Console &console, const QUuid &gateway)
{
    using Known = std::shared_ptr<const core::Schema>;
    console.read<Known>(
        this, [gateway](store::Reader &reader) { return reader.environment().schemas().load(gateway); },
        [this](const core::Result<Known> &known) {
            if (known && *known)
                m_filter->setSchema(*known);
        });
}

RuleNameForm::RuleNameForm(const core::Rule &rule, QWidget *parent) : RuleForm(parent)
{
    addField(kName, tr("&Name"), new QLineEdit(rule.name))->setRequired(true);
    auto *description = new QPlainTextEdit(rule.description);
    description->setFixedHeight(72);
    addField(kDescription, tr("&Description"), description);
    markUnchanged();
}

void RuleNameForm::readInto(core::Rule &rule) const
{
    rule.name = text(kName);
    rule.description = text(kDescription);
}

RuleDirectoryForm::RuleDirectoryForm(const core::Rule &rule, const core::Gateway *gateway, QWidget *parent)
    : RuleForm(parent), m_units(new ListEditor(ListEditor::Kind::Dn, tr("+ Add Organizational Unit"))),
      m_filter(new FilterEdit)
{
    auto *base = new QLineEdit(rule.scope.baseDn);
    base->setFont(monospaceFont(font()));
    base->setPlaceholderText(QStringLiteral("DC=example,DC=com"));
    if (gateway) {
        QStringList known;
        for (const core::UserType &userType : gateway->userTypes)
            known << userType.searchBaseDn;
        auto *completer = new QCompleter(known, base);
        completer->setCaseSensitivity(Qt::CaseInsensitive);
        base->setCompleter(completer);
    }
    FormField *field = addField(kBaseDn, tr("Directory &Path (LDAP Base DN)"), base);
    field->setRequired(true);
    field->setHelp(tr("The rule sees nothing outside of it. Use the base DN of the gateway's user type, so that people "
                      "can sign on through the gateway."));
    field->setCheck([](const QVariant &value) { return dnFault(value.toString()); });

    addHeading(tr("Users"));
    m_units->setObjectName(QStringLiteral("unit"));
    m_units->setPlaceholder(QStringLiteral("OU=Staff,DC=example,DC=com"));
    m_units->setItems(rule.scope.userOrganizationalUnits);
    field = addField(kUnits, tr("User &Organizational Units (OUs)"), m_units);
    field->setHelp(tr("People below these are in scope. None: everybody below the base DN."));
    field->setCheck([this](const QVariant &value) -> QString {
        const QStringList units = value.toStringList();
        m_units->clearFaults();
        bool good = true;
        for (int i = 0; i < units.size(); ++i) {
            if (const QString fault = dnFault(units.at(i)); !fault.isEmpty()) {
                m_units->setItemFault(i, fault);
                good = false;
            }
        }
        return good ? QString() : tr("Put right what is marked above.");
    });
    FormField *units = field;
    connect(m_units, &ListEditor::itemsChanged, units, [units] {
        if (!units->error().isEmpty())
            units->validate();
    });

    m_filter->setText(rule.scope.userFilter);
    if (gateway)
        m_filter->setPlaceholder(QString::fromUtf8(ldap::Dialect(gateway->vendor).peopleFilter()));
    field = addField(kFilter, tr("LDAP &filter"), m_filter);
    field->setHelp(tr("Whoever matches is in scope: a filter stands for itself, so it says as well which entries are people. Empty: "
                      "the directory type's own filter for people, as shown."));
    field->setCheck([this](const QVariant &) { return m_filter->fault(); });
    FormField *filter = field;
    connect(m_filter, &FilterEdit::textChanged, filter, [filter] {
        if (!filter->error().isEmpty())
            filter->validate();
    });
    markUnchanged();
}

void RuleDirectoryForm::readInto(core::Rule &rule) const
{
    rule.scope.baseDn = text(kBaseDn);
    rule.scope.userOrganizationalUnits = m_units->items();
    rule.scope.userFilter = m_filter->text();
}

RuleOnboardingForm::RuleOnboardingForm(const core::Rule &rule, const core::Gateway *gateway,
                                       const core::Configuration &configuration, QWidget *parent)
    : RuleForm(parent), m_before(rule.onboarding), m_gateway(gateway ? std::optional(*gateway) : std::nullopt)
{
    auto *population = new QComboBox;
    const core::Population *byDefault = configuration.defaultPopulation();
    population->addItem(byDefault ? tr("Default population (%1)").arg(byDefault->name) : tr("Default population"),
                        QString());
    for (const core::Population &one : configuration.populations)
        population->addItem(one.name, one.name);
    population->setCurrentIndex(std::max(0, population->findData(rule.onboarding.population)));
    addField(kPopulation, tr("&Population"), population)
        ->setHelp(tr("New users are added to this population when they are synced."));

    addField(kViaLdap, tr("Authenticate via AD/LDAP"), new YesNo(rule.onboarding.authenticateViaLdap))
        ->setHelp(tr("Yes: the directory checks the password, and PingOne is the authoritative identity provider. The "
                     "link to the directory stays, also when this is set to No later."));

    auto *userType = new QComboBox;
    userType->addItem(tr("Select a user type"), QString());
    if (gateway) {
        for (const core::UserType &one : gateway->userTypes)
            userType->addItem(one.name, one.name);
    }
    if (userType->findData(rule.onboarding.gatewayUserType) < 0)
        userType->addItem(rule.onboarding.gatewayUserType, rule.onboarding.gatewayUserType);
    userType->setCurrentIndex(std::max(0, userType->findData(rule.onboarding.gatewayUserType)));
    FormField *field = addField(kUserType, tr("&Gateway User Type"), userType);
    field->setHelp(gateway && gateway->userTypes.isEmpty()
                       ? tr("The gateway has no user type yet: add one on its Lookup tab first.")
                       : tr("How people of this rule are found in the directory when they sign on. It must not migrate "
                            "new users upon first authentication."));
    field->setCheck([this](const QVariant &value) -> QString {
        if (!isOn(kViaLdap))
            return {};
        if (value.toString().isEmpty())
            return tr("Select a gateway user type, or answer No above.");
        // A file may have both; here nobody gets into it, but what is there already only warns.
        core::Onboarding wanted = m_before;
        wanted.authenticateViaLdap = true;
        wanted.gatewayUserType = value.toString();
        const bool already = m_before.authenticateViaLdap && m_before.gatewayUserType == wanted.gatewayUserType;
        return already ? QString() : app::UserTypeEdit::exclusion(m_gateway ? &*m_gateway : nullptr, wanted);
    });
    m_exclusion = new Note;
    m_exclusion->setObjectName(QStringLiteral("exclusion"));
    addWidget(m_exclusion);

    auto *mfa = new QComboBox;
    for (const core::MfaDeviceManagement one : {core::MfaDeviceManagement::Merge, core::MfaDeviceManagement::Overwrite,
                                                core::MfaDeviceManagement::DoNotManage})
        mfa->addItem(mfaText(one), int(one));
    mfa->setCurrentIndex(mfa->findData(int(rule.onboarding.mfaDeviceManagement)));
    addField(kMfa, tr("&MFA Device Management"), mfa)
        ->setHelp(tr("How this rule may change the authentication methods of people whose devices PingOne manages."));
    connect(this, &Form::edited, this, &RuleOnboardingForm::showDependents);
    showDependents();
    markUnchanged();
}

void RuleOnboardingForm::showDependents()
{
    field(kUserType)->setVisible(isOn(kViaLdap));
    core::Rule wanted;
    readInto(wanted);
    m_exclusion->setText(app::UserTypeEdit::exclusion(m_gateway ? &*m_gateway : nullptr, wanted.onboarding),
                         Tone::Warning);
}

void RuleOnboardingForm::readInto(core::Rule &rule) const
{
    rule.onboarding.population = value(kPopulation).toString();
    rule.onboarding.authenticateViaLdap = isOn(kViaLdap);
    rule.onboarding.gatewayUserType = isOn(kViaLdap) ? value(kUserType).toString() : rule.onboarding.gatewayUserType;
    rule.onboarding.mfaDeviceManagement = core::MfaDeviceManagement(number(kMfa));
}

RuleGuardsForm::RuleGuardsForm(const core::Rule &rule, QWidget *parent) : RuleForm(parent)
{
    const auto limit = [&](QLatin1String name, const QString &label) {
        for (const core::GuardKey &key : core::guardKeys()) {
            if (key.name != name)
                continue;
            QSpinBox *box = limitBox(rule.guards.*key.value, key.highest);
            if (name.endsWith(QLatin1String("Percent")))
                box->setSuffix(QStringLiteral(" %"));
            return addField(fieldOf(key), label, box);
        }
        Q_UNREACHABLE();
    };
    addHeading(tr("People disabled or deleted"));
    limit(QLatin1String("maxDeprovisions"), tr("Maximum &people disabled or deleted per run"))
        ->setHelp(tr("Whatever the cause: they left, the filter leaves them out, or the mapping disables them. A run above "
                     "this limit stops before changing anything."));
    limit(QLatin1String("maxDeprovisionPercent"), tr("Maximum &share of this rule's users"))
        ->setHelp(tr("One person is always allowed, unless the limit is 0."));
    addHeading(tr("Values lost"));
    limit(QLatin1String("maxBlanked"), tr("Maximum people who &lose the value of an attribute"));
    limit(QLatin1String("maxBlankedPercent"), tr("Maximum share of t&hose who have a value"))
        ->setHelp(tr("Counted for each attribute. It stops a run when the bind account has lost the right to read an attribute."));
    addHeading(tr("Updates and renames"));
    limit(QLatin1String("maxUpdates"), tr("Maximum people &updated"));
    limit(QLatin1String("maxUpdatePercent"), tr("Maximum share &of this rule's users updated"));
    limit(QLatin1String("maxRenames"), tr("Maximum user&names changed"));
    limit(QLatin1String("maxRenamePercent"), tr("Maximum share of use&rnames changed"));
    addHeading(tr("The read"));
    limit(QLatin1String("minReadPercent"), tr("Mini&mum read, compared with the last good run"))
        ->setHelp(tr("A read that delivers nobody where there were people is never applied."));
    addField(kUnitLoss, tr("Stop when everybody below one organizational unit &vanishes"), new YesNo(rule.guards.unitLoss))
        ->setHelp(tr("Unless the directory confirms that they were deleted. Counts for units of five people or more."));
    for (const core::GuardKey &key : core::guardKeys()) {
        if (key.name != QLatin1String("missingForSeconds"))
            continue;
        QSpinBox *wait = secondsBox(rule.guards.missingForSeconds, key.lowest, key.highest);
        wait->setSpecialValueText(tr("At once"));
        addField(fieldOf(key), tr("Deprovision who is missing a&fter"), wait)
            ->setHelp(tr("People missing from the directory are left alone for this time."));
    }
    addHeading(tr("Schedule"));
    addField(kEvery, tr("Run &every"),
             secondsBox(rule.schedule.everySeconds, core::kShortestSchedule, core::kLongestSchedule))
        ->setHelp(tr("While the rule is on and the service runs."));
    markUnchanged();
}

void RuleGuardsForm::readInto(core::Rule &rule) const
{
    for (const core::GuardKey &key : core::guardKeys()) {
        if (key.counts)
            rule.guards.*key.value = number(fieldOf(key));
    }
    rule.guards.unitLoss = isOn(kUnitLoss);
    rule.schedule.everySeconds = number(kEvery);
}

} // namespace gatehouse::ui
