// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to an environment's SQLite file, its statements and transactions; the only place that knows Qt Sql
// and SQLite. Qt Sql opens and owns the connection; statements run on its native handle, because QVariant costs five
// times the query when a million rows are read. Belongs to the thread that opened it, save interrupt(). Never decides
// what is stored.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QDateTime>
#include <QString>
#include <QUuid>

#include <concepts>
#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace gatehouse::store {

class Database;

/// A prepared statement, taken from the connection's cache and given back at the end of its scope. A fault of
/// preparing or binding is kept and comes out of step(). Parameters count from 1, columns from 0.
class Statement {
public:
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    Statement &bind(int parameter, std::integral auto value) { return bindInteger(parameter, qint64(value)); }
    Statement &bind(int parameter, const QString &text);
    Statement &bind(int parameter, const QUuid &id);       ///< 16 octets, big-endian; a null id is NULL
    Statement &bind(int parameter, const QDateTime &time); ///< milliseconds since 1970 UTC; an invalid time is NULL
    Statement &bindBlob(int parameter, QByteArrayView octets);
    Statement &bindUtf8(int parameter, QByteArrayView text);
    Statement &bindNull(int parameter);
    // Not copied: the octets must stay until the next reset().
    Statement &bindUtf8View(int parameter, QByteArrayView text);
    Statement &bindBlobView(int parameter, QByteArrayView octets);

    /// True: a row stands ready. False: done, and the statement is reset for the next round.
    [[nodiscard]] core::Result<bool> step();
    /// Steps to the end.
    [[nodiscard]] core::Result<void> run();
    /// Forgets row and parameters.
    void reset();
    /// True when step() failed because a UNIQUE constraint refused the row; the transaction is still whole.
    static bool isUniqueViolation(const core::Error &error);

    bool isNull(int column) const;
    qint64 integer(int column) const;
    QString text(int column) const;
    QUuid uuid(int column) const;
    QDateTime time(int column) const;
    // Valid until the next step() or reset().
    QByteArrayView utf8(int column) const;
    QByteArrayView blob(int column) const;

private:
    friend class Database;
    Statement(Database &database, QByteArray sql, sqlite3_stmt *handle);
    Statement &bindInteger(int parameter, qint64 value);
    Statement &checked(int code);
    Database *m_database;
    QByteArray m_sql;
    sqlite3_stmt *m_handle;
    std::unique_ptr<core::Error> m_fault;
};

/// To be compared only; see Database::changeToken().
struct ChangeToken {
    qint64 others = -1; ///< differs whenever another connection has committed
    qint64 own = -1;    ///< differs whenever this one has changed a row
    bool operator==(const ChangeToken &) const = default;
};

class Database {
public:
    enum class Access { ReadOnly, ReadWrite, Create };
    [[nodiscard]] static core::Result<std::unique_ptr<Database>> open(const QString &path, Access access);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    const QString &path() const;
    bool isReadOnly() const;

    /// @p sql is cached by its text: pass literals or few variants.
    Statement prepare(const QByteArray &sql);
    /// One or several statements separated by ';', without parameters or results.
    [[nodiscard]] core::Result<void> execute(const QByteArray &sql);
    /// The first column of the first row; 0 when there is none.
    [[nodiscard]] core::Result<qint64> integer(const QByteArray &sql);

    /// Rows changed by the last INSERT, UPDATE or DELETE.
    qint64 changes() const;
    qint64 lastInsertRow() const;
    /// Differs from an earlier one whenever a row was changed since, by whichever program. Costs no query of a table.
    [[nodiscard]] core::Result<ChangeToken> changeToken();
    /// How long to wait for another writer before answering Busy (default 5,000 ms).
    void setBusyTimeout(int milliseconds);
    /// Ends the running statement with Code::Cancelled. Any thread.
    void interrupt();

private:
    friend class Statement;
    friend class Transaction;
    friend class QuickCommits;
    enum class Place { Ordinary, Immutable }; ///< Immutable: nobody writes there, so no lock is needed
    Database();
    [[nodiscard]] static core::Result<std::unique_ptr<Database>> openAt(const QString &path, Access access, Place place);
    [[nodiscard]] core::Result<void> connect(Place place);
    [[nodiscard]] core::Result<void> configure(Access access);
    [[nodiscard]] core::Result<void> keepLog();
    core::Error error(int code) const;
    void giveBack(const QByteArray &sql, sqlite3_stmt *handle);
    struct Private;
    std::unique_ptr<Private> d;
};

/// A transaction, rolled back at the end of its scope unless it was committed. One begun within another joins it: then
/// only the outermost commit writes, and a roll-back within rolls back the whole.
class Transaction {
public:
    /// Write: waits for other writers (Busy after the timeout). Read: one unchanging state for several queries.
    enum class Kind { Read, Write };
    [[nodiscard]] static core::Result<Transaction> begin(Database &database, Kind kind = Kind::Write);
    Transaction(Transaction &&other) noexcept;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    [[nodiscard]] core::Result<void> commit();

private:
    explicit Transaction(Database &database) : m_database(&database) {}
    Database *m_database;
};

/// Commits are on the disk when they return (a power cut takes nothing that somebody was told is done) but while one of
/// these lives: then they are safe from the end of the program only, which costs a batch no wait, until the next
/// ordinary commit makes all of them durable. Neither begins nor ends within a transaction.
class QuickCommits {
public:
    explicit QuickCommits(Database &database);
    QuickCommits(const QuickCommits &) = delete;
    QuickCommits &operator=(const QuickCommits &) = delete;
    ~QuickCommits();

private:
    Database &m_database;
};

} // namespace gatehouse::store
