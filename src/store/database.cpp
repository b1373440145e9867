// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "store/migrations.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QList>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <sqlite3.h>

#include <atomic>

namespace gatehouse::store {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr int kMaxCachedStatements = 200;
// SQLite's cache counts in KiB when negative. A writer of a million users needs the upper pages of all indexes.
constexpr int kWriterCacheKiB = 64 * 1024;
constexpr int kReaderCacheKiB = 32 * 1024;
// Pages. Indexes that are filled in random order touch the same pages in every batch: the longer the log, the more of
// these writes fall together. 16,000 pages are 64 MB.
constexpr int kCheckpointPages = 16000;
constexpr char kMagic[] = "SQLite format 3"; // with its closing zero octet: 16 octets

Code codeOf(int sqlite)
{
    switch (sqlite & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Code::Busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::Corrupt;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: return Code::Denied;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM: return Code::LimitExceeded;
    case SQLITE_INTERRUPT: return Code::Cancelled;
    case SQLITE_CONSTRAINT: return Code::Conflict;
    default: return Code::Internal;
    }
}

QString phraseOf(int sqlite)
{
    switch (sqlite & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return QStringLiteral("another process is writing to this environment");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return QStringLiteral("the environment's file is damaged");
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return QStringLiteral("the environment's file cannot be written");
    case SQLITE_CANTOPEN: return QStringLiteral("the environment's file cannot be opened");
    case SQLITE_FULL: return QStringLiteral("the disk is full");
    case SQLITE_NOMEM: return QStringLiteral("out of memory");
    case SQLITE_INTERRUPT: return QStringLiteral("the query was cancelled");
    case SQLITE_CONSTRAINT: return QStringLiteral("the environment refused the row");
    case SQLITE_IOERR: return QStringLiteral("reading or writing the environment's file failed");
    default: return QStringLiteral("the environment's file could not be used");
    }
}

/// What can be said about the file before SQLite touches it.
Result<void> inspect(const QString &path, Database::Access access)
{
    const QFileInfo file(path);
    if (file.isDir())
        return core::fail(Code::InvalidInput, QStringLiteral("an environment is a file, but this is a directory"), {}, path);
    if (!file.exists()) {
        if (access != Database::Access::Create)
            return core::fail(Code::NotFound, QStringLiteral("there is no such environment"), {}, path);
        const QFileInfo directory(file.absolutePath());
        if (!directory.isDir())
            return core::fail(Code::NotFound, QStringLiteral("the directory for the environment does not exist"), {},
                              directory.filePath());
        if (!directory.isWritable())
            return core::fail(Code::Denied, QStringLiteral("the directory for the environment cannot be written"), {},
                              directory.filePath());
        return {};
    }
    QFile octets(path);
    if (!octets.open(QIODevice::ReadOnly))
        return core::fail(Code::Denied, QStringLiteral("the environment's file cannot be read"), octets.errorString(), path);
    const QByteArray head = octets.read(sizeof(kMagic));
    if (head.isEmpty() && access == Database::Access::Create)
        return {};
    if (head != QByteArrayView(kMagic, sizeof(kMagic)))
        return core::fail(Code::Corrupt, QStringLiteral("this file is not an environment"), {}, path);
    if (access != Database::Access::ReadOnly && !file.isWritable())
        return core::fail(Code::Denied, QStringLiteral("the environment's file cannot be written"), {}, path);
    return {};
}

} // namespace

struct Database::Private {
    QString path;
    QString connection; ///< Qt Sql's name of the connection
    bool readOnly = false;
    std::atomic<sqlite3 *> handle = nullptr;
    QHash<QByteArray, QList<sqlite3_stmt *>> cache;
    int cached = 0;
    int depth = 0;      ///< of nested transactions
    bool doomed = false; ///< an inner transaction was rolled back
};

Database::Database() : d(std::make_unique<Private>()) {}

Database::~Database()
{
    for (const QList<sqlite3_stmt *> &statements : std::as_const(d->cache)) {
        for (sqlite3_stmt *statement : statements)
            sqlite3_finalize(statement);
    }
    d->handle = nullptr;
    if (!d->connection.isEmpty()) {
        QSqlDatabase::database(d->connection, false).close();
        QSqlDatabase::removeDatabase(d->connection);
    }
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, Access access)
{
    if (auto inspected = inspect(path, access); !inspected)
        return core::fail(inspected.error());

    static std::atomic<quint64> number = 0;
    std::unique_ptr<Database> database(new Database);
    Private *d = database->d.get();
    d->path = path;
    d->readOnly = access == Access::ReadOnly;
    d->connection = QStringLiteral("environment-%1").arg(++number);

    QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), d->connection);
    if (!connection.isValid())
        return core::fail(Code::Unsupported, QStringLiteral("Qt's SQLite driver is not installed"),
                          connection.lastError().text());
    QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyTimeoutMs);
    if (d->readOnly)
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    connection.setConnectOptions(options);
    connection.setDatabaseName(path);
    if (!connection.open())
        return core::fail(Error{Code::Denied, QStringLiteral("the environment's file cannot be opened"),
                                connection.lastError().text(), path,
                                connection.lastError().nativeErrorCode().toInt()});

    // The driver may have been built with an SQLite of its own; its handles would be poison to ours.
    {
        QSqlQuery version(QStringLiteral("SELECT sqlite_source_id()"), connection);
        if (!version.next() || version.value(0).toString() != QLatin1String(sqlite3_sourceid()))
            return core::fail(Code::Unsupported, QStringLiteral("Qt's SQLite driver uses another SQLite than this program"),
                              version.lastError().text());
    }
    const QVariant handle = connection.driver()->handle();
    if (qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return core::fail(Code::Unsupported, QStringLiteral("Qt's SQLite driver does not hand out its connection"));
    d->handle = *static_cast<sqlite3 *const *>(handle.constData());
    sqlite3_extended_result_codes(d->handle, 1);

    if (auto configured = database->configure(access); !configured)
        return core::fail(configured.error().in(path));
    if (auto migrated = migrate(*database); !migrated)
        return core::fail(migrated.error().in(path));
    return database;
}

