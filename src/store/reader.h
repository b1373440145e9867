// SPDX-License-Identifier: GPL-3.0-or-later
//
// Read-only queries for tables of a million rows: all ids in the order asked for, then rows by id. Owned by the reader
// thread; every query can be cancelled (sqlite3_interrupt) from any thread.
#pragma once

#include "core/cancel.h"
#include "core/identity.h"
#include "core/result.h"
#include "store/relations.h"

#include <QHash>
#include <QString>
#include <QUuid>

#include <memory>
#include <span>
#include <vector>

namespace gatehouse::store {

class Environment;

enum class UserOrder { Username, Name, Email, Population, Enabled, Updated };

struct UserQuery {
    QString search;           ///< substring of username, names or e-mail, without case and accents; empty: everybody
    qint64 population = 0;    ///< 0: any
    int enabled = -1;         ///< -1: any, 0: disabled, 1: enabled
    qint64 group = 0;         ///< members of this group only; 0: any
    UserOrder order = UserOrder::Username;
    bool descending = false;
    bool operator==(const UserQuery &) const = default;
};

/// One line of the users table.
struct UserRow {
    qint64 row = 0;
    QString username;
    QString name; ///< formatted name, else given and family name
    QString email;
    qint64 population = 0;
    bool enabled = true;
    QDateTime updatedAt;
};

class Reader {
public:
    /// Opens its own read-only connection to the environment's file.
    [[nodiscard]] static core::Result<std::unique_ptr<Reader>> open(const QString &path);
    ~Reader();

    /// All matching rows' numbers in order; people without a name or an address come last. At a million users some
    /// 100 ms without and 150 ms with a search, less where order or query were asked for before.
    [[nodiscard]] core::Result<std::vector<qint64>> userIds(const UserQuery &query);
    /// The first @p limit of them, at once, for the first screen.
    [[nodiscard]] core::Result<std::vector<qint64>> firstUserIds(const UserQuery &query, int limit);
    [[nodiscard]] core::Result<std::vector<UserRow>> userRows(std::span<const qint64> ids);
    /// By name; @p search in name, display name and description, without case and accents.
    [[nodiscard]] core::Result<QList<core::Group>> groups(const QString &search);
    /// Population row -> users; populations without users are left out.
    [[nodiscard]] core::Result<QHash<qint64, qint64>> userCountsByPopulation();
    [[nodiscard]] core::Result<GatewayPeople> gatewayPeople(const QUuid &gateway);
    Environment &environment();

    /// Ends the running query with Code::Cancelled. Any thread.
    void interrupt();

private:
    Reader();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::store
