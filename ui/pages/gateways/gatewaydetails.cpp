// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/gatewaydetails.h"

#include "app/configurationedit.h"
#include "app/gateways/connectiontest.h"
#include "app/gateways/gatewaylist.h"
#include "app/text.h"
#include "ui/pages/gateways/connectiontestcard.h"
#include "ui/pages/gateways/gatewayforms.h"
#include "ui/pages/gateways/usertypesview.h"
#include "ui/theme/icons.h"
#include "ui/widgets/ask.h"
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
    makeLookup();
    makeApi();
    panel->setEmpty(new EmptyState(QStringLiteral("gateway"), tr("No gateway selected"),
                                   tr("Choose one on the left to see how it connects.")));
    panel->menu()->addAction(icon(QStringLiteral("edit")), tr("&Edit"), this, &GatewayDetails::edit);
    panel->menu()->addAction(icon(QStringLiteral("play")), tr("&Test connection"), this, &GatewayDetails::test);
    panel->menu()->addSeparator();
    panel->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete…"), this, &GatewayDetails::deleteRequested);
    panel->showToggle(tr("Gateway is enabled"));
    connect(panel->toggle(), &QAbstractButton::clicked, this, &GatewayDetails::setEnabled);
    connect(m_editing, &Editing::finished, this, [this] { show(m_name); });
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
    rows->addRow(QStringLiteral("connections"), tr("Connections"));
    rows->addRow(QStringLiteral("rules"), tr("Rules"));
    rows->addRow(QStringLiteral("userTypes"), tr("User types"));
    rows->addRow(QStringLiteral("id"), tr("Gateway ID"), {}, PropertyRows::Monospace);
    m_overview->setEditable(true);
    connect(m_overview, &Section::editClicked, this, &GatewayDetails::editName);
    column->addWidget(m_overview);
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
    rows->addRow(QStringLiteral("bindDn"), tr("Bind DN"), {}, PropertyRows::Monospace);
    rows->addRow(QStringLiteral("bindPassword"), tr("Bind password"));
    m_connection->setEditable(true);
    connect(m_connection, &Section::editClicked, this, &GatewayDetails::editConnection);
    column->addWidget(m_connection);
    m_test = new ConnectionTestCard([this] {
        const core::Gateway *current = gateway();
        ConnectionTestCard::Subject subject;
        if (current) {
            subject.gateway = *current;
            subject.baseDns = app::ConnectionTest::basesOf(m_context.console.configuration(), *current);
        }
        return subject;
    });
    connect(m_test, &ConnectionTestCard::tested, this, [this] {
        if (const core::Gateway *current = gateway()) {
            m_health.record(*current, m_test->reports());
            emit tested();
            show(m_name);
        }
    });
    connect(m_test, &ConnectionTestCard::pinRequested, this, &GatewayDetails::pin);
    column->addWidget(m_test);
    m_panel->addTab(QStringLiteral("connection"), tr("Connection"), tab);
}

