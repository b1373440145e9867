// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.h"

#include "store/files.h"
#include "store/migrations.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QHash>
#include <QList>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QUrl>
#include <QVariant>

#include <sqlite3.h>

#include <atomic>
#include <cerrno>

namespace gatehouse::store {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr int kBusyTimeoutMs = 10'000;
constexpr int kMaxCachedStatements = 200;
// SQLite's cache counts in KiB when negative. A writer of a million users needs the upper pages of all indexes.
constexpr int kWriterCacheKiB = 64 * 1024;
constexpr int kReaderCacheKiB = 32 * 1024;
// Pages. Indexes that are filled in random order touch the same pages in every batch: the longer the log, the more of
// these writes fall together. 16,000 pages are 64 MB.
constexpr int kCheckpointPages = 16000;
constexpr int kRetryMs = 20;

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
    case SQLITE_IOERR: return Code::Denied; // refused by the disk or the file system
    default: return Code::Internal;
    }
}

QString phraseOf(int sqlite)
{
    switch (sqlite & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return QStringLiteral("another process is writing to this environment");
    case SQLITE_CORRUPT: return QStringLiteral("the environment's file is damaged");
    case SQLITE_NOTADB: return QStringLiteral("this file is not an environment");
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

/// What can be said about the file without opening it: that is SQLite's alone (store/files.h).
Result<void> inspect(const QString &path, Database::Access access)
{
    const QFileInfo file(path);
    const auto refuse = [](Code code, const QString &what, const QString &where) {
        return core::failLocally(code, what, {}, where);
    };
    if (file.isDir())
        return refuse(Code::InvalidInput, QStringLiteral("an environment is a file, but this is a directory"), path);
    if (!file.exists()) {
        if (access != Database::Access::Create)
            return refuse(Code::NotFound, QStringLiteral("there is no such environment"), path);
        const QString folder = file.absolutePath();
        if (!QFileInfo(folder).isDir())
            return refuse(Code::NotFound, QStringLiteral("the directory for the environment does not exist"), folder);
        if (!canWrite(folder))
            return refuse(Code::Denied, QStringLiteral("the directory for the environment cannot be written"), folder);
        return makeEmptyFile(path);
    }
    if (!file.isFile() || (file.size() == 0 && access != Database::Access::Create))
        return refuse(Code::Corrupt, QStringLiteral("this file is not an environment"), path);
    if (!canRead(path))
        return refuse(Code::Denied, QStringLiteral("the environment's file cannot be read"), path);
    if (access != Database::Access::ReadOnly && !canWrite(path))
        return refuse(Code::Denied, QStringLiteral("the environment's file cannot be written"), path);
    // SQLite keeps its log beside the file.
    if (access != Database::Access::ReadOnly && !canWrite(file.absolutePath()))
        return refuse(Code::Denied, QStringLiteral("the directory of the environment cannot be written"), file.absolutePath());
    return {};
}

/// A fault of opening, with the file that it is about.
tl::unexpected<Error> faultAt(const QString &path, Error error)
{
    if (error.where.isEmpty())
        error.where = path;
    error.isLocal = true;
    return core::fail(std::move(error));
}

/// SQLite wants to write its log even to read; where it cannot, and nobody has written to the file since it was closed,
/// it is read as it is.
Result<void> mayBeReadAsItIs(const QString &path)
{
    const QString log = path + QStringLiteral("-wal");
    if (QFileInfo(log).size() == 0)
        return {};
    return core::failLocally(Code::Denied, QStringLiteral("the environment cannot be read without the right to write"),
                             QStringLiteral("a program that writes it runs, or was killed, and its changes are still in %1;"
                                            " open it once where it can be written")
                                 .arg(log),
                             path);
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
    int quick = 0;       ///< of living QuickCommits
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
    auto database = openAt(path, access, Place::Ordinary);
    if (database || access != Access::ReadOnly)
        return database;
    const int fault = database.error().native & 0xff;
    const bool wantsToWrite = database.error().isLocal && (fault == SQLITE_CANTOPEN || fault == SQLITE_READONLY);
    if (!wantsToWrite || canWrite(QFileInfo(path).absolutePath()))
        return database;
    if (auto readable = mayBeReadAsItIs(path); !readable)
        return core::fail(readable.error());
    return openAt(path, access, Place::Immutable);
}

Result<std::unique_ptr<Database>> Database::openAt(const QString &path, Access access, Place place)
{
    std::unique_ptr<Database> database(new Database);
    database->d->path = path;
    database->d->readOnly = access == Access::ReadOnly;
    if (auto connected = database->connect(place); !connected)
        return faultAt(path, connected.error());
    if (auto configured = database->configure(access); !configured)
        return faultAt(path, configured.error());
    if (auto migrated = migrate(*database); !migrated)
        return faultAt(path, migrated.error());
    return database;
}

Result<void> Database::connect(Place place)
{
    static std::atomic<quint64> number = 0;
    d->connection = QStringLiteral("environment-%1").arg(++number);
    QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), d->connection);
    if (!connection.isValid())
        return core::fail(Code::Unsupported, QStringLiteral("Qt's SQLite driver is not installed"),
                          connection.lastError().text());
    QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyTimeoutMs);
    if (d->readOnly)
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    QString name = d->path;
    if (place == Place::Immutable) {
        options += QStringLiteral(";QSQLITE_OPEN_URI");
        name = QStringLiteral("file:") + QString::fromLatin1(QUrl::toPercentEncoding(d->path, "/")) + QStringLiteral("?immutable=1");
    }
    connection.setConnectOptions(options);
    connection.setDatabaseName(name);
    if (!connection.open())
        return core::fail(Error{Code::Denied, QStringLiteral("the environment's file cannot be opened"),
                                connection.lastError().text(), d->path,
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
    return {};
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
    if (done && access == Access::Create) {
        const auto pages = integer("PRAGMA page_count");
        if (!pages)
            return core::fail(pages.error());
        if (*pages == 0)
            done = execute("PRAGMA application_id=" + QByteArray::number(kApplicationId));
    }
    // Before anything is written to a file that is another program's.
    if (done)
        done = checkIdentity(*this);
    if (done && !d->readOnly)
        done = keepLog();
    return done;
}

Result<void> Database::keepLog()
{
    // Two programs that make one environment at the same time get into each other's way here.
    QDeadlineTimer deadline(kBusyTimeoutMs);
    for (;;) {
        const auto set = execute("PRAGMA journal_mode=WAL");
        if (set)
            break;
        if (set.error().code != Code::Busy || deadline.hasExpired())
            return set;
        QThread::msleep(kRetryMs);
    }
    return execute("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=" + QByteArray::number(kCheckpointPages));
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
    Error error{codeOf(code), phraseOf(code), {}, d->path, code};
    error.isLocal = true;
    // Busy and cancelled say all in their phrase.
    if (error.code == Code::Busy || error.code == Code::Cancelled)
        return error;
    error.detail = QString::fromUtf8(d->handle ? sqlite3_errmsg(d->handle) : sqlite3_errstr(code));
    const int kind = code & 0xff;
    const int system = d->handle ? sqlite3_system_errno(d->handle) : 0;
    if (system != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_FULL))
        error.detail += QStringLiteral(": ") + qt_error_string(system);
    if (kind == SQLITE_FULL || ((kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) && (system == ENOSPC || system == EDQUOT || system == EFBIG))) {
        error.code = Code::LimitExceeded;
        error.what = phraseOf(SQLITE_FULL);
    }
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

Result<ChangeToken> Database::changeToken()
{
    const auto others = integer("PRAGMA data_version");
    if (!others)
        return core::fail(others.error());
    return ChangeToken{*others, sqlite3_total_changes64(d->handle)};
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
        return core::failLocally(Code::Denied, QStringLiteral("the environment is open for reading only"), {}, database.path());
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

QuickCommits::QuickCommits(Database &database) : m_database(database)
{
    // SQLite refuses within a transaction; then the commits stay durable.
    if (m_database.d->quick++ == 0 && sqlite3_get_autocommit(m_database.d->handle) != 0)
        (void)m_database.execute("PRAGMA synchronous=NORMAL");
}

QuickCommits::~QuickCommits()
{
    if (--m_database.d->quick == 0)
        (void)m_database.execute("PRAGMA synchronous=FULL");
}

} // namespace gatehouse::store
