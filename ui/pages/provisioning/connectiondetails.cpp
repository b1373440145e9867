// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/connectiondetails.h"

#include "app/gateways/clientversions.h"
#include "provision/clientneed.h"
#include "ui/pages/provisioning/connectionforms.h"
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
const QString kSection = QStringLiteral("connections");
const QString kConfiguration = QStringLiteral("configuration");
} // namespace

ConnectionDetails::ConnectionDetails(const PageContext &context, DetailsPanel *panel, QObject *parent)
    : QObject(parent), m_context(context), m_panel(panel), m_editing(new Editing(panel)), m_why(new Note),
      m_overview(new Section(tr("Connection"))), m_users(new Section(tr("Users Actions"))),
      m_groups(new Section(tr("Groups and Memberships Actions (LDAP only)")))
{
    makeTabs();
    panel->setEmpty(new EmptyState(QStringLiteral("link"), tr("No connection selected"),
                                   tr("Choose one on the left to see what it may do.")));
    panel->menu()->addAction(icon(QStringLiteral("edit")), tr("&Edit"), this, [this] {
        if (m_panel->currentTab() == kConfiguration)
            editActions();
        else
            editName();
    });
    panel->menu()->addSeparator();
    panel->menu()->addAction(icon(QStringLiteral("delete")), tr("&Delete…"), this, &ConnectionDetails::deleteRequested);
    panel->showToggle(tr("Connection is enabled"));
    connect(panel->toggle(), &QAbstractButton::clicked, this, &ConnectionDetails::setEnabled);
    connect(m_editing, &Editing::finished, this, [this] { show(m_name); });
    connect(&context.console.gatewayClients(), &provision::GatewayClients::instancesChanged, this,
            &ConnectionDetails::showState);
}

void ConnectionDetails::makeTabs()
{
    auto *overview = new QWidget;
    auto *column = new QVBoxLayout(overview);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_why);
    column->addWidget(m_overview);
    PropertyRows *rows = m_overview->rows();
    rows->addRow(QStringLiteral("name"), tr("Name"));
    rows->addRow(QStringLiteral("description"), tr("Description"));
    rows->addRow(QStringLiteral("type"), tr("Type"));
    rows->addRow(QStringLiteral("gateway"), tr("Gateway"));
    rows->addRow(QStringLiteral("clients"), tr("Gateway client version"));
    rows->addRow(QStringLiteral("rules"), tr("Rules"));
    rows->addRow(QStringLiteral("id"), tr("Connection ID"), {}, PropertyRows::Monospace);
    m_overview->setEditable(true);
    connect(m_overview, &Section::editClicked, this, &ConnectionDetails::editName);
    m_panel->addTab(QStringLiteral("overview"), tr("Overview"), overview);

    auto *configuration = new QWidget;
    column = new QVBoxLayout(configuration);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(20);
    addConnectionRows(*m_users->rows(), *m_groups->rows());
    m_users->setEditable(true);
    connect(m_users, &Section::editClicked, this, &ConnectionDetails::editActions);
    column->addWidget(m_users);
    column->addWidget(m_groups);
    m_panel->addTab(kConfiguration, tr("Configuration"), configuration);
}

const core::Connection *ConnectionDetails::connection() const
{
    return m_context.console.configuration().connection(m_name);
}