void GatewayDetails::makeLookup()
{
    m_lookup = new QWidget;
    m_lookupList = new QVBoxLayout(m_lookup);
    m_lookupList->setContentsMargins(0, 0, 0, 0);
    m_lookupList->setSpacing(20);
    m_panel->addTab(QStringLiteral("lookup"), tr("Lookup"), m_lookup);
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
    const bool isLdap = current->type == core::GatewayType::Ldap;
    m_panel->setTitle(current->name);
    m_panel->setSubtitle(app::GatewayList::subtitle(*current));
    const GatewayHealth::Pill pill = m_health.pill(*current);
    m_panel->state()->setState(pill.text, pill.tone);
    m_panel->toggle()->setChecked(current->enabled);
    m_panel->setTabVisible(QStringLiteral("connection"), isLdap);
    m_panel->setTabVisible(QStringLiteral("lookup"), isLdap);
    showOverview(*current);
    showConnection(*current);
    showLookup(*current);
    m_json->setPlainText(QString::fromUtf8(QJsonDocument(core::toJson(*current)).toJson(QJsonDocument::Indented)));
    m_panel->showDetails();
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
    rows->setValue(QStringLiteral("mode"), current.mode == core::GatewayMode::Direct
                                               ? tr("Directly from this machine")
                                               : tr("Through gateway clients"));
    rows->setRowVisible(QStringLiteral("mode"), current.type == core::GatewayType::Ldap);
    rows->setRowVisible(QStringLiteral("tested"), current.type == core::GatewayType::Ldap);
    const GatewayHealth::Record record = m_health.of(current);
    rows->setValue(QStringLiteral("tested"),
                   record.testedAt.isValid() ? tr("%1 · %2").arg(GatewayHealth::pillOf(record.state).text,
                                                                  Text::relativeTime(record.testedAt))
                                             : tr("Never as it is now"),
                   Text::fullTime(record.testedAt));
    rows->setValue(QStringLiteral("connections"), connections.join(QStringLiteral(", ")));
    rows->setValue(QStringLiteral("rules"), rules.join(QStringLiteral(", ")));
    QStringList userTypes;
    for (const core::UserType &userType : current.userTypes)
        userTypes << userType.name;
    rows->setValue(QStringLiteral("userTypes"), userTypes.join(QStringLiteral(", ")));
    rows->setRowVisible(QStringLiteral("userTypes"), current.type == core::GatewayType::Ldap);
    rows->setValue(QStringLiteral("id"), current.id.toString(QUuid::WithoutBraces));
    if (current.type == core::GatewayType::Radius)
        m_alert->setText(tr("A RADIUS gateway is recorded here with its name only. It can never provision people."),
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
    rows->setValue(QStringLiteral("bindDn"), current.bindDn.isEmpty() ? tr("Anonymous") : current.bindDn);
    rows->setValue(QStringLiteral("bindPassword"), secretText(current.bindPassword));
    rows->setRowVisible(QStringLiteral("bindPassword"), !current.bindDn.isEmpty());
}

void GatewayDetails::showLookup(const core::Gateway &current)
{
    while (QLayoutItem *item = m_lookupList->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (QWidget *widget : userTypeSections(current, m_context.console.catalog()))
        m_lookupList->addWidget(widget);
}

void GatewayDetails::edit()
{
    const core::Gateway *current = gateway();
    if (!current)
        return;
    const bool onConnection = m_panel->currentTab() == QStringLiteral("connection");
    m_editing->leave([this, onConnection] {
        if (onConnection) {
            editConnection();
            return;
        }
        m_panel->setCurrentTab(QStringLiteral("overview"));
        editName();
    });
}

void GatewayDetails::editName()
{
    m_editing->leave([this] {
        const core::Gateway *current = gateway();
        if (!current)
            return;
        auto *form = new GatewayNameForm(*current);
        m_editing->editSection(m_overview, form, current->name,
                               [this, form, before = *current](const Form &, const Editing::Finish &finish) {
                                   core::Gateway changed = before;
                                   form->readInto(changed);
                                   save(changed, {}, form, finish);
                               });
    });
}

void GatewayDetails::editConnection()
{
    m_editing->leave([this] {
        const core::Gateway *current = gateway();
        if (!current)
            return;
        const QList<core::Connection> &connections = m_context.console.configuration().connections;
        const bool used = std::any_of(connections.begin(), connections.end(), [&](const core::Connection &connection) {
            return connection.gateway == current->name;
        });
        auto *form = new GatewayConnectionForm(*current, used);
        m_editing->editSection(m_connection, form, current->name,
                               [this, form, before = *current](const Form &, const Editing::Finish &finish) {
                                   core::Gateway changed = before;
                                   form->readInto(changed);
                                   save(changed, form->typedPassword(), form, finish);
                               });
    });
}

void GatewayDetails::test()
{
    m_panel->setCurrentTab(QStringLiteral("connection"));
    m_editing->leave([this] { m_test->start(); });
}

void GatewayDetails::save(const core::Gateway &changed, const core::Secret &password, ThingForm *form,
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
    // The keychain knows a gateway's password by the gateway's name: with a new name it is put there again.
    const core::Gateway &old = before.gateways.at(index);
    const bool keychain = changed.bindPassword.kind == core::SecretReference::Kind::Keychain;
    const auto go = [this, changed, form = QPointer<ThingForm>(form), finish](const core::Result<void> &stored) {
        if (!stored)
            finish({{{QStringLiteral("bindPassword"), app::ConfigFaults::text(stored.error())}}, {}});
        else
            write(changed, form, finish);
    };
    if (keychain && !password.isEmpty())
        app::storeBindPassword(this, changed, password, go);
    else if (keychain && old.name != changed.name && old.bindPassword.kind == changed.bindPassword.kind)
        app::moveBindPassword(this, old, changed, go);
    else
        write(changed, form, finish);
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
                m_panel->toggle()->setChecked(!enabled);
                emit said(app::ConfigFaults::text(answer.error().first()), Tone::Bad);
                return;
            }
            emit said(enabled ? tr("%1 is on.").arg(name) : tr("%1 is off.").arg(name), Tone::Good);
        });
}

void GatewayDetails::pin(const QByteArray &sha256)
{
    const core::Gateway *current = gateway();
    if (!current || sha256.isEmpty())
        return;
    Question question;
    question.title = tr("Trust exactly this certificate?");
    question.text = tr("From then on “%1” connects only to servers that show this very certificate, whoever signed it. "
                       "Compare its fingerprint with the one the directory's administrator gives you:\n\n%2")
                        .arg(current->name, QString::fromLatin1(sha256.toHex(':')).toUpper());
    question.confirm = tr("&Trust it");
    question.harmful = true;
    ask(m_panel, question, [this, sha256, before = *current](Reply reply) {
        if (reply != Reply::Confirm)
            return;
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
