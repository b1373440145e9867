// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs as list rows, newest first: rule, "2 min ago · 3 updated", how it ended; filtered by text and by how it ended.
// GUI thread.
#pragma once

#include "store/runs.h"

#include <QAbstractListModel>

namespace gatehouse::app {

class RunHistory;

class RunList : public QAbstractListModel {
    Q_OBJECT
public:
    /// Stopped: by a guard or a crash; Cancelled counts with it, since somebody stopped that one too.
    enum class Only { All, Succeeded, Partial, Failed, Stopped };

    explicit RunList(const RunHistory &history, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void setSearch(const QString &text);
    void setOnly(Only only);
    Only only() const { return m_only; }
    /// The times in words ("2 min ago") have moved on.
    void retell();
    qsizetype total() const;
    qsizetype count(Only only) const;

private:
    void refresh();
    static bool isIn(const store::Run &run, Only only);

    const RunHistory &m_history;
    QList<store::Run> m_shown;
    QString m_search;
    Only m_only = Only::All;
};

} // namespace gatehouse::app
