// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizards/gatewaywizard.h"

#include "app/configurationedit.h"
#include "app/configfaults.h"
#include "app/gateways/connectiontest.h"
#include "app/gateways/gatewaylist.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/pages/gateways/connectiontestcard.h"
#include "ui/pages/gateways/gatewayforms.h"
#include "ui/pages/gateways/radiusform.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

const QString kName = QStringLiteral("name");
const QString kConnection = QStringLiteral("connection");
const QString kRadius = QStringLiteral("radius");
const QString kTest = QStringLiteral("test");
const QString kSummary = QStringLiteral("summary");

bool isInNameStep(const app::FieldFault &fault)
{
    return fault.isUnder(QStringLiteral("name")) || fault.isUnder(QStringLiteral("description"));
}

} // namespace

GatewayWizard::GatewayWizard(app::Console &console, app::GatewayHealth &health, QWidget *parent)
    : Wizard(tr("Add Gateway"), parent), m_console(console), m_health(health)
{
    core::Gateway blank;
    blank.vendor = core::Vendor::ActiveDirectory;
    addStep(kName, tr("Name and type"), tr("What people will know this gateway by, and what it leads to."),
            makeNameStep());
    m_connectionForm = new GatewayConnectionForm(blank, false);
    addStep(kConnection, tr("Connection"), tr("Where the directory is, and how this machine signs on to it."),
            m_connectionForm);
    m_radiusForm = new GatewayRadiusForm(core::Gateway());
    addStep(kRadius, tr("RADIUS"), tr("What is recorded of it. All of it can be left out."), m_radiusForm);
    setStepLeftOut(kRadius, true);
    addStep(kTest, tr("Test"), tr("Each stage in turn. You can go on whatever comes of it, and test again later."),
            makeTestStep());
    addStep(kSummary, tr("Summary"), {}, makeSummary());
    begin();
}

QWidget *GatewayWizard::makeNameStep()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(14);
    m_nameForm = new GatewayNameForm({});
    column->addWidget(m_nameForm);
    auto *types = new QWidget;
    types->setAccessibleName(tr("Gateway Type"));
    auto *typesColumn = new QVBoxLayout(types);
    typesColumn->setContentsMargins(0, 0, 0, 0);
    typesColumn->setSpacing(4);
    auto *label = new QLabel(tr("Gateway Type"));
    label->setFont(scaledFont(font(), 1.0, QFont::Medium));
    typesColumn->addWidget(label);
    auto *ldap = new QRadioButton(tr("&LDAP: Microsoft Active Directory, PingDirectory or another directory server"));
    ldap->setObjectName(QStringLiteral("typeLdap"));
    auto *radius = new QRadioButton(tr("&RADIUS"));
    radius->setObjectName(QStringLiteral("typeRadius"));
    typesColumn->addWidget(ldap);
    typesColumn->addWidget(radius);
    m_type = new QButtonGroup(this);
    m_type->addButton(ldap, int(core::GatewayType::Ldap));
    m_type->addButton(radius, int(core::GatewayType::Radius));
    ldap->setChecked(true);
    column->addWidget(types);
    m_radius = new Note;
    column->addWidget(m_radius);
    connect(radius, &QRadioButton::toggled, this, [this](bool on) {
        m_radius->setText(on ? tr("A RADIUS gateway is recorded, not used. RADIUS gateways do not support provisioning: no "
                                  "connection and no rule can ever use it.")
                             : QString(),
                          Tone::Warning);
        setStepLeftOut(kConnection, on);
        setStepLeftOut(kTest, on);
        setStepLeftOut(kRadius, !on);
    });
    return step;
}

