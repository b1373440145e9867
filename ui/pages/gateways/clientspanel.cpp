// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/clientspanel.h"

#include "app/configfaults.h"
#include "app/gateways/clientversions.h"
#include "app/text.h"
#include "provision/gatewayclients.h"
#include "store/gatewaycredentials.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/ask.h"
#include "ui/widgets/note.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/rowlist.h"

#include <QClipboard>
#include <QDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include <climits>

namespace gatehouse::ui {

using app::Text;
using provision::GatewayAlert;

namespace {

constexpr int kRefreshMs = 5'000;

struct NewCredential {
    QString text; ///< shown once, and nowhere else
    QString command;
};

QString alertText(GatewayAlert alert)
{
    switch (alert) {
    case GatewayAlert::SingleInstanceConnected:
        return ClientsPanel::tr("Single instance connected: when it goes, everything waits. Start a second one.");
    case GatewayAlert::NoInstanceConnected:
        return ClientsPanel::tr("No instance connected: nobody can be looked up. Start a gateway client beside the LDAP "
                                "servers.");
    case GatewayAlert::NoTlsVerification:
        return ClientsPanel::tr("No TLS verification: any certificate of the LDAP servers is taken.");
    case GatewayAlert::VersionDeprecated:
        return ClientsPanel::tr("Gateway version deprecated: a client is too old for some of what it is asked for.");
    case GatewayAlert::VersionTooOld:
        return ClientsPanel::tr("Gateway version too old: a client cannot provision. Update it.");
    }
    return {};
}

QString healthText(link::Health health)
{
    switch (health) {
    case link::Health::Healthy:
        return ClientsPanel::tr("Healthy");
    case link::Health::Degraded:
        return ClientsPanel::tr("Degraded");
    case link::Health::Unhealthy:
        return ClientsPanel::tr("Unhealthy");
    }
    return {};
}

Tone toneOf(link::Health health)
{
    switch (health) {
    case link::Health::Healthy:
        return Tone::Good;
    case link::Health::Degraded:
        return Tone::Warning;
    case link::Health::Unhealthy:
        break;
    }
    return Tone::Bad;
}

QString errorsText(qint64 errors)
{
    return errors == 0   ? ClientsPanel::tr("no errors")
           : errors == 1 ? ClientsPanel::tr("1 error")
                         : ClientsPanel::tr("%n errors", nullptr, int(std::min<qint64>(errors, INT_MAX)));
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setFont(scaledFont(parent->font(), 1.0, QFont::DemiBold));
    label->setContentsMargins(4, 0, 0, 0);
    return label;
}

void fitRows(RowList *list, int rows)
{
    constexpr int kShown = 5; // more scroll
    const int height = rows > 0 ? list->view()->sizeHintForRow(0) : 0;
    list->view()->setFixedHeight(std::min(rows, kShown) * height + (rows > 0 ? 2 * list->view()->frameWidth() + 4 : 0));
}

} // namespace

ClientsPanel::ClientsPanel(const PageContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_alerts(new Note), m_endpoint(new PropertyRows),
      m_credentials(new RowList(tr("Credentials"), tr("No credential yet: gateway clients cannot come in."))),
      m_instances(new RowList(tr("Instances"), tr("No gateway client is connected."))), m_clock(new QTimer(this))
{
    setObjectName(QStringLiteral("clients"));
    m_alerts->setObjectName(QStringLiteral("clientAlerts"));
    m_endpoint->setAccessibleName(tr("Endpoint for gateway clients"));
    m_credentials->setObjectName(QStringLiteral("credentials"));
    m_credentials->setActions(tr("Add &Credential"), tr("&Revoke"));
    m_instances->setObjectName(QStringLiteral("instances"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_alerts);
    column->addSpacing(8);
    m_instances->hideCount();
    m_credentials->hideCount();
    column->addWidget(heading(tr("Instances"), this));
    column->addWidget(m_instances);
    column->addSpacing(8);
    column->addWidget(heading(tr("Credentials"), this));
    column->addWidget(m_credentials);
    column->addSpacing(8);
    column->addWidget(heading(tr("Endpoint"), this));
    column->addWidget(m_endpoint);
    connect(m_credentials, &RowList::addClicked, this, &ClientsPanel::createCredential);
    connect(m_credentials, &RowList::removeClicked, this,
            [this](const QVariant &id) { revokeCredential(QUuid::fromString(id.toString())); });
    provision::GatewayClients &clients = context.console.gatewayClients();
    connect(&clients, &provision::GatewayClients::instancesChanged, this, &ClientsPanel::showInstances);
    connect(&clients, &provision::GatewayClients::credentialsChanged, this, [this] {
        if (m_gateway.mode == core::GatewayMode::Clients && !isHidden())
            readCredentials();
    });
    connect(&clients, &provision::GatewayClients::endpointChanged, this, &ClientsPanel::showEndpoint);
    connect(&clients, &provision::GatewayClients::looked, this, &ClientsPanel::showEndpoint);
    m_clock->setInterval(kRefreshMs);
    connect(m_clock, &QTimer::timeout, this, [this] {
        if (isVisible())
            showInstances();
    });
    m_clock->start();
    hide();
}

void ClientsPanel::show(const core::Gateway &gateway)
{
    m_gateway = gateway;
    const bool through = gateway.type == core::GatewayType::Ldap && gateway.mode == core::GatewayMode::Clients;
    setVisible(through);
    if (!through)
        return;
    showEndpoint();
    showInstances();
    readCredentials();
}

void ClientsPanel::showEndpoint()
{
    if (m_gateway.mode != core::GatewayMode::Clients)
        return;
    const provision::EndpointState state = m_context.console.gatewayClients().endpoint();
    m_endpoint->clear();
    QString stands = tr("Not needed while no gateway is reached through clients");
    if (state.isOpen)
        stands = tr("Open on port %1").arg(state.settings.port);
    else if (state.fault)
        stands = app::ConfigFaults::text(*state.fault);
    else if (state.isNeeded)
        stands = tr("Opening…");
    m_endpoint->addRow(QStringLiteral("state"), tr("State"), stands);
    m_endpoint->addRow(QStringLiteral("host"), tr("Clients reach it as"),
                       state.settings.hostName.isEmpty() ? tr("As this machine calls itself") : state.settings.hostName);
    m_endpoint->addRow(QStringLiteral("fingerprint"), tr("Its certificate's fingerprint"),
                       QString::fromLatin1(state.fingerprint.toHex(':')).toUpper(), PropertyRows::Monospace);
}

void ClientsPanel::showInstances()
{
    if (m_gateway.mode != core::GatewayMode::Clients)
        return;
    const QList<link::Instance> instances = m_context.console.gatewayClients().instancesOf(m_gateway.id);
    QList<ListRow> rows;
    for (const link::Instance &instance : instances) {
        ListRow row;
        row.id = instance.id;
        row.title = instance.hostName;
        QStringList parts{tr("version %1").arg(instance.version),
                          tr("%1 ms").arg(QLocale().toString(instance.responseTimeMilliseconds, 'f', 0)),
                          tr("%1 operations/s").arg(QLocale().toString(instance.operationsPerSecond, 'f', 1)),
                          tr("busy %1 %").arg(instance.busyPercentage), errorsText(instance.errors),
                          tr("reported %1").arg(Text::relativeTime(instance.lastReportedAt))};
        if (!instance.currentErrors.isEmpty())
            parts.prepend(instance.currentErrors.join(QStringLiteral("; ")));
        row.subtitle = parts.join(QStringLiteral(" · "));
        row.state = healthText(instance.health);
        row.tone = toneOf(instance.health);
        if (const QString tooOld = app::ClientVersions::tooOld(instance.version); !tooOld.isEmpty())
            row.badges = {tooOld};
        rows << row;
    }
    m_instances->setRows(rows);
    fitRows(m_instances, int(rows.size()));
    QStringList alerts;
    for (const GatewayAlert alert : provision::alertsOf(m_gateway, instances))
        alerts << alertText(alert);
    m_alerts->setText(m_gateway.enabled ? alerts.join(u'\n') : QString(), Tone::Warning);
}

void ClientsPanel::readCredentials()
{
    using Credentials = QList<store::StoredCredential>;
    m_context.console.read<Credentials>(
        this,
        [](store::Reader &reader) { return store::GatewayCredentials(reader.environment().database()).list(); },
        [this, gateway = m_gateway.id](const core::Result<Credentials> &credentials) {
            if (gateway != m_gateway.id)
                return;
            if (!credentials) {
                emit said(app::ConfigFaults::text(credentials.error()), Tone::Bad);
                return;
            }
            QList<ListRow> rows;
            for (const store::StoredCredential &one : *credentials) {
                if (one.gateway != gateway)
                    continue;
                ListRow row;
                row.id = one.id.toString(QUuid::WithoutBraces);
                row.title = tr("Made %1").arg(Text::relativeTime(one.createdAt));
                row.subtitle = tr("%1 · %2").arg(one.lastUsedAt.isValid()
                                                     ? tr("last used %1").arg(Text::relativeTime(one.lastUsedAt))
                                                     : tr("never used"),
                                                 row.id.toString());
                rows << row;
            }
            m_credentials->setRows(rows);
            fitRows(m_credentials, int(rows.size()));
        });
}

void ClientsPanel::createCredential()
{
    using Answer = core::Result<NewCredential>;
    m_context.console.write<Answer>(
        this,
        [gateway = m_gateway](store::Environment &environment) -> Answer {
            store::GatewayCredentials credentials(environment.database());
            const auto settings = credentials.endpoint();
            if (!settings)
                return core::fail(settings.error());
            const auto fingerprint = provision::endpointFingerprint(environment.path(), *settings);
            if (!fingerprint)
                return core::fail(fingerprint.error());
            const auto made = credentials.create(gateway.id);
            if (!made)
                return core::fail(made.error());
            return NewCredential{QString::fromUtf8(made->text().reveal()),
                                 provision::startCommand(gateway, *settings, *fingerprint)};
        },
        app::Console::Touched::Configuration, [this, name = m_gateway.name](const Answer &made) {
            if (!made) {
                emit said(app::ConfigFaults::text(made.error()), Tone::Bad);
                return;
            }
            m_context.console.gatewayClients().refresh();
            readCredentials();
            showCredential(this, name, made->text, made->command);
        });
}

void ClientsPanel::revokeCredential(const QUuid &id)
{
    Question question;
    question.title = tr("Revoke this credential?");
    question.text = tr("Gateway clients that use it are cut off within a second, and cannot come in again with it.");
    question.confirm = tr("&Revoke");
    question.harmful = true;
    ask(this, question, [this, id](Reply reply) {
        if (reply != Reply::Confirm)
            return;
        m_context.console.write<core::Result<void>>(
            this,
            [id](store::Environment &environment) { return store::GatewayCredentials(environment.database()).revoke(id); },
            app::Console::Touched::Configuration, [this](const core::Result<void> &done) {
                m_context.console.gatewayClients().refresh();
                readCredentials();
                emit said(done ? tr("Revoked.") : app::ConfigFaults::text(done.error()), done ? Tone::Good : Tone::Bad);
            });
    });
}

void showCredential(QWidget *asker, const QString &gateway, const QString &credential, const QString &command)
{
    auto *dialog = new QDialog(asker->window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("credentialDialog"));
    dialog->setWindowTitle(ClientsPanel::tr("A credential for %1").arg(gateway));
    dialog->setMinimumWidth(640);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(24, 20, 24, 16);
    layout->setSpacing(10);
    auto *title = new QLabel(dialog->windowTitle(), dialog);
    title->setFont(scaledFont(dialog->font(), 1.12, QFont::DemiBold));
    title->setTextFormat(Qt::PlainText);
    layout->addWidget(title);
    layout->addWidget(new Note(Tone::Warning,
                               ClientsPanel::tr("It is shown this once and kept nowhere. Put it into a file beside the "
                                                "LDAP servers that nobody else may read (chmod 600). It never expires; "
                                                "several clients may share it, but one for each can be revoked alone."),
                               dialog));
    const auto block = [&](const QString &label, const QString &text, const QString &name) {
        layout->addWidget(heading(label, dialog));
        auto *edit = new QPlainTextEdit(text, dialog);
        edit->setReadOnly(true);
        edit->setTabChangesFocus(true);
        edit->setFont(monospaceFont(dialog->font()));
        edit->setObjectName(name);
        edit->setAccessibleName(label);
        edit->setFixedHeight(QFontMetrics(edit->font()).lineSpacing() * 4 + 16);
        layout->addWidget(edit);
        auto *copy = new QPushButton(icon(QStringLiteral("copy")), ClientsPanel::tr("Copy"), dialog);
        copy->setAutoDefault(false);
        copy->setObjectName(name + QStringLiteral("Copy"));
        copy->setAccessibleName(ClientsPanel::tr("Copy: %1").arg(label));
        QObject::connect(copy, &QPushButton::clicked, dialog, [text] { QGuiApplication::clipboard()->setText(text); });
        layout->addWidget(copy, 0, Qt::AlignLeading);
    };
    block(ClientsPanel::tr("Credential"), credential, QStringLiteral("credential"));
    block(ClientsPanel::tr("The command that starts a client, FILE being that file"), command, QStringLiteral("command"));
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto *done = new QPushButton(ClientsPanel::tr("&Done"), dialog);
    done->setObjectName(QStringLiteral("done"));
    done->setDefault(true);
    buttons->addWidget(done);
    layout->addLayout(buttons);
    QObject::connect(done, &QPushButton::clicked, dialog, &QDialog::accept);
    dialog->open();
}

} // namespace gatehouse::ui
