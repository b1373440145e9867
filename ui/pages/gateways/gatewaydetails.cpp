// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/gatewaydetails.h"

#include "app/configurationedit.h"
#include "app/gateways/connectiontest.h"
#include "app/gateways/gatewayapi.h"
#include "app/gateways/gatewaylist.h"
#include "app/text.h"
#include "provision/clientneed.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/signondialog.h"
#include "ui/pages/gateways/clientspanel.h"
#include "ui/pages/gateways/connectiontestcard.h"
#include "ui/pages/gateways/gatewayforms.h"
#include "ui/pages/gateways/lookuptab.h"
#include "ui/pages/gateways/radiusform.h"
#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/section.h"
#include "ui/widgets/toggleswitch.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using app::GatewayHealth;
using app::Text;

namespace {
const QString kSection = QStringLiteral("gateways");
}

GatewayDetails::GatewayDetails(const PageContext &context, GatewayHealth &health, DetailsPanel *panel, QObject *parent)
    : QObject(parent), m_context(context), m_health(health), m_panel(panel), m_editing(new Editing(panel))
{
    makeOverview();
    makeConnection();
    m_radius = new Section(tr("RADIUS"));
    m_radius->setEditable(true);
    connect(m_radius, &Section::editClicked, this, [this] { editSection(m_radius); });
    panel->addTab(QStringLiteral("radius"), tr("Connection"), m_radius);
    m_lookup = new LookupTab(context, m_editing);
    connect(m_lookup, &LookupTab::said, this, &GatewayDetails::said);
    connect(m_lookup, &LookupTab::signOnRequested, this, &GatewayDetails::signOn);
    panel->addTab(QStringLiteral("lookup"), tr("Lookup"), m_lookup);
    makeApi();
    panel->setEmpty(new EmptyState(QStringLiteral("gateway"), tr("No gateway selected"),
                                   tr("Choose one on the left to see how it connects.")));
    panel->menu()->addAction(icon(QStringLiteral("edit")), tr("&Edit"), this, &GatewayDetails::edit);
    panel->menu()->addAction(icon(QStringLiteral("play")), tr("&Test connection"), this, &GatewayDetails::test);
    m_signOn = panel->menu()->addAction(icon(QStringLiteral("key")), tr("&Sign on…"), this, [this] { signOn({}); });
    panel->menu()->addSeparator();
    panel->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete…"), this, &GatewayDetails::deleteRequested);
    panel->showToggle(tr("Gateway is enabled"));
    connect(panel->toggle(), &QAbstractButton::clicked, this, &GatewayDetails::setEnabled);
    connect(m_editing, &Editing::finished, this, [this] { show(m_name); });
    connect(&context.console.gatewayClients(), &provision::GatewayClients::instancesChanged, this,
            &GatewayDetails::showState);
    connect(&context.console, &app::Console::gatewayHealthChanged, this, &GatewayDetails::showState);
}

void GatewayDetails::makeOverview()
{
    auto *tab = new QWidget;
    auto *column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    m_alert = new Note;
    m_alert->setObjectName(QStringLiteral("gatewayAlert"));
    column->addWidget(m_alert);
    m_overview = new Section(tr("Gateway"));
    PropertyRows *rows = m_overview->rows();
    rows->addRow(QStringLiteral("name"), tr("Name"));
    rows->addRow(QStringLiteral("description"), tr("Description"));
    rows->addRow(QStringLiteral("type"), tr("Gateway Type"));
    rows->addRow(QStringLiteral("mode"), tr("Connects"));
    rows->addRow(QStringLiteral("tested"), tr("Last test from here"));
    rows->addRow(QStringLiteral("used"), tr("Last use from here"));
    rows->addRow(QStringLiteral("connections"), tr("Connections"));
    rows->addRow(QStringLiteral("rules"), tr("Rules"));
    rows->addRow(QStringLiteral("userTypes"), tr("User types"));
    rows->addRow(QStringLiteral("id"), tr("Gateway ID"), {}, PropertyRows::Monospace);
    m_overview->setEditable(true);
    connect(m_overview, &Section::editClicked, this, [this] { editSection(m_overview); });
    column->addWidget(m_overview);
    m_clients = new ClientsPanel(m_context);
    connect(m_clients, &ClientsPanel::said, this, &GatewayDetails::said);
    column->addWidget(m_clients);
    m_panel->addTab(QStringLiteral("overview"), tr("Overview"), tab);
}