Result<void> Database::configure(Access access)
{
    // Names that come from a file must never run as SQL, and a damaged schema must not be trusted.
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_db_config(d->handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    const QByteArray cache = QByteArray::number(d->readOnly ? -kReaderCacheKiB : -kWriterCacheKiB);
    auto done = execute("PRAGMA cache_size=" + cache + "; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                        "PRAGMA cell_size_check=ON");
    if (!done || d->readOnly)
        return done;
    if (access == Access::Create) {
        const auto pages = integer("PRAGMA page_count");
        if (!pages)
            return core::fail(pages.error());
        if (*pages == 0)
            done = execute("PRAGMA application_id=" + QByteArray::number(kApplicationId));
        if (!done)
            return done;
    }
    return execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                   "PRAGMA wal_autocheckpoint=" + QByteArray::number(kCheckpointPages));
}

const QString &Database::path() const
{
    return d->path;
}

bool Database::isReadOnly() const
{
    return d->readOnly;
}

Error Database::error(int code) const
{
    Error error{codeOf(code), phraseOf(code), {}, {}, code};
    // Busy and cancelled say all in their phrase.
    if (error.code != Code::Busy && error.code != Code::Cancelled)
        error.detail = QString::fromUtf8(d->handle ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code));
    return error;
}

Statement Database::prepare(const QByteArray &sql)
{
    if (auto found = d->cache.find(sql); found != d->cache.end() && !found->isEmpty()) {
        --d->cached;
        return Statement(*this, found.key(), found->takeLast());
    }
    sqlite3_stmt *handle = nullptr;
    const int code = sqlite3_prepare_v3(d->handle, sql.constData(), int(sql.size()), SQLITE_PREPARE_PERSISTENT, &handle,
                                        nullptr);
    // The caller's octets may be a view of a buffer of its own.
    Statement statement(*this, QByteArray(sql.constData(), sql.size()), handle);
    if (code != SQLITE_OK)
        statement.m_fault = std::make_unique<Error>(error(code));
    return statement;
}

void Database::giveBack(const QByteArray &sql, sqlite3_stmt *handle)
{
    sqlite3_reset(handle);
    if (d->cached >= kMaxCachedStatements) {
        sqlite3_finalize(handle);
        return;
    }
    sqlite3_clear_bindings(handle);
    d->cache[sql].append(handle);
    ++d->cached;
}

Result<void> Database::execute(const QByteArray &sql)
{
    const int code = sqlite3_exec(d->handle, sql.constData(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return core::fail(error(code));
    return {};
}

Result<qint64> Database::integer(const QByteArray &sql)
{
    Statement statement = prepare(sql);
    const auto row = statement.step();
    if (!row)
        return core::fail(row.error());
    return *row ? statement.integer(0) : 0;
}

qint64 Database::changes() const
{
    return sqlite3_changes64(d->handle);
}

qint64 Database::lastInsertRow() const
{
    return sqlite3_last_insert_rowid(d->handle);
}

Result<qint64> Database::dataVersion()
{
    return integer("PRAGMA data_version");
}

void Database::setBusyTimeout(int milliseconds)
{
    sqlite3_busy_timeout(d->handle, milliseconds);
}

void Database::interrupt()
{
    if (sqlite3 *handle = d->handle)
        sqlite3_interrupt(handle);
}

Result<Transaction> Transaction::begin(Database &database, Kind kind)
{
    if (kind == Kind::Write && database.isReadOnly())
        return core::fail(Code::Denied, QStringLiteral("the environment is open for reading only"), {}, database.path());
    if (database.d->depth == 0) {
        if (auto begun = database.prepare(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN").run(); !begun)
            return core::fail(begun.error());
        database.d->doomed = false;
    }
    ++database.d->depth;
    return Transaction(database);
}

Transaction::Transaction(Transaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction()
{
    if (!m_database)
        return;
    m_database->d->doomed = true;
    // SQLite may have rolled back by itself (disk full); then there is nothing left to do.
    if (--m_database->d->depth == 0 && sqlite3_get_autocommit(m_database->d->handle) == 0)
        (void)m_database->prepare("ROLLBACK").run();
}

Result<void> Transaction::commit()
{
    if (m_database->d->doomed)
        return core::fail(Code::Internal, QStringLiteral("a part of the transaction was rolled back"));
    if (m_database->d->depth == 1) {
        if (auto committed = m_database->prepare("COMMIT").run(); !committed)
            return committed; // the destructor rolls back
    }
    --m_database->d->depth;
    m_database = nullptr;
    return {};
}

} // namespace gatehouse::store
