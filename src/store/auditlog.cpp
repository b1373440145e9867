// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/auditlog.h"

#include "store/database.h"

#include <pwd.h>
#include <unistd.h>

namespace gatehouse::store {

using core::Result;

QString systemUser()
{
    passwd entry;
    passwd *found = nullptr;
    char texts[4096];
    if (getpwuid_r(geteuid(), &entry, texts, sizeof(texts), &found) == 0 && found)
        return QString::fromLocal8Bit(found->pw_name);
    return QString::number(geteuid());
}

Result<void> AuditLog::record(const QString &action, const QString &subject, const QString &detail)
{
    return m_database.prepare("INSERT INTO audit (at, actor, action, subject, detail) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(1, QDateTime::currentDateTimeUtc())
        .bind(2, systemUser())
        .bind(3, action)
        .bind(4, subject)
        .bind(5, detail)
        .run();
}

Result<QList<AuditEvent>> AuditLog::list(int offset, int limit, const QString &search)
{
    QString pattern = search;
    for (const QChar special : {u'\\', u'%', u'_'})
        pattern.replace(special, QString(u'\\') + special);
    Statement statement = m_database.prepare("SELECT row, at, actor, action, subject, detail FROM audit"
                                             " WHERE ?1 = '%%' OR actor LIKE ?1 ESCAPE '\\' OR action LIKE ?1 ESCAPE '\\'"
                                             " OR subject LIKE ?1 ESCAPE '\\' OR detail LIKE ?1 ESCAPE '\\'"
                                             " ORDER BY row DESC LIMIT ?2 OFFSET ?3");
    statement.bind(1, QString(u'%' + pattern + u'%')).bind(2, limit).bind(3, offset);
    QList<AuditEvent> events;
    for (;;) {
        const auto row = statement.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return events;
        events.append({statement.integer(0), statement.time(1), statement.text(2), statement.text(3), statement.text(4),
                       statement.text(5)});
    }
}

} // namespace gatehouse::store