void GatewayDetails::makeConnection()
{
    auto *tab = new QWidget;
    auto *column = new QVBoxLayout(tab);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    m_connection = new Section(tr("Connection"));
    PropertyRows *rows = m_connection->rows();
    rows->addRow(QStringLiteral("vendor"), tr("LDAP directory type"));
    rows->addRow(QStringLiteral("hosts"), tr("Hosts, in order"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("security"), tr("Connection security"));
    rows->addRow(QStringLiteral("ca"), tr("CA certificate file"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("systemCa"), tr("CA certificates"), tr("The system's authorities"));
    rows->addRow(QStringLiteral("pin"), tr("Pinned certificate"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("referrals"), tr("Follow LDAP referrals"));
    rows->addRow(QStringLiteral("bindMechanism"), tr("Binds"));
    rows->addRow(QStringLiteral("bindDn"), tr("Bind account"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("bindPassword"), tr("Bind password"));
    rows->addRow(QStringLiteral("kerberos"), tr("Kerberos"));
    m_connection->setEditable(true);
    connect(m_connection, &Section::editClicked, this, [this] { editSection(m_connection); });
    column->addWidget(m_connection);
    m_test = new ConnectionTestCard([this] {
        const core::Gateway *current = gateway();
        ConnectionTestCard::Subject subject;
        if (current) {
            subject.gateway = *current;
            subject.baseDns = app::ConnectionTest::basesOf(m_context.console.configuration(), *current);
            subject.options.need = provision::needOf(m_context.console.configuration(), *current);
        }
        return subject;
    });
    connect(m_test, &ConnectionTestCard::tested, this, [this] {
        // What was tested is told of, and not what may have been saved meanwhile.
        m_health.record(m_test->testedGateway(), m_test->reports());
        if (GatewayHealth::judge(m_test->reports()) != GatewayHealth::State::Unhealthy)
            m_context.console.noteUse(m_test->testedGateway(), std::nullopt);
        emit m_context.console.gatewayHealthChanged();
        emit tested();
        if (!m_editing->isActive())
            show(m_name);
    });
    connect(m_test, &ConnectionTestCard::trustRequested, this, &GatewayDetails::trust);
    column->addWidget(m_test);
    m_panel->addTab(QStringLiteral("connection"), tr("Connection"), tab);
}

void GatewayDetails::makeApi()
{
    auto *tab = new QWidget;
    auto *column = new QVBoxLayout(tab);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(8);
    m_json = new QPlainTextEdit;
    m_json->setReadOnly(true);
    m_json->setTabChangesFocus(true);
    m_json->setFont(monospaceFont(tab->font()));
    m_json->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_json->setObjectName(QStringLiteral("json"));
    m_json->setAccessibleName(tr("The gateway as JSON"));
    auto *copy = new QPushButton(icon(QStringLiteral("copy")), tr("&Copy JSON"));
    copy->setAutoDefault(false);
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_json->toPlainText());
        emit said(tr("Copied."), Tone::Neutral);
    });
    column->addWidget(m_json, 1);
    column->addWidget(copy, 0, Qt::AlignLeading);
    m_panel->addTab(QStringLiteral("api"), tr("API"), tab, false);
}

const core::Gateway *GatewayDetails::gateway() const
{
    return m_context.console.configuration().gateway(m_name);
}

void GatewayDetails::show(const QString &name)
{
    if (name != m_name) {
        m_test->clear();
        m_name = name;
    }
    const core::Gateway *current = gateway();
    if (!current) {
        m_panel->showEmpty();
        return;
    }
    m_test->dropUnlike(*current);
    const bool isLdap = current->type == core::GatewayType::Ldap;
    m_panel->setTitle(current->name);
    m_panel->setSubtitle(app::GatewayList::subtitle(*current));
    showState();
    m_panel->toggle()->setChecked(current->enabled);
    m_panel->setTabVisible(QStringLiteral("connection"), isLdap);
    m_panel->setTabVisible(QStringLiteral("lookup"), isLdap);
    m_panel->setTabVisible(QStringLiteral("radius"), !isLdap);
    showOverview(*current);
    showConnection(*current);
    m_signOn->setEnabled(!current->userTypes.isEmpty());
    m_clients->show(*current);
    m_lookup->show(*current);
    showRadius(m_radius->rows(), *current);
    const QJsonObject json = app::apiJson(*current, m_context.console.configuration());
    m_json->setPlainText(QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Indented)));
    m_panel->showDetails();
}

