// SPDX-License-Identifier: GPL-3.0-or-later
//
// The provisioning connections as list rows: name, "gateway · 2 rules", active or disabled. Reads the console's
// configuration again whenever it changes. GUI thread.
#pragma once

#include "core/config/connection.h"

#include <QAbstractListModel>

namespace gatehouse::app {

class Console;

class ConnectionList : public QAbstractListModel {
    Q_OBJECT
public:
    explicit ConnectionList(Console &console, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void setSearch(const QString &text);
    qsizetype total() const { return m_total; }
    void refresh();

private:
    struct Row {
        core::Connection connection;
        int rules = 0;
    };
    static QString subtitle(const Row &row);
    Console &m_console;
    QList<Row> m_shown;
    qsizetype m_total = 0;
    QString m_search;
};

} // namespace gatehouse::app
