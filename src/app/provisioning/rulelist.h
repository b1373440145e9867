// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules as list rows: name, "Head office → PingOne · 352 people", and what is the matter: running, active,
// stopped by a guard, failed, disabled. GUI thread.
#pragma once

#include "app/roles.h"
#include "core/config/rule.h"

#include <QAbstractListModel>

namespace gatehouse::app {

class Console;
class RuleJobs;
class RunHistory;

class RuleList : public QAbstractListModel {
    Q_OBJECT
public:
    struct Pill {
        Tone tone = Tone::Neutral;
        QString text;
    };

    RuleList(Console &console, const RunHistory &history, const RuleJobs &jobs, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    void setSearch(const QString &text);
    qsizetype total() const { return m_total; }
    void refresh();

    Pill pill(const core::Rule &rule) const;
    /// "Head office → PingOne"
    QString direction(const core::Rule &rule) const;

private:
    QString subtitle(const core::Rule &rule) const;

    Console &m_console;
    const RunHistory &m_history;
    const RuleJobs &m_jobs;
    QList<core::Rule> m_shown;
    qsizetype m_total = 0;
    QString m_search;
};

} // namespace gatehouse::app