void GatewayDetails::showUse(const core::Gateway &current)
{
    const GatewayHealth::Record record = m_health.of(current);
    PropertyRows *rows = m_overview->rows();
    rows->setRowVisible(QStringLiteral("used"), current.type == core::GatewayType::Ldap && record.usedAt.isValid());
    rows->setValue(QStringLiteral("used"),
                   record.fault.isEmpty() ? tr("Went well · %1").arg(Text::relativeTime(record.usedAt))
                                          : tr("Failed · %1 · %2").arg(Text::relativeTime(record.usedAt), record.fault),
                   Text::fullTime(record.usedAt));
}

void GatewayDetails::showState()
{
    const core::Gateway *current = gateway();
    if (!current)
        return;
    showUse(*current);
    const GatewayHealth::Pill pill = m_health.pill(*current, m_context.console.gatewayClients().instancesOf(current->id));
    m_panel->state()->setState(pill.text, pill.tone);
}

void GatewayDetails::refresh()
{
    if (!m_editing->isActive())
        show(m_name);
    const core::Gateway *current = gateway();
    if (current && !m_testWithPin.isEmpty() && current->pinnedCertificateSha256 == m_testWithPin) {
        m_testWithPin.clear();
        m_test->start();
    }
}

void GatewayDetails::showOverview(const core::Gateway &current)
{
    const core::Configuration &configuration = m_context.console.configuration();
    QStringList connections;
    QStringList rules;
    for (const core::Connection &connection : configuration.connections) {
        if (connection.gateway != current.name)
            continue;
        connections << connection.name;
        for (const core::Rule &rule : configuration.rules) {
            if (rule.connection == connection.name)
                rules << rule.name;
        }
    }
    PropertyRows *rows = m_overview->rows();
    rows->setValue(QStringLiteral("name"), current.name);
    rows->setValue(QStringLiteral("description"), current.description);
    rows->setValue(QStringLiteral("type"), current.type == core::GatewayType::Ldap ? QStringLiteral("LDAP")
                                                                                   : QStringLiteral("RADIUS"));
    rows->setValue(QStringLiteral("mode"), modeText(current.mode));
    rows->setRowVisible(QStringLiteral("mode"), current.type == core::GatewayType::Ldap);
    rows->setRowVisible(QStringLiteral("tested"), current.type == core::GatewayType::Ldap);
    const GatewayHealth::Record record = m_health.of(current);
    rows->setValue(QStringLiteral("tested"),
                   record.testedAt.isValid() ? tr("%1 · %2").arg(GatewayHealth::pillOf(record.test).text,
                                                                  Text::relativeTime(record.testedAt))
                                             : tr("Not tested since the last change"),
                   Text::fullTime(record.testedAt));
    showUse(current);
    rows->setValue(QStringLiteral("connections"), connections.join(QStringLiteral(", ")));
    rows->setValue(QStringLiteral("rules"), rules.join(QStringLiteral(", ")));
    QStringList userTypes;
    for (const core::UserType &userType : current.userTypes)
        userTypes << userType.name;
    rows->setValue(QStringLiteral("userTypes"), userTypes.join(QStringLiteral(", ")));
    rows->setRowVisible(QStringLiteral("userTypes"), current.type == core::GatewayType::Ldap);
    rows->setValue(QStringLiteral("id"), current.id.toString(QUuid::WithoutBraces));
    if (current.type == core::GatewayType::Radius)
        m_alert->setText(tr("A RADIUS gateway is recorded, not used: RADIUS gateways do not support provisioning, and no "
                            "connection and no rule can ever go through it."),
                         Tone::Neutral);
    else if (!current.enabled)
        m_alert->setText(tr("This gateway is off: nothing connects through it. Switch it on at the top right."),
                         Tone::Neutral);
    else
        m_alert->setText(GatewayHealth::alerts(current).join(u'\n'), Tone::Warning);
}

