// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizards/connectionwizard.h"

#include "app/configurationedit.h"
#include "ui/pages/provisioning/connectionforms.h"
#include "ui/theme/icons.h"
#include "ui/widgets/keepchoice.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/wizards/gatewaywizard.h"

#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {
const QString kGateway = QStringLiteral("gateway");
const QString kPreferences = QStringLiteral("preferences");
const QString kSection = QStringLiteral("connections");
constexpr int kListHeight = 220;
} // namespace

ConnectionWizard::ConnectionWizard(const PageContext &context, QWidget *parent)
    : Wizard(tr("Create a New Connection"), parent), m_context(context), m_health(context.settings),
      m_gateways(context.console, m_health)
{
    addStep(kGateway, tr("Gateway"), tr("What the connection leads to."), makeGatewayStep());
    addStep(kPreferences, tr("Configure Preferences"), {}, makePreferences());
    connect(&context.console, &app::Console::configurationChanged, this, [this] {
        if (!m_wanted.isEmpty())
            selectGateway(m_wanted);
    });
    begin();
    const QModelIndex first = m_gateways.index(0, 0);
    if (first.isValid())
        m_list->setCurrentIndex(first);
    onGateway();
}

QWidget *ConnectionWizard::makeGatewayStep()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto *kind = new QRadioButton(tr("&Gateway: a directory that one of this environment's gateways leads to"));
    kind->setObjectName(QStringLiteral("kindGateway"));
    kind->setChecked(true);
    column->addWidget(kind);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("gateways"));
    m_list->setAccessibleName(tr("Gateways"));
    m_list->setItemDelegate(new RowDelegate(m_list));
    m_list->setModel(&m_gateways);
    keepChoice(*m_list);
    m_list->setMouseTracking(true);
    m_list->setMinimumHeight(kListHeight);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    column->addWidget(m_list);
    m_fault = new QLabel;
    m_fault->setForegroundRole(QPalette::BrightText);
    m_fault->setWordWrap(true);
    m_fault->setObjectName(QStringLiteral("gatewayFault"));
    m_fault->hide();
    column->addWidget(m_fault);
    auto *add = new QPushButton(tr("+ New Gate&way"));
    add->setAutoDefault(false);
    add->setObjectName(QStringLiteral("newGateway"));
    column->addWidget(add, 0, Qt::AlignLeading);
    m_hint = new Note;
    column->addWidget(m_hint);
    connect(add, &QPushButton::clicked, this, &ConnectionWizard::newGateway);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ConnectionWizard::onGateway);
    connect(m_list, &QListView::activated, this, &Wizard::next);
    return step;
}

QWidget *ConnectionWizard::makePreferences()
{
    auto *step = new QWidget;
    auto *column = new QVBoxLayout(step);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    core::Connection blank;
    m_nameForm = new ConnectionNameForm(blank);
    m_actions = new ConnectionActionsForm(blank);
    column->addWidget(m_nameForm);
    column->addWidget(m_actions);
    return step;
}

QString ConnectionWizard::gateway() const
{
    const QModelIndex current = m_list->currentIndex();
    return current.isValid() ? current.data(app::IdRole).toString() : QString();
}

void ConnectionWizard::selectGateway(const QString &name)
{
    for (int row = 0; row < m_gateways.rowCount(); ++row) {
        const QModelIndex index = m_gateways.index(row, 0);
        if (index.data(app::IdRole).toString() == name) {
            m_wanted.clear();
            m_list->setCurrentIndex(index);
            m_list->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    m_wanted = name;
}

void ConnectionWizard::newGateway()
{
    auto *wizard = new GatewayWizard(m_context.console, m_health, this);
    connect(wizard, &GatewayWizard::created, this, &ConnectionWizard::selectGateway);
    wizard->open();
}

void ConnectionWizard::onGateway()
{
    m_fault->hide();
    const core::Gateway *chosen = m_context.console.configuration().gateway(gateway());
    if (m_gateways.rowCount() == 0)
        m_hint->setText(tr("There is no gateway yet. Add one first."), Tone::Neutral);
    else if (chosen && chosen->type == core::GatewayType::Ldap && !chosen->enabled)
        m_hint->setText(tr("“%1” is off. The connection can be made, but nothing runs through it until the gateway is "
                           "switched on.").arg(chosen->name),
                        Tone::Warning);
    else
        m_hint->setText({}, Tone::Neutral);
    // The gateway's name is the connection's until another is typed.
    const QString typed = m_nameForm->text(QStringLiteral("name"));
    if (chosen && (typed.isEmpty() || typed == m_suggested)) {
        m_suggested = app::freeName(m_context.console.configuration().connections, chosen->name);
        m_nameForm->field(QStringLiteral("name"))->setValue(m_suggested);
        m_nameForm->markUnchanged();
    }
}

core::Connection ConnectionWizard::connection() const
{
    core::Connection connection;
    connection.enabled = false;
    connection.gateway = gateway();
    m_nameForm->readInto(connection);
    m_actions->readInto(connection);
    return connection;
}

bool ConnectionWizard::checkStep(const QString &key)
{
    if (key == kGateway) {
        const core::Gateway *chosen = m_context.console.configuration().gateway(gateway());
        const QString fault = !chosen ? tr("Select a gateway, or add a new one.")
                              : chosen->type == core::GatewayType::Radius
                                  ? tr("RADIUS gateways don't support provisioning. Select an LDAP gateway.")
                                  : QString();
        m_fault->setText(fault);
        m_fault->setVisible(!fault.isEmpty());
        if (!fault.isEmpty())
            m_list->setFocus(Qt::OtherFocusReason);
        return fault.isEmpty();
    }
    const bool named = m_nameForm->validate();
    const bool good = m_actions->validate();
    if (!named)
        m_nameForm->validate(); // the first wrong field has the focus
    if (!named || !good)
        return false;
    const app::FormFaults faults = app::judgeThing(m_context.console.configuration(), kSection,
                                                   &core::Configuration::connections, connection());
    app::FormFaults names;
    app::FormFaults actions;
    for (const app::FieldFault &fault : faults.own)
        (fault.isUnder(QStringLiteral("name")) || fault.isUnder(QStringLiteral("description")) ? names : actions)
            .own.append(fault);
    actions.others = faults.others;
    m_nameForm->show(names);
    const QList<core::Error> rest = m_actions->show(actions);
    showErrors(rest);
    return faults.isEmpty();
}

bool ConnectionWizard::isTouched() const
{
    return m_nameForm->isChanged() || m_actions->isChanged();
}

void ConnectionWizard::save()
{
    create(m_context.console, QStringLiteral("connection.create"), kSection, &core::Configuration::connections, connection(),
           [this](const QString &name) {
               emit created(name);
               accept();
           });
}

} // namespace gatehouse::ui
