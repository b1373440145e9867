// SPDX-License-Identifier: GPL-3.0-or-later
//
// The audit log as a table, newest first, read page by page through the reader thread; the search also
// knows actions by the words they are shown in. GUI thread.
#pragma once

#include "core/result.h"
#include "store/auditlog.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

namespace gatehouse::app {

class Console;

class AuditList : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kPage = 200;
    static constexpr int kMaxFound = 2000; ///< a search for an action's words shows so many at most
    enum Column { At, Actor, What, Subject, Detail, ColumnCount };

    explicit AuditList(Console &console, QObject *parent = nullptr);

    void setSearch(const QString &text);
    void refresh();
    /// The event shown in @p row.
    const store::AuditEvent &event(int row) const { return m_events.at(row); }
    bool isComplete() const { return m_complete; }
    bool isReading() const { return m_reading; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

    /// "Configuration saved" for "configuration.save"; the action itself when it is unknown.
    static QString actionText(const QString &action);

    /// The actions whose words contain @p text.
    static QSet<QString> actionsCalled(const QString &text);

signals:
    /// Rows came, or the end was reached.
    void progressed();
    void failed(const gatehouse::core::Error &error);

private:
    static QHash<QString, QString> words();

    Console &m_console;
    QString m_search;
    QList<store::AuditEvent> m_events;
    quint64 m_request = 0;
    bool m_reading = false;
    bool m_complete = false;
};

} // namespace gatehouse::app