void GatewayDetails::showConnection(const core::Gateway &current)
{
    PropertyRows *rows = m_connection->rows();
    rows->setValue(QStringLiteral("vendor"), core::vendorName(current.vendor));
    rows->setValue(QStringLiteral("hosts"), current.serversHostAndPort.join(u'\n'));
    rows->setValue(QStringLiteral("security"), securitySummary(current));
    rows->setValue(QStringLiteral("ca"), current.caCertificateFile);
    const bool verifies = current.connectionSecurity != core::ConnectionSecurity::None
                          && current.validateTlsCertificates && current.pinnedCertificateSha256.isEmpty();
    rows->setRowVisible(QStringLiteral("ca"), verifies && !current.caCertificateFile.isEmpty());
    rows->setRowVisible(QStringLiteral("systemCa"), verifies && current.caCertificateFile.isEmpty());
    rows->setValue(QStringLiteral("pin"), current.pinnedCertificateSha256);
    rows->setRowVisible(QStringLiteral("pin"), !current.pinnedCertificateSha256.isEmpty());
    rows->setValue(QStringLiteral("referrals"), current.followReferrals ? tr("Yes") : tr("No"));
    rows->setValue(QStringLiteral("bindMechanism"), mechanismText(current.bindMechanism));
    rows->setRowVisible(QStringLiteral("bindMechanism"), current.vendor == core::Vendor::ActiveDirectory);
    rows->setValue(QStringLiteral("bindDn"), bindAccountText(current));
    rows->setValue(QStringLiteral("bindPassword"), secretText(current.bindPassword));
    rows->setRowVisible(QStringLiteral("bindPassword"), !current.bindDn.isEmpty());
    rows->setRowVisible(QStringLiteral("kerberos"), current.vendor == core::Vendor::ActiveDirectory);
    rows->setValue(QStringLiteral("kerberos"), current.kerberos ? kerberosText(*current.kerberos) : tr("Off"));
}

void GatewayDetails::edit()
{
    const QString tab = m_panel->currentTab();
    if (tab == QStringLiteral("lookup")) {
        m_lookup->editCurrent();
        return;
    }
    Section *section = tab == QStringLiteral("connection") ? m_connection
                       : tab == QStringLiteral("radius")   ? m_radius
                                                           : m_overview;
    if (section == m_overview)
        m_panel->setCurrentTab(QStringLiteral("overview"));
    editSection(section);
}

void GatewayDetails::editSection(Section *section)
{
    m_editing->leave([this, section] {
        const core::Gateway *current = gateway();
        if (!current)
            return;
        if (section == m_overview)
            openForm(section, new GatewayNameForm(*current));
        else if (section == m_radius)
            openForm(section, new GatewayRadiusForm(*current));
        else
            openForm(section, new GatewayConnectionForm(*current, isUsed(*current)));
    });
}

bool GatewayDetails::isUsed(const core::Gateway &current) const
{
    const QList<core::Connection> &connections = m_context.console.configuration().connections;
    return std::any_of(connections.begin(), connections.end(),
                       [&](const core::Connection &connection) { return connection.gateway == current.name; });
}

template <typename F>
void GatewayDetails::openForm(Section *section, F *form)
{
    const core::Gateway before = *gateway();
    m_editing->editSection(section, form, before.name, [this, form, before](const Form &, const Editing::Finish &finish) {
        core::Gateway changed = before;
        form->readInto(changed);
        QList<app::SecretChange> secrets;
        if constexpr (!std::is_same_v<F, GatewayNameForm>)
            secrets = form->secretChanges(changed);
        save(changed, secrets, form, finish);
    });
}

