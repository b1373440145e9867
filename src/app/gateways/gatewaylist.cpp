// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/gatewaylist.h"

#include "app/console.h"

namespace gatehouse::app {

QString shortVendor(core::Vendor vendor)
{
    switch (vendor) {
    case core::Vendor::Ldapv3:
        return QStringLiteral("LDAPv3");
    case core::Vendor::OracleDsee:
        return QStringLiteral("Oracle DSEE");
    case core::Vendor::IbmTivoli:
        return QStringLiteral("IBM Security Directory Server");
    case core::Vendor::OpenDj:
        return QStringLiteral("OpenDJ");
    default:
        return core::vendorName(vendor);
    }
}

GatewayList::GatewayList(Console &console, const GatewayHealth &health, QObject *parent)
    : QAbstractListModel(parent), m_console(console), m_health(health)
{
    connect(&console, &Console::configurationChanged, this, &GatewayList::refresh);
    connect(&console, &Console::gatewayHealthChanged, this, [this] {
        if (!m_shown.isEmpty())
            emit dataChanged(index(0), index(int(m_shown.size()) - 1));
    });
    connect(&console.gatewayClients(), &provision::GatewayClients::instancesChanged, this, [this] {
        if (!m_shown.isEmpty())
            emit dataChanged(index(0), index(int(m_shown.size()) - 1));
    });
    refresh();
}

GatewayHealth::Pill GatewayList::pillOf(const core::Gateway &gateway) const
{
    return m_health.pill(gateway, m_console.gatewayClients().instancesOf(gateway.id));
}

int GatewayList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

QVariant GatewayList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::Gateway &gateway = m_shown.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case TitleRole:
    case IdRole:
        return gateway.name;
    case SubtitleRole:
        return subtitle(gateway);
    case StateRole:
        return int(pillOf(gateway).tone);
    case StateTextRole:
        return pillOf(gateway).text;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2, %3").arg(gateway.name, subtitle(gateway), pillOf(gateway).text);
    default:
        return {};
    }
}

void GatewayList::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    refresh();
}

void GatewayList::refresh()
{
    beginResetModel();
    m_shown.clear();
    const QList<core::Gateway> &all = m_console.configuration().gateways;
    m_total = all.size();
    for (const core::Gateway &gateway : all) {
        if (m_search.isEmpty() || gateway.name.contains(m_search, Qt::CaseInsensitive)
            || subtitle(gateway).contains(m_search, Qt::CaseInsensitive)
            || gateway.serversHostAndPort.join(u' ').contains(m_search, Qt::CaseInsensitive))
            m_shown.append(gateway);
    }
    endResetModel();
}

QString GatewayList::subtitle(const core::Gateway &gateway)
{
    if (gateway.type == core::GatewayType::Radius)
        return tr("RADIUS · cannot provision");
    QString text = shortVendor(gateway.vendor) + QStringLiteral(" · ")
                   + (gateway.mode == core::GatewayMode::Direct ? tr("direct") : tr("through gateway clients"));
    if (gateway.connectionSecurity == core::ConnectionSecurity::None)
        text += QStringLiteral(" · ") + tr("no TLS");
    return text;
}

} // namespace gatehouse::app
