// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who did what when, outside of runs: configuration saved, user edited, sign-on refused. Never a secret.
#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace gatehouse::store {

class Database;

/// The operating system's name of who runs this program; the number where it has none.
QString systemUser();

struct AuditEvent {
    qint64 row = 0;
    QDateTime at;
    QString actor;  ///< operating system's user name
    QString action; ///< "configuration.save", "user.create", …
    QString subject;
    QString detail;
};

class AuditLog {
public:
    explicit AuditLog(Database &database) : m_database(database) {}

    [[nodiscard]] core::Result<void> record(const QString &action, const QString &subject, const QString &detail = {});
    /// Newest first.
    [[nodiscard]] core::Result<QList<AuditEvent>> list(int offset = 0, int limit = 200, const QString &search = {});

private:
    Database &m_database;
};

} // namespace gatehouse::store