void GatewayDetails::signOn(const QString &userType)
{
    if (!gateway())
        return;
    auto *dialog = new SignOnDialog(m_context.console, m_name, userType, m_panel->window());
    // The sign-on has its own way to the environment: whoever shows people and groups is told here.
    connect(dialog, &SignOnDialog::signedOn, this, [this] {
        m_context.console.write<core::Result<void>>(
            this, [](store::Environment &) -> core::Result<void> { return {}; }, app::Console::Touched::All,
            [](const core::Result<void> &) {});
    });
    dialog->open();
}

void GatewayDetails::test()
{
    m_panel->setCurrentTab(QStringLiteral("connection"));
    m_editing->leave([this] { m_test->start(); });
}

void GatewayDetails::save(const core::Gateway &changed, const QList<app::SecretChange> &secrets, ThingForm *form,
                          const Editing::Finish &finish)
{
    const core::Configuration &before = m_context.console.configuration();
    const qsizetype index = app::indexOfId(before.gateways, changed.id);
    if (index < 0) {
        finish({{}, {core::Error{core::Code::Conflict, tr("The gateway was deleted meanwhile.")}}});
        return;
    }
    const auto faults = app::judgeThing(before, kSection, &core::Configuration::gateways, changed);
    if (!faults.isEmpty()) {
        finish(form->place(faults));
        return;
    }
    app::storeSecrets(this, secrets, [this, changed, form = QPointer<ThingForm>(form), finish](
                                         const std::optional<app::SecretFault> &fault) {
        if (fault)
            finish({{{fault->field, app::ConfigFaults::text(fault->error)}}, {}});
        else
            write(changed, form, finish);
    });
}

void GatewayDetails::write(const core::Gateway &changed, QPointer<ThingForm> form, const Editing::Finish &finish)
{
    app::saveThing(m_context.console, this, QStringLiteral("gateway.update"), kSection,
                   &core::Configuration::gateways, changed, [this, changed, form, finish](const app::FormFaults &faults) {
                       if (!faults.isEmpty()) {
                           QList<core::Error> errors = faults.others;
                           for (const app::FieldFault &fault : faults.own)
                               errors.append(fault.error);
                           finish(form ? form->place(faults) : SaveFaults{{}, errors});
                           return;
                       }
                       emit said(tr("Saved %1.").arg(changed.name), Tone::Good);
                       if (changed.name != m_name) {
                           m_name = changed.name;
                           emit renamed(changed.name);
                       }
                       finish({});
                   });
}

void GatewayDetails::setEnabled(bool enabled)
{
    const core::Gateway *current = gateway();
    if (!current)
        return;
    app::editConfiguration(
        m_context.console, this, enabled ? QStringLiteral("gateway.enable") : QStringLiteral("gateway.disable"),
        current->name,
        [id = current->id, enabled](core::Configuration &configuration) {
            if (const qsizetype at = app::indexOfId(configuration.gateways, id); at >= 0)
                configuration.gateways[at].enabled = enabled;
        },
        [this, enabled, name = current->name](const app::Console::SaveAnswer &answer) {
            if (!answer) {
                // Of whichever gateway is shown by now.
                if (const core::Gateway *shown = gateway())
                    m_panel->toggle()->setChecked(shown->enabled);
                emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
                return;
            }
            emit said(enabled ? tr("%1 is on.").arg(name) : tr("%1 is off.").arg(name), Tone::Good);
        });
}

void GatewayDetails::trust(const QString &server, const ldap::CertificateReport &seen)
{
    const core::Gateway *current = gateway();
    if (!current)
        return;
    askTrust(m_panel, *current, server, seen, [this, before = *current](const QByteArray &sha256) {
        core::Gateway changed = before;
        changed.pinnedCertificateSha256 = QString::fromLatin1(sha256.toHex());
        changed.validateTlsCertificates = true;
        // Tested again as soon as the configuration has been read with it.
        m_testWithPin = changed.pinnedCertificateSha256;
        write(changed, nullptr, [this](const SaveFaults &faults) {
            if (faults.isEmpty())
                return;
            m_testWithPin.clear();
            if (!faults.errors.isEmpty())
                emit said(app::ConfigFaults::text(faults.errors.first()), Tone::Bad);
        });
    });
}

} // namespace gatehouse::ui
