// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/audit/auditlist.h"

#include "app/console.h"
#include "app/roles.h"
#include "app/text.h"

#include <QHash>
#include <QLocale>

#include <utility>

namespace gatehouse::app {

namespace {

constexpr int kSearchBlock = 1000; ///< events looked through at once

/// The store knows actions by their keys; people search for the words. Looks through the log for either.
core::Result<QList<store::AuditEvent>> searchLog(store::Reader &reader, const QString &search,
                                                 const QSet<QString> &actions)
{
    QList<store::AuditEvent> found;
    for (int offset = 0; found.size() < AuditList::kMaxFound; offset += kSearchBlock) {
        auto block = reader.environment().audit().list(offset, kSearchBlock);
        if (!block)
            return block;
        for (store::AuditEvent &event : *block) {
            const auto in = [&search](const QString &text) { return text.contains(search, Qt::CaseInsensitive); };
            if (found.size() < AuditList::kMaxFound
                && (actions.contains(event.action) || in(event.actor) || in(event.action) || in(event.subject)
                    || in(event.detail)))
                found.append(std::move(event));
        }
        if (block->size() < kSearchBlock)
            break;
    }
    return found;
}

} // namespace

AuditList::AuditList(Console &console, QObject *parent) : QAbstractTableModel(parent), m_console(console)
{
    fetchMore({});
}

void AuditList::setSearch(const QString &text)
{
    if (text == m_search)
        return;
    m_search = text;
    refresh();
}

void AuditList::refresh()
{
    m_console.reader().cancel(m_request);
    m_reading = false;
    beginResetModel();
    m_events.clear();
    m_complete = false;
    endResetModel();
    fetchMore({});
}

int AuditList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_events.size());
}

int AuditList::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AuditList::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const store::AuditEvent &event = m_events.at(index.row());
    if (role == IdRole)
        return event.row;
    if (role == Qt::ToolTipRole)
        return index.column() == Detail ? event.detail
               : index.column() == At   ? event.at.toLocalTime().toString(Qt::ISODate)
                                        : QString();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case At:
        return Text::fullTime(event.at);
    case Actor:
        return event.actor;
    case What:
        return actionText(event.action);
    case Subject:
        return event.subject;
    case Detail:
        return event.detail;
    default:
        return {};
    }
}

QVariant AuditList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return {};
    switch (section) {
    case At:
        return tr("Time");
    case Actor:
        return tr("Who");
    case What:
        return tr("What");
    case Subject:
        return tr("Subject");
    case Detail:
        return tr("Details");
    default:
        return {};
    }
}

bool AuditList::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_complete && !m_reading;
}

void AuditList::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_reading = true;
    const QSet<QString> actions = m_search.isEmpty() ? QSet<QString>() : actionsCalled(m_search);
    const bool whole = !actions.isEmpty();
    m_request = m_console.read<QList<store::AuditEvent>>(
        this,
        [search = m_search, actions, whole, offset = int(m_events.size())](store::Reader &reader) {
            return whole ? searchLog(reader, search, actions)
                         : reader.environment().audit().list(offset, kPage, search);
        },
        [this, whole](core::Result<QList<store::AuditEvent>> answer) {
            m_reading = false;
            m_complete = whole || !answer || answer->size() < kPage;
            if (!answer) {
                emit failed(answer.error());
                return;
            }
            if (!answer->isEmpty()) {
                beginInsertRows({}, int(m_events.size()), int(m_events.size() + answer->size()) - 1);
                m_events += *answer;
                endInsertRows();
            }
            emit progressed();
        });
}

QHash<QString, QString> AuditList::words()
{
    return {
        {QStringLiteral("configuration.save"), tr("Configuration saved")},
        {QStringLiteral("configuration.apply"), tr("Configuration file applied")},
        {QStringLiteral("gateway.create"), tr("Gateway added")},
        {QStringLiteral("gateway.update"), tr("Gateway changed")},
        {QStringLiteral("gateway.enable"), tr("Gateway switched on")},
        {QStringLiteral("gateway.disable"), tr("Gateway switched off")},
        {QStringLiteral("gateway.delete"), tr("Gateway deleted")},
        {QStringLiteral("connection.create"), tr("Connection created")},
        {QStringLiteral("connection.update"), tr("Connection changed")},
        {QStringLiteral("connection.enable"), tr("Connection switched on")},
        {QStringLiteral("connection.disable"), tr("Connection switched off")},
        {QStringLiteral("connection.delete"), tr("Connection deleted")},
        {QStringLiteral("rule.create"), tr("Rule created")},
        {QStringLiteral("rule.clone"), tr("Rule cloned")},
        {QStringLiteral("rule.update"), tr("Rule changed")},
        {QStringLiteral("rule.enable"), tr("Rule switched on")},
        {QStringLiteral("rule.disable"), tr("Rule switched off")},
        {QStringLiteral("rule.delete"), tr("Rule deleted")},
        {QStringLiteral("user.create"), tr("User created")},
        {QStringLiteral("user.update"), tr("User changed")},
        {QStringLiteral("user.enable"), tr("User enabled")},
        {QStringLiteral("user.disable"), tr("User disabled")},
        {QStringLiteral("user.delete"), tr("User deleted")},
        {QStringLiteral("group.create"), tr("Group created")},
        {QStringLiteral("group.update"), tr("Group changed")},
        {QStringLiteral("group.delete"), tr("Group deleted")},
    };
}

QString AuditList::actionText(const QString &action)
{
    // The language is chosen once, before the first window.
    static const QHash<QString, QString> all = words();
    return all.value(action, action);
}

QSet<QString> AuditList::actionsCalled(const QString &text)
{
    QSet<QString> actions;
    const QHash<QString, QString> all = words();
    for (auto word = all.begin(); word != all.end(); ++word) {
        if (word.value().contains(text, Qt::CaseInsensitive))
            actions.insert(word.key());
    }
    return actions;
}

} // namespace gatehouse::app
