// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gateways as list rows: name, "vendor · direct", state pill; filtered by a search text. Reads the console's
// configuration again whenever it changes. GUI thread.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "core/config/gateway.h"

#include <QAbstractListModel>

namespace gatehouse::app {

class Console;

class GatewayList : public QAbstractListModel {
    Q_OBJECT
public:
    GatewayList(Console &console, const GatewayHealth &health, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void setSearch(const QString &text);
    /// All, whatever the search leaves.
    qsizetype total() const { return m_total; }
    /// Reads the configuration and the health again.
    void refresh();

    /// "Microsoft Active Directory · direct · no TLS"
    static QString subtitle(const core::Gateway &gateway);

private:
    GatewayHealth::Pill pillOf(const core::Gateway &gateway) const;

    Console &m_console;
    const GatewayHealth &m_health;
    QList<core::Gateway> m_shown;
    qsizetype m_total = 0;
    QString m_search;
};

/// "LDAP directory type" for people: the vendor's name without its legal length.
QString shortVendor(core::Vendor vendor);

} // namespace gatehouse::app
