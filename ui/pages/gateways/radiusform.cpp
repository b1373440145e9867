// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/radiusform.h"

#include "core/config/gateway.h"
#include "core/config/hostandport.h"
#include "ui/editors/secretedit.h"
#include "ui/pages/gateways/gatewayforms.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/propertyrows.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

const QString kClients = QStringLiteral("radiusClients");
const QString kDefaultSecret = QStringLiteral("defaultSharedSecret");
const QString kServer = QStringLiteral("networkPolicyServer");
const QString kServerIp = QStringLiteral("networkPolicyServer.ip");
const QString kServerPort = QStringLiteral("networkPolicyServer.port");

} // namespace

RadiusClientsEdit::RadiusClientsEdit(const QList<core::RadiusClient> &clients, QWidget *parent)
    : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(12);
    auto *more = new QPushButton(tr("+ Add RADIUS &client"), this);
    more->setProperty("form", QStringLiteral("flat"));
    more->setObjectName(QStringLiteral("addClient"));
    more->setAutoDefault(false);
    m_layout->addWidget(more, 0, Qt::AlignLeading);
    connect(more, &QPushButton::clicked, this, [this] {
        add({});
        m_rows.last().ip->setFocus(Qt::OtherFocusReason);
        emit rowsChanged();
    });
    for (const core::RadiusClient &client : clients)
        add(client);
}

void RadiusClientsEdit::add(const core::RadiusClient &client)
{
    Row row;
    row.widget = new QWidget(this);
    auto *column = new QVBoxLayout(row.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    auto *line = new QHBoxLayout;
    line->setSpacing(4);
    row.ip = new QLineEdit(client.ip, row.widget);
    row.ip->setFont(monospaceFont(font()));
    row.ip->setPlaceholderText(QStringLiteral("192.0.2.10"));
    row.ip->setAccessibleName(tr("Address of the RADIUS client"));
    row.ip->setObjectName(QStringLiteral("clientIp"));
    line->addWidget(row.ip, 1);
    auto *erase = new QToolButton(row.widget);
    erase->setProperty("form", QStringLiteral("flat"));
    erase->setIcon(icon(QStringLiteral("delete")));
    erase->setIconSize({16, 16});
    erase->setToolTip(tr("Remove this client"));
    erase->setAccessibleName(erase->toolTip());
    erase->setFocusPolicy(Qt::StrongFocus);
    line->addWidget(erase);
    column->addLayout(line);
    row.secret = new SecretEdit(row.widget);
    row.secret->setWords(tr("The gateway's default shared secret"), tr("Where the shared secret is kept"),
                         tr("Shared secret"));
    row.secret->setReference(client.sharedSecret);
    if (client.sharedSecret.kind == core::SecretReference::Kind::Keychain)
        row.keptFor = client.ip;
    column->addWidget(row.secret);
    row.mitigation = new QCheckBox(tr("Refuse its requests without a Message-Authenticator (Blast-RADIUS)"), row.widget);
    row.mitigation->setChecked(client.blastRadiusMitigation);
    column->addWidget(row.mitigation);
    connect(row.ip, &QLineEdit::textChanged, this, &RadiusClientsEdit::rowsChanged);
    connect(row.secret, &SecretEdit::valueChanged, this, &RadiusClientsEdit::rowsChanged);
    connect(row.mitigation, &QCheckBox::toggled, this, &RadiusClientsEdit::rowsChanged);
    connect(erase, &QToolButton::clicked, this, [this, widget = row.widget] { remove(widget); });
    m_layout->insertWidget(int(m_rows.size()), row.widget);
    row.widget->show();
    m_rows.append(row);
}

void RadiusClientsEdit::remove(QWidget *widget)
{
    m_rows.removeIf([widget](const Row &row) { return row.widget == widget; });
    widget->hide();
    widget->deleteLater();
    emit rowsChanged();
}

QList<core::RadiusClient> RadiusClientsEdit::clients() const
{
    QList<core::RadiusClient> clients;
    for (const Row &row : m_rows)
        clients.append({row.ip->text().trimmed(), row.secret->reference(), row.mitigation->isChecked()});
    return clients;
}

QVariantList RadiusClientsEdit::rows() const
{
    QVariantList rows;
    for (const core::RadiusClient &client : clients())
        rows << QVariant(QStringList{client.ip, QString::number(int(client.sharedSecret.kind)), client.sharedSecret.name,
                                     QString::number(int(client.blastRadiusMitigation))});
    // A secret that is typed over the stored one changes the row, too.
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).secret->hasTyped())
            rows << i;
    }
    return rows;
}

QList<app::SecretChange> RadiusClientsEdit::secretChanges(const core::Gateway &gateway) const
{
    QList<app::SecretChange> changes;
    for (const Row &row : m_rows) {
        if (row.secret->reference().kind != core::SecretReference::Kind::Keychain)
            continue;
        const gateway::SecretOwner owner = gateway::ownerOfClientSecret(gateway, row.ip->text().trimmed());
        const gateway::SecretOwner before = gateway::ownerOfClientSecret(gateway, row.keptFor);
        if (row.secret->hasTyped())
            changes.append({kClients, owner, row.secret->typed()});
        else if (!row.keptFor.isEmpty() && !(owner == before))
            changes.append({kClients, owner, {}, before});
    }
    return changes;
}