QWidget *GatewayWizard::makeTestStep()
{
    m_test = new ConnectionTestCard([this] {
        ConnectionTestCard::Subject subject;
        subject.gateway = gateway();
        m_tested = subject.gateway;
        m_isTestOld = false;
        subject.options.typedPassword = m_connectionForm->typedPassword();
        subject.options.typedServicePassword = m_connectionForm->typedServicePassword();
        return subject;
    });
    // A password that is only typed is not in gateway().
    connect(m_connectionForm, &Form::edited, this, [this] {
        m_isTestOld = true;
        updateSteps();
    });
    connect(m_test, &ConnectionTestCard::tested, this, &GatewayWizard::updateSteps);
    connect(m_test, &ConnectionTestCard::trustRequested, this,
            [this](const QString &server, const ldap::CertificateReport &seen) {
        askTrust(this, gateway(), server, seen, [this](const QByteArray &sha256) {
            m_pinned = sha256;
            m_test->start();
        });
    });
    return m_test;
}

QWidget *GatewayWizard::makeSummary()
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

bool GatewayWizard::isLdap() const
{
    return m_type->checkedId() == int(core::GatewayType::Ldap);
}

core::Gateway GatewayWizard::gateway() const
{
    core::Gateway gateway;
    gateway.enabled = false;
    gateway.type = core::GatewayType(m_type->checkedId());
    m_nameForm->readInto(gateway);
    if (isLdap()) {
        m_connectionForm->readInto(gateway);
        if (!m_pinned.isEmpty() && gateway.connectionSecurity != core::ConnectionSecurity::None) {
            gateway.pinnedCertificateSha256 = QString::fromLatin1(m_pinned.toHex());
            gateway.validateTlsCertificates = true;
        }
    }
    if (!isLdap())
        m_radiusForm->readInto(gateway);
    return gateway;
}

bool GatewayWizard::isTested() const
{
    return !m_isTestOld && m_tested == gateway() && !m_test->reports().isEmpty();
}

app::GatewayHealth::State GatewayWizard::testState() const
{
    return isTested() ? app::GatewayHealth::judge(m_test->reports()) : app::GatewayHealth::State::Untested;
}

Tone GatewayWizard::outcomeOf(const QString &key) const
{
    return key == kTest ? app::GatewayHealth::pillOf(testState()).tone : Tone::Good;
}

bool GatewayWizard::judge(const QString &step)
{
    const auto faults = app::judgeThing(m_console.configuration(), QStringLiteral("gateways"),
                                        &core::Configuration::gateways, gateway());
    app::FormFaults mine;
    for (const app::FieldFault &fault : faults.own) {
        if (step == kSummary || isInNameStep(fault) == (step == kName))
            mine.own.append(fault);
    }
    if (step == kName) {
        m_nameForm->show(mine);
        return mine.own.isEmpty();
    }
    if (step == kConnection || step == kRadius) {
        showErrors((isLdap() ? static_cast<ThingForm *>(m_connectionForm) : m_radiusForm)->show(mine));
        return mine.own.isEmpty();
    }
    if (!mine.own.isEmpty() || !faults.others.isEmpty()) {
        QList<core::Error> errors = faults.others;
        for (const app::FieldFault &fault : std::as_const(mine.own))
            errors.append(fault.error);
        showErrors(errors);
        return false;
    }
    return true;
}

bool GatewayWizard::checkStep(const QString &key)
{
    if (key == kName)
        return m_nameForm->validate() && judge(kName);
    if (key == kConnection) {
        // Gateway clients come in with a credential of a gateway that is stored; there is nobody to test with before.
        setStepLeftOut(kTest, gateway().mode == core::GatewayMode::Clients);
        return m_connectionForm->validate() && judge(kConnection);
    }
    if (key == kRadius)
        return m_radiusForm->validate() && judge(kRadius);
    return true;
}

void GatewayWizard::enterStep(const QString &key)
{
    if (key == kTest && !isTested())
        m_test->start();
    else if (key == kSummary)
        showSummary();
}

