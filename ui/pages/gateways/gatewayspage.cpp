// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/gatewayspage.h"

#include "app/configurationedit.h"
#include "app/configfaults.h"
#include "store/reader.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/editors/followselection.h"
#include "ui/pages/gateways/gatewaydetails.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/listdetails.h"
#include "ui/widgets/listpane.h"
#include "ui/widgets/searchbox.h"
#include "ui/wizards/gatewaywizard.h"

#include <QAction>
#include <QVBoxLayout>

#include <climits>

namespace gatehouse::ui {

GatewaysPage::GatewaysPage(const PageContext &context, QWidget *parent)
    : Page(context, QStringLiteral("gateways"), tr("Gateways"), parent), m_health(settings()),
      m_model(console(), m_health), m_list(new ListPane(tr("Search gateways"))), m_panel(new DetailsPanel),
      m_details(new GatewayDetails(context, m_health, m_panel, this))
{
    auto *split = new ListDetails(m_list, m_panel, 280);
    split->remember(settings(), settingsKey(QStringLiteral("split")));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    auto *addAction = new QAction(tr("+ &Add Gateway"), this);
    connect(addAction, &QAction::triggered, this, &GatewaysPage::add);
    setPrimaryAction(addAction);

    auto *empty = new EmptyState(QStringLiteral("gateway"), tr("No gateways yet"),
                                 tr("A gateway connects this environment to an LDAP directory: Microsoft Active "
                                    "Directory, PingDirectory, or any other LDAPv3 server."),
                                 tr("Add Gateway"));
    connect(empty, &EmptyState::actionClicked, this, &GatewaysPage::add);
    m_list->setEmptyWidget(empty);

    connect(m_details, &GatewayDetails::said, this, &Page::said);
    connect(m_details, &GatewayDetails::goRequested, this, &Page::goRequested);
    connect(m_details, &GatewayDetails::deleteRequested, this, &GatewaysPage::remove);
    connect(m_details, &GatewayDetails::tested, &m_model, &app::GatewayList::refresh);
    // The new name is in the list as soon as the configuration has been read again.
    connect(m_details, &GatewayDetails::renamed, this, [this](const QString &name) { m_select = name; });
    connect(m_list, &ListPane::currentChanged, this, &GatewaysPage::onCurrent);
    connect(m_list->search(), &SearchBox::searched, this, [this](const QString &text) {
        m_model.setSearch(text);
        showCount();
    });
    connect(&console(), &app::Console::configurationChanged, this, [this] {
        showCount();
        if (!m_select.isEmpty() && console().configuration().gateway(m_select))
            m_list->select(std::exchange(m_select, QString()));
        m_details->refresh();
    });
    m_list->setModel(&m_model);
    showCount();
}

void GatewaysPage::showCount()
{
    const int shown = m_model.rowCount();
    const int total = int(m_model.total());
    m_list->setCountText(shown != total ? tr("%1 of %2 gateways").arg(shown).arg(total)
                         : total == 1   ? tr("1 gateway")
                                        : tr("%n gateways", nullptr, total));
}

void GatewaysPage::refresh()
{
    m_model.refresh();
}

bool GatewaysPage::focusSearch()
{
    m_list->search()->setFocus(Qt::ShortcutFocusReason);
    m_list->search()->selectAll();
    return true;
}

bool GatewaysPage::escape()
{
    if (!m_details->editing()->isActive())
        return false;
    m_details->editing()->cancel();
    return true;
}

void GatewaysPage::openThing(const QString &id)
{
    if (id == QLatin1String("+")) {
        add();
        return;
    }
    m_list->search()->clear();
    m_list->select(id);
}

void GatewaysPage::leave(const std::function<void()> &proceed)
{
    m_details->editing()->leave(proceed);
}

void GatewaysPage::setActive(bool active)
{
    if (active)
        m_model.refresh();
}

void GatewaysPage::onCurrent(const QVariant &id)
{
    const QString name = id.toString();
    followSelection(m_list, m_details->editing(), m_name, name, [this, name] {
        m_name = name;
        m_details->show(name);
    });
}

void GatewaysPage::add()
{
    m_details->editing()->leave([this] {
        auto *wizard = new GatewayWizard(console(), m_health, window());
        connect(wizard, &GatewayWizard::created, this, [this](const QString &name) {
            m_list->search()->clear();
            m_list->select(name);
            emit said(tr("Added %1. Switch it on at the top right when you are ready.").arg(name), Tone::Good);
        });
        wizard->open();
    });
}

void GatewaysPage::remove()
{
    const core::Gateway *gateway = m_details->gateway();
    if (!gateway)
        return;
    m_details->editing()->leave([this, id = gateway->id] {
        console().read<store::GatewayPeople>(
            this, [id](store::Reader &reader) { return reader.gatewayPeople(id); },
            [this, id](const core::Result<store::GatewayPeople> &people) { askRemove(id, people); });
    });
}

void GatewaysPage::askRemove(const QUuid &id, const core::Result<store::GatewayPeople> &people)
{
    const core::Configuration &configuration = console().configuration();
    const qsizetype at = app::indexOfId(configuration.gateways, id);
    if (at < 0)
        return;
    const QString name = configuration.gateways.at(at).name;
    DeleteQuestion question;
    question.title = tr("Delete %1?").arg(name);
    question.dependentsTitle = tr("What depends on it:");
    QStringList connections;
    for (const core::Connection &connection : configuration.connections) {
        if (connection.gateway == name) {
            connections << connection.name;
            question.dependents << tr("Connection “%1” is deleted with it").arg(connection.name);
        }
    }
    for (const core::Rule &rule : configuration.rules) {
        if (connections.contains(rule.connection))
            question.dependents << tr("Rule “%1” is deleted with it").arg(rule.name);
    }
    const auto countOf = [](qint64 count) { return int(std::min<qint64>(count, INT_MAX)); };
    if (!people)
        question.dependents << tr("How many people are linked to it could not be read");
    else if (people->linked > 0)
        question.dependents << (people->linked == 1
                                    ? tr("1 person is linked to its directory, stays, and is no longer kept in step")
                                    : tr("%n people are linked to its directory, stay, and are no longer kept in step",
                                         nullptr, countOf(people->linked)));
    if (people && people->authenticated > 0)
        question.dependents << (people->authenticated == 1
                                    ? tr("1 person has the password checked by it, and can no longer sign on")
                                    : tr("%n people have their password checked by it, and can no longer sign on", nullptr,
                                         countOf(people->authenticated)));
    const bool nobody = people && people->linked == 0 && people->authenticated == 0;
    question.text = nobody ? tr("Nobody is linked to this gateway. Its instances are disconnected, and its credentials no "
                                "longer count.")
                           : tr("People created through this gateway stay. Those whose password it checks can no longer "
                                "sign on, not even through a gateway that is made again with the same settings. Its "
                                "instances are disconnected.");
    if (nobody)
        question.confirmation = tr("&I understand and have confirmed that this gateway is not in use");
    askDelete(this, question, [this, id, name] {
        app::editConfiguration(
            console(), this, QStringLiteral("gateway.delete"), name,
            [id, name](core::Configuration &wanted) {
                QStringList gone;
                for (const core::Connection &connection : std::as_const(wanted.connections)) {
                    if (connection.gateway == name)
                        gone << connection.name;
                }
                wanted.rules.removeIf([&](const core::Rule &rule) { return gone.contains(rule.connection); });
                wanted.connections.removeIf(
                    [&](const core::Connection &connection) { return gone.contains(connection.name); });
                wanted.gateways.removeIf([&](const core::Gateway &one) { return one.id == id; });
            },
            deletionOf(name));
    });
}

} // namespace gatehouse::ui