QString RadiusClientsEdit::fault() const
{
    for (const Row &row : m_rows) {
        if (const QString fault = row.secret->fault(); !fault.isEmpty())
            return row.ip->text().trimmed().isEmpty() ? fault : tr("%1: %2").arg(row.ip->text().trimmed(), fault);
    }
    return {};
}

GatewayRadiusForm::GatewayRadiusForm(const core::Gateway &gateway, QWidget *parent)
    : ThingForm(parent), m_defaultSecret(new SecretEdit), m_clients(new RadiusClientsEdit(gateway.radiusClients))
{
    m_defaultSecret->setWords(tr("None"), tr("Where the default shared secret is kept"),
                              tr("Default shared secret"));
    m_defaultSecret->setReference(gateway.defaultSharedSecret);
    auto *field = addField(kDefaultSecret, tr("&Default shared secret"), m_defaultSecret);
    field->setHelp(tr("For RADIUS clients that have none of their own."));
    field->setCheck([this](const QVariant &) { return m_defaultSecret->fault(); });
    connect(m_defaultSecret, &SecretEdit::valueChanged, field, [field] {
        if (!field->error().isEmpty())
            field->validate();
    });
    field = addField(kClients, tr("RADIUS clients"), m_clients);
    field->setHelp(tr("The devices that ask this gateway: VPN servers, access points, switches."));
    field->setCheck([this](const QVariant &) { return m_clients->fault(); });
    connect(m_clients, &RadiusClientsEdit::rowsChanged, field, [field] {
        if (!field->error().isEmpty())
            field->validate();
    });

    auto *handsOn = new QCheckBox(tr("Hand requests on to a &network policy server (NPS)"));
    handsOn->setChecked(gateway.networkPolicyServer.has_value());
    addField(kServer, tr("Hand requests on to a network policy server"), handsOn);
    const core::NetworkPolicyServer server = gateway.networkPolicyServer.value_or(core::NetworkPolicyServer());
    auto *ip = new QLineEdit(server.ip);
    ip->setFont(monospaceFont(font()));
    ip->setPlaceholderText(QStringLiteral("192.0.2.20"));
    addField(kServerIp, tr("&Address of the server"), ip)->setCheck([this](const QVariant &value) {
        return isOn(kServer) && !core::isIpAddress(value.toString().trimmed())
                   ? tr("Enter its IPv4 or IPv6 address, for example 192.0.2.20.")
                   : QString();
    });
    auto *port = new QSpinBox;
    port->setRange(1, 65535);
    port->setValue(server.port);
    addField(kServerPort, tr("&Port of the server (UDP)"), port);
    connect(this, &Form::edited, this, &GatewayRadiusForm::showDependents);
    showDependents();
    markUnchanged();
}

void GatewayRadiusForm::showDependents()
{
    field(kServerIp)->setVisible(isOn(kServer));
    field(kServerPort)->setVisible(isOn(kServer));
}

void GatewayRadiusForm::readInto(core::Gateway &gateway) const
{
    gateway.defaultSharedSecret = m_defaultSecret->reference();
    gateway.radiusClients = m_clients->clients();
    gateway.networkPolicyServer.reset();
    if (isOn(kServer))
        gateway.networkPolicyServer = core::NetworkPolicyServer{text(kServerIp), number(kServerPort)};
}

QList<app::SecretChange> GatewayRadiusForm::secretChanges(const core::Gateway &gateway) const
{
    QList<app::SecretChange> changes = m_clients->secretChanges(gateway);
    if (m_defaultSecret->hasTyped())
        changes.prepend({kDefaultSecret, gateway::ownerOfDefaultSecret(gateway), m_defaultSecret->typed()});
    return changes;
}

void showRadius(PropertyRows *rows, const core::Gateway &gateway)
{
    rows->clear();
    QStringList clients;
    for (const core::RadiusClient &client : gateway.radiusClients) {
        QStringList parts{client.ip};
        if (client.sharedSecret.kind != core::SecretReference::Kind::None)
            parts << GatewayRadiusForm::tr("own secret: %1").arg(secretText(client.sharedSecret));
        if (client.blastRadiusMitigation)
            parts << GatewayRadiusForm::tr("Message-Authenticator required");
        clients << parts.join(QStringLiteral(" · "));
    }
    rows->addRow(QStringLiteral("clients"), GatewayRadiusForm::tr("RADIUS clients"), clients.join(u'\n'));
    rows->addRow(QStringLiteral("secret"), GatewayRadiusForm::tr("Default shared secret"),
                 secretText(gateway.defaultSharedSecret));
    rows->addRow(QStringLiteral("server"), GatewayRadiusForm::tr("Network policy server"),
                 gateway.networkPolicyServer
                     ? GatewayRadiusForm::tr("%1, port %2").arg(gateway.networkPolicyServer->ip).arg(gateway.networkPolicyServer->port)
                     : QString());
}

} // namespace gatehouse::ui