void GatewayWizard::showSummary()
{
    const core::Gateway wanted = gateway();
    m_summary->clear();
    m_summary->addRow(QStringLiteral("name"), tr("Name"), wanted.name);
    m_summary->addRow(QStringLiteral("description"), tr("Description"), wanted.description);
    m_summary->addRow(QStringLiteral("type"), tr("Gateway Type"),
                      isLdap() ? QStringLiteral("LDAP") : QStringLiteral("RADIUS"));
    if (isLdap()) {
        m_summary->addRow(QStringLiteral("vendor"), tr("LDAP directory type"), core::vendorName(wanted.vendor));
        m_summary->addRow(QStringLiteral("mode"), tr("Connects"), modeText(wanted.mode));
        m_summary->addRow(QStringLiteral("hosts"), tr("Hosts, in order"), wanted.serversHostAndPort.join(u'\n'),
                          PropertyRows::Monospace);
        m_summary->addRow(QStringLiteral("security"), tr("Connection security"), securitySummary(wanted));
        if (wanted.vendor == core::Vendor::ActiveDirectory)
            m_summary->addRow(QStringLiteral("mechanism"), tr("Binds"), mechanismText(wanted.bindMechanism));
        m_summary->addRow(QStringLiteral("bind"), tr("Bind account"), bindAccountText(wanted), PropertyRows::Monospace);
        if (!wanted.bindDn.isEmpty())
            m_summary->addRow(QStringLiteral("password"), tr("Bind password"), secretText(wanted.bindPassword));
        const app::GatewayHealth::Pill pill = app::GatewayHealth::pillOf(testState());
        auto *state = new QWidget; // a badge alone would be as wide as its column
        auto *stateRow = new QHBoxLayout(state);
        stateRow->setContentsMargins(0, 0, 0, 0);
        auto *badge = new Badge(state);
        badge->setObjectName(QStringLiteral("testState"));
        badge->setState(pill.text, pill.tone);
        stateRow->addWidget(badge);
        stateRow->addStretch(1);
        m_summary->addRow(tr("Connection test"), state, pill.text);
        m_effect->setText(wanted.mode == core::GatewayMode::Clients
                              ? tr("The gateway is saved switched off. Add a credential on its Overview tab, start a gateway "
                                   "client with it, test, and switch it on.")
                              : tr("The gateway is saved switched off. Nothing connects through it until you switch it on."),
                          pill.tone == Tone::Bad ? Tone::Warning : Tone::Neutral);
    } else {
        QStringList clients;
        for (const core::RadiusClient &client : wanted.radiusClients)
            clients << client.ip;
        m_summary->addRow(QStringLiteral("clients"), tr("RADIUS clients"), clients.join(u'\n'), PropertyRows::Monospace);
        m_effect->setText(tr("It is recorded, not used. It can never provision people."), Tone::Neutral);
    }
}

bool GatewayWizard::isTouched() const
{
    return m_nameForm->isChanged() || m_connectionForm->isChanged() || m_radiusForm->isChanged();
}

void GatewayWizard::save()
{
    if (!judge(kSummary))
        return;
    setBusy(true);
    core::Gateway wanted = gateway();
    wanted.id = m_id;
    const QList<app::SecretChange> secrets =
        isLdap() ? m_connectionForm->secretChanges(wanted) : m_radiusForm->secretChanges(wanted);
    app::storeSecrets(this, secrets, [this, wanted](const std::optional<app::SecretFault> &fault) {
        if (fault)
            refuse(wanted, {fault->error});
        else
            store(wanted);
    });
}

void GatewayWizard::refuse(const core::Gateway &wanted, const QList<core::Error> &errors)
{
    // What was put into the keychain already leaves it: there is no gateway that it belongs to.
    app::forgetSecrets(this, gateway::keptInKeychain(wanted), [this, errors](const core::Result<void> &) {
        setBusy(false);
        showErrors(errors);
    });
}

void GatewayWizard::store(const core::Gateway &wanted)
{
    app::editConfiguration(
        m_console, this, QStringLiteral("gateway.create"), wanted.name,
        [wanted](core::Configuration &configuration) { configuration.gateways.append(wanted); },
        [this, wanted](const app::Console::SaveAnswer &answer) {
            if (!answer) {
                refuse(wanted, answer.error());
                return;
            }
            // The stored gateway has its id only once the configuration has been read again.
            whenStored(m_console, &core::Configuration::gateways, wanted.name, [this, name = wanted.name] {
                const core::Gateway *stored = m_console.configuration().gateway(name);
                if (isLdap() && isTested())
                    m_health.record(*stored, m_test->reports());
                emit created(name);
                accept();
            });
        });
}

} // namespace gatehouse::ui
