// SPDX-License-Identifier: GPL-3.0-or-later
//
// The statements of store/database.h.
#include "store/database.h"

#include "store/ids.h"

#include <sqlite3.h>

#include <utility>

namespace gatehouse::store {

using core::Result;

Statement::Statement(Database &database, QByteArray sql, sqlite3_stmt *handle)
    : m_database(&database), m_sql(std::move(sql)), m_handle(handle)
{
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_sql(std::move(other.m_sql)), m_handle(std::exchange(other.m_handle, nullptr)),
      m_fault(std::move(other.m_fault))
{
}

Statement::~Statement()
{
    if (m_handle)
        m_database->giveBack(m_sql, m_handle);
}

Statement &Statement::checked(int code)
{
    if (code != SQLITE_OK && !m_fault)
        m_fault = std::make_unique<core::Error>(m_database->error(code));
    return *this;
}

Statement &Statement::bindInteger(int parameter, qint64 value)
{
    return checked(sqlite3_bind_int64(m_handle, parameter, value));
}

Statement &Statement::bind(int parameter, const QString &text)
{
    return bindUtf8(parameter, text.toUtf8());
}

Statement &Statement::bind(int parameter, const QUuid &id)
{
    if (id.isNull())
        return bindNull(parameter);
    const std::array<char, 16> octets = octetsOf(id);
    return bindBlob(parameter, QByteArrayView(octets.data(), 16));
}

Statement &Statement::bind(int parameter, const QDateTime &time)
{
    return time.isValid() ? bindInteger(parameter, time.toMSecsSinceEpoch()) : bindNull(parameter);
}

Statement &Statement::bindBlob(int parameter, QByteArrayView octets)
{
    // A null pointer would bind NULL instead of nothing.
    return checked(sqlite3_bind_blob64(m_handle, parameter, octets.isEmpty() ? "" : octets.data(),
                                       sqlite3_uint64(octets.size()), SQLITE_TRANSIENT));
}

Statement &Statement::bindUtf8(int parameter, QByteArrayView text)
{
    return checked(sqlite3_bind_text64(m_handle, parameter, text.isEmpty() ? "" : text.data(),
                                       sqlite3_uint64(text.size()), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Statement &Statement::bindNull(int parameter)
{
    return checked(sqlite3_bind_null(m_handle, parameter));
}

Statement &Statement::bindUtf8View(int parameter, QByteArrayView text)
{
    return checked(sqlite3_bind_text64(m_handle, parameter, text.isEmpty() ? "" : text.data(),
                                       sqlite3_uint64(text.size()), SQLITE_STATIC, SQLITE_UTF8));
}

Statement &Statement::bindBlobView(int parameter, QByteArrayView octets)
{
    return checked(sqlite3_bind_blob64(m_handle, parameter, octets.isEmpty() ? "" : octets.data(),
                                       sqlite3_uint64(octets.size()), SQLITE_STATIC));
}

Result<bool> Statement::step()
{
    if (m_fault)
        return core::fail(*m_fault);
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(m_handle);
        return false;
    }
    core::Error error = m_database->error(code);
    sqlite3_reset(m_handle);
    return core::fail(std::move(error));
}

Result<void> Statement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return {};
    }
}

void Statement::reset()
{
    if (m_handle) {
        sqlite3_reset(m_handle);
        sqlite3_clear_bindings(m_handle);
    }
    m_fault.reset();
}

bool Statement::isUniqueViolation(const core::Error &error)
{
    return error.native == SQLITE_CONSTRAINT_UNIQUE || error.native == SQLITE_CONSTRAINT_PRIMARYKEY
           || error.native == SQLITE_CONSTRAINT_ROWID;
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

QString Statement::text(int column) const
{
    return QString::fromUtf8(utf8(column));
}

QUuid Statement::uuid(int column) const
{
    const QByteArrayView octets = blob(column);
    return octets.size() == 16 ? QUuid::fromRfc4122(octets) : QUuid();
}

QDateTime Statement::time(int column) const
{
    return isNull(column) ? QDateTime() : QDateTime::fromMSecsSinceEpoch(integer(column), Qt::UTC);
}

QByteArrayView Statement::utf8(int column) const
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(m_handle, column));
    return text ? QByteArrayView(text, sqlite3_column_bytes(m_handle, column)) : QByteArrayView();
}

QByteArrayView Statement::blob(int column) const
{
    const auto *octets = static_cast<const char *>(sqlite3_column_blob(m_handle, column));
    return octets ? QByteArrayView(octets, sqlite3_column_bytes(m_handle, column)) : QByteArrayView();
}

} // namespace gatehouse::store
