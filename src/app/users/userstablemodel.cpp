// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/users/userstablemodel.h"

#include "app/roles.h"
#include "app/text.h"

#include <algorithm>

namespace gatehouse::app {

UsersTableModel::UsersTableModel(Console &console, QObject *parent)
    : QAbstractTableModel(parent), m_console(console), m_pages(kPagesKept)
{
    connect(&console, &Console::usersChanged, this, &UsersTableModel::refresh);
    connect(&console, &Console::configurationChanged, this, [this] {
        // Populations are shown by name.
        if (!m_ids.empty())
            emit dataChanged(index(0, Population), index(int(m_ids.size()) - 1, Population));
    });
}

void UsersTableModel::setQuery(const store::UserQuery &query)
{
    m_query = query;
    m_again = false;
    ask(true);
}

void UsersTableModel::refresh()
{
    if (m_paused) {
        m_again = true;
        return;
    }
    if (isLoading()) {
        // A run changes users many times a second: one more read after this one shows them all.
        m_again = true;
        return;
    }
    ask(false);
}

void UsersTableModel::setPaused(bool paused)
{
    m_paused = paused;
    if (!paused && !isLoading() && std::exchange(m_again, false))
        ask(false);
}

void UsersTableModel::ask(bool firstScreen)
{
    m_console.reader().cancel(m_firstRequest);
    m_console.reader().cancel(m_idsRequest);
    m_firstRequest = 0;
    m_idsRequest = 0;
    if (!firstScreen) {
        askAll();
        return;
    }
    // The reader works in the order asked: what is seen first goes first.
    using Ids = std::vector<qint64>;
    m_firstRequest = m_console.read<Ids>(
        this, [query = m_query](store::Reader &reader) { return reader.firstUserIds(query, kFirstRows); },
        [this](core::Result<Ids> ids) {
            m_firstRequest = 0;
            if (ids) {
                takeIds(std::move(*ids));
                if (!m_ids.empty())
                    askPage(0);
            }
            askAll();
        });
}

void UsersTableModel::askAll()
{
    using Ids = std::vector<qint64>;
    m_idsRequest = m_console.read<Ids>(
        this, [query = m_query](store::Reader &reader) { return reader.userIds(query); },
        [this](core::Result<Ids> ids) {
            m_idsRequest = 0;
            if (ids) {
                takeIds(std::move(*ids));
                emit loaded();
            } else {
                emit failed(ids.error());
            }
            if (!m_paused && std::exchange(m_again, false))
                ask(false);
        });
}

void UsersTableModel::takeIds(std::vector<qint64> ids)
{
    const size_t shorter = std::min(m_ids.size(), ids.size());
    const size_t head = size_t(std::mismatch(m_ids.begin(), m_ids.begin() + qsizetype(shorter), ids.begin()).first
                               - m_ids.begin());
    size_t tail = 0;
    while (tail < shorter - head && m_ids[m_ids.size() - 1 - tail] == ids[ids.size() - 1 - tail])
        ++tail;
    const size_t gone = m_ids.size() - head - tail;
    const size_t come = ids.size() - head - tail;
    forgetPages();
    if (gone > kMaxMoved || (come > kMaxMoved && tail > 0)) {
        beginResetModel();
        m_ids = std::move(ids);
        endResetModel();
        return;
    }
    // What stays the same keeps its selection and its place on the screen.
    if (gone > 0) {
        beginRemoveRows({}, int(head), int(head + gone) - 1);
        m_ids.erase(m_ids.begin() + qsizetype(head), m_ids.begin() + qsizetype(head + gone));
        endRemoveRows();
    }
    if (come > 0) {
        beginInsertRows({}, int(head), int(head + come) - 1);
        m_ids = std::move(ids);
        endInsertRows();
    }
    if (!m_ids.empty())
        emit dataChanged(index(0, 0), index(int(m_ids.size()) - 1, ColumnCount - 1));
}

void UsersTableModel::forgetPages()
{
    for (const auto &[page, request] : std::as_const(m_asked))
        m_console.reader().cancel(request);
    m_asked.clear();
    // What was known stays on the screen until it is read again: nothing flickers.
    for (const int page : m_pages.keys()) {
        for (const store::UserRow &user : *m_pages.object(page)) {
            if (user.row != 0)
                m_former.insert(user.row, user);
        }
    }
    m_pages.clear();
}

qint64 UsersTableModel::idAt(int row) const
{
    return row >= 0 && size_t(row) < m_ids.size() ? m_ids[size_t(row)] : 0;
}

int UsersTableModel::rowOf(qint64 id) const
{
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : int(found - m_ids.begin());
}

int UsersTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_ids.size());
}

int UsersTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const store::UserRow *UsersTableModel::rowAt(int row) const
{
    const int page = row / kPageRows;
    if (const Page *kept = m_pages.object(page)) {
        const store::UserRow &user = (*kept)[size_t(row % kPageRows)];
        return user.row != 0 ? &user : nullptr;
    }
    askPage(page);
    const auto former = m_former.constFind(m_ids[size_t(row)]);
    return former == m_former.constEnd() ? nullptr : &*former;
}

void UsersTableModel::askPage(int page) const
{
    const bool waiting = std::any_of(m_asked.begin(), m_asked.end(), [page](const auto &asked) { return asked.first == page; });
    if (waiting)
        return;
    if (m_asked.size() >= kPagesAsked)
        m_console.reader().cancel(m_asked.takeFirst().second);
    const size_t first = size_t(page) * kPageRows;
    std::vector<qint64> ids(m_ids.begin() + qsizetype(first),
                            m_ids.begin() + qsizetype(std::min(first + kPageRows, m_ids.size())));
    // data() is const, but reading a page changes only what is known, not what is there.
    auto *self = const_cast<UsersTableModel *>(this);
    using Rows = std::vector<store::UserRow>;
    const quint64 request = m_console.read<Rows>(
        self, [ids = std::move(ids)](store::Reader &reader) { return reader.userRows(ids); },
        [self, page](core::Result<Rows> rows) {
            if (rows)
                self->takePage(page, std::move(*rows));
            else
                emit self->failed(rows.error());
        });
    m_asked.append({page, request});
}

void UsersTableModel::takePage(int page, std::vector<store::UserRow> rows)
{
    m_asked.removeIf([page](const auto &asked) { return asked.first == page; });
    const size_t first = size_t(page) * kPageRows;
    const size_t last = std::min(first + kPageRows, m_ids.size());
    if (first >= last)
        return;
    // Users deleted since the ids were read are missing; the others keep their places.
    auto *kept = new Page(last - first);
    size_t next = 0;
    for (size_t row = first; row < last && next < rows.size(); ++row) {
        if (rows[next].row == m_ids[row])
            (*kept)[row - first] = std::move(rows[next++]);
    }
    m_pages.insert(page, kept);
    if (m_asked.isEmpty())
        m_former.clear();
    emit dataChanged(index(int(first), 0), index(int(last) - 1, ColumnCount - 1));
}

QVariant UsersTableModel::display(const store::UserRow &user, int column) const
{
    switch (column) {
    case Username:
        return user.username;
    case Name:
        return user.name;
    case Email:
        return user.email;
    case Population: {
        const core::Population *population = m_console.population(user.population);
        return population ? population->name : QString();
    }
    case Enabled:
        return user.enabled ? tr("Enabled") : tr("Disabled");
    case Updated:
        return Text::relativeTime(user.updatedAt);
    default:
        return {};
    }
}

QVariant UsersTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == IdRole)
        return m_ids[size_t(index.row())];
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != LoadingRole && role != StateRole
        && role != StateTextRole)
        return {};
    const store::UserRow *user = rowAt(index.row());
    if (role == LoadingRole)
        return user == nullptr;
    if (!user)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return display(*user, index.column());
    case Qt::ToolTipRole:
        return index.column() == Updated ? QVariant(Text::fullTime(user->updatedAt)) : QVariant();
    case StateRole:
        return index.column() == Enabled ? QVariant(int(user->enabled ? Tone::Good : Tone::Neutral)) : QVariant();
    case StateTextRole:
        return index.column() == Enabled ? display(*user, Enabled) : QVariant();
    default:
        return {};
    }
}

QVariant UsersTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Username:
        return tr("Username");
    case Name:
        return tr("Name");
    case Email:
        return tr("Email Address");
    case Population:
        return tr("Population");
    case Enabled:
        return tr("State");
    case Updated:
        return tr("Updated");
    default:
        return {};
    }
}

void UsersTableModel::sort(int column, Qt::SortOrder order)
{
    static constexpr store::UserOrder orders[] = {store::UserOrder::Username,   store::UserOrder::Name,
                                                  store::UserOrder::Email,      store::UserOrder::Population,
                                                  store::UserOrder::Enabled,    store::UserOrder::Updated};
    if (column < 0 || column >= ColumnCount)
        return;
    store::UserQuery query = m_query;
    query.order = orders[column];
    query.descending = order == Qt::DescendingOrder;
    if (!(query == m_query))
        setQuery(query);
}

} // namespace gatehouse::app