void ConnectionDetails::show(const QString &name)
{
    m_name = name;
    const core::Connection *current = connection();
    if (!current) {
        m_panel->showEmpty();
        return;
    }
    const core::Configuration &configuration = m_context.console.configuration();
    m_panel->setTitle(current->name);
    m_panel->setSubtitle(current->gateway);
    m_panel->state()->setState(current->enabled ? tr("Active") : tr("Disabled"),
                               current->enabled ? Tone::Good : Tone::Neutral);
    m_panel->toggle()->setChecked(current->enabled);
    QStringList rules;
    for (const core::Rule &rule : configuration.rules) {
        if (rule.connection == current->name)
            rules << rule.name;
    }
    PropertyRows *rows = m_overview->rows();
    rows->setValue(QStringLiteral("name"), current->name);
    rows->setValue(QStringLiteral("description"), current->description);
    rows->setValue(QStringLiteral("type"), tr("LDAP Gateway"));
    rows->setValue(QStringLiteral("gateway"), current->gateway);
    rows->setValue(QStringLiteral("rules"), rules.join(QStringLiteral(", ")));
    rows->setValue(QStringLiteral("id"), current->id.toString(QUuid::WithoutBraces));
    showState();
    showConnectionRows(*m_users->rows(), *m_groups->rows(), *current);
    m_groups->setVisible(!m_users->isEditing());
    m_panel->showDetails();
}

void ConnectionDetails::showState()
{
    const core::Connection *current = connection();
    if (!current)
        return;
    const core::Configuration &configuration = m_context.console.configuration();
    const core::Gateway *gateway = configuration.gateway(current->gateway);
    const bool byClients = gateway && gateway->mode == core::GatewayMode::Clients;
    const QList<link::Instance> instances =
        byClients ? m_context.console.gatewayClients().instancesOf(gateway->id) : QList<link::Instance>();
    const link::Need need = provision::needOf(configuration, *current);
    m_overview->rows()->setRowVisible(QStringLiteral("clients"), byClients);
    m_overview->rows()->setValue(QStringLiteral("clients"), app::ClientVersions::needed(need, instances));
    QString why;
    if (!current->enabled)
        why = tr("This connection is off: none of its rules can run. Switch it on at the top right.");
    else if (gateway && !gateway->enabled)
        why = tr("The gateway “%1” is off: none of this connection's rules can run.").arg(gateway->name);
    else
        why = app::ClientVersions::refusal(need, instances);
    m_why->setText(why, current->enabled ? Tone::Warning : Tone::Neutral);
}

void ConnectionDetails::refresh()
{
    if (!m_editing->isActive())
        show(m_name);
}

void ConnectionDetails::editName()
{
    m_editing->leave([this] {
        const core::Connection *current = connection();
        if (!current)
            return;
        m_panel->setCurrentTab(QStringLiteral("overview"));
        auto *form = new ConnectionNameForm(*current);
        m_editing->editSection(m_overview, form, current->name,
                               [this, form, before = *current](const Form &, const Editing::Finish &finish) {
                                   core::Connection changed = before;
                                   form->readInto(changed);
                                   save(changed, form, finish);
                               });
    });
}

void ConnectionDetails::editActions()
{
    m_editing->leave([this] {
        const core::Connection *current = connection();
        if (!current)
            return;
        auto *form = new ConnectionActionsForm(*current);
        m_groups->hide(); // the form shows them all
        m_editing->editSection(m_users, form, current->name,
                               [this, form, before = *current](const Form &, const Editing::Finish &finish) {
                                   core::Connection changed = before;
                                   form->readInto(changed);
                                   save(changed, form, finish);
                               });
    });
}

ThingSaving<core::Connection> ConnectionDetails::saving()
{
    return {m_context.console, this, kSection, QStringLiteral("connection"), &core::Configuration::connections,
            [this](const QString &text, Tone tone) { emit said(text, tone); }};
}

void ConnectionDetails::save(const core::Connection &changed, const QPointer<ThingForm> &form,
                             const Editing::Finish &finish)
{
    saving().save(changed, form, finish, [this, name = changed.name] {
        if (name == m_name)
            return;
        m_name = name;
        emit renamed(name);
    });
}

void ConnectionDetails::setEnabled(bool enabled)
{
    if (const core::Connection *current = connection())
        saving().setEnabled(*current, enabled, [this] {
            // Of whichever connection is shown by now.
            if (const core::Connection *shown = connection())
                m_panel->toggle()->setChecked(shown->enabled);
        });
}

} // namespace gatehouse::ui
