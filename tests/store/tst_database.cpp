// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening an environment: what is made, what is refused and in which words, who may write when, migrations.
#include "environmentfixture.h"

#include "store/migrations.h"
#include "tests/support/testmain.h"

#include <QFile>

#include <QThread>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;
using Access = Environment::Access;

class DatabaseTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void createsWithOnePopulation();
    void refuses_data();
    void refuses();
    void refusesNewer();
    void refusesForeignDatabase();
    void refusesShortened();
    void refusesOverwritten();
    void finishesInterruptedCreation();
    void addsMissingColumns();
    void asksForWritingWhereOlder();
    void readsBesideWriter();
    void changeTokenTellsOfEverybodysChanges();
    void secondWriterIsBusy();
    void writersTakeTurns();
    void readOnlyRefusesWriting();
    void transactionsNest();
    void innerRollbackDoomsTheWhole();
    void statementsKeepFaults();
    void valuesComeBack();
    void interruptsFromAnotherThread();
    void sqlIsNotInText();
    void survivesKilledWriter();

private:
    void overwrite(qint64 offset, const QByteArray &octets)
    {
        QFile file(f->path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(offset));
        QCOMPARE(file.write(octets), octets.size());
    }
    core::Error openError(Access access)
    {
        auto opened = Environment::open(f->path, access);
        return opened ? core::Error{Code::Internal, QStringLiteral("it opened")} : opened.error();
    }
    std::unique_ptr<EnvironmentFixture> f;
};

void DatabaseTest::init()
{
    f = std::make_unique<EnvironmentFixture>();
}

void DatabaseTest::cleanup()
{
    f.reset();
}

void DatabaseTest::createsWithOnePopulation()
{
    VERIFY_OK(f->open());
    const auto populations = f->identities().populations();
    VERIFY_OK(populations);
    QCOMPARE(populations->size(), 1);
    QCOMPARE(populations->first().name, QStringLiteral("Default Population"));
    QVERIFY(populations->first().isDefault);
    QVERIFY(!populations->first().id.isNull());
    const QUuid id = populations->first().id;
    VERIFY_OK(f->open());
    QCOMPARE(f->identities().populations()->first().id, id);
    QCOMPARE(f->environment->path(), f->path);
    QCOMPARE(f->database().integer("PRAGMA foreign_keys").value(), 1);
    QCOMPARE(f->database().integer("PRAGMA user_version").value(), newestMigration());
    QCOMPARE(f->database().integer("PRAGMA application_id").value(), kApplicationId);
}

void DatabaseTest::refuses_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("access");
    QTest::addColumn<int>("code");
    QTest::newRow("missing, read") << "missing" << int(Access::ReadOnly) << int(Code::NotFound);
    QTest::newRow("missing, write") << "missing" << int(Access::ReadWrite) << int(Code::NotFound);
    QTest::newRow("folder missing") << "folder missing" << int(Access::Create) << int(Code::NotFound);
    QTest::newRow("a folder") << "folder" << int(Access::Create) << int(Code::InvalidInput);
    QTest::newRow("text, read") << "text" << int(Access::ReadOnly) << int(Code::Corrupt);
    QTest::newRow("text, create") << "text" << int(Access::Create) << int(Code::Corrupt);
    QTest::newRow("empty, write") << "empty" << int(Access::ReadWrite) << int(Code::Corrupt);
    QTest::newRow("header only") << "header" << int(Access::ReadWrite) << int(Code::Corrupt);
}

void DatabaseTest::refuses()
{
    QFETCH(QString, kind);
    QFETCH(int, access);
    QFETCH(int, code);
    if (kind == QLatin1String("folder missing"))
        f->path = f->folder.filePath(QStringLiteral("no/such/folder.gatehouse"));
    if (kind == QLatin1String("folder"))
        f->path = f->folder.path();
    if (kind == QLatin1String("text") || kind == QLatin1String("empty") || kind == QLatin1String("header")) {
        QFile file(f->path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        if (kind == QLatin1String("text"))
            file.write("dn: dc=example,dc=com\nobjectClass: domain\n");
        if (kind == QLatin1String("header"))
            file.write(QByteArray("SQLite format 3\0garbage follows", 31));
    }
    const core::Error error = openError(Access(access));
    QCOMPARE(core::codeName(error.code), core::codeName(Code(code)));
    QVERIFY(!error.what.isEmpty());
    QVERIFY2(error.where.contains(f->folder.path()), qPrintable(error.text()));
}

void DatabaseTest::refusesNewer()
{
    VERIFY_OK(f->open());
    VERIFY_OK(f->database().execute("PRAGMA user_version=" + QByteArray::number(newestMigration() + 1)));
    f->environment.reset();
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
        const core::Error error = openError(access);
        QCOMPARE(error.code, Code::Corrupt);
        QVERIFY(error.what.contains(QStringLiteral("newer version")));
    }
}

void DatabaseTest::refusesForeignDatabase()
{
    VERIFY_OK(f->open());
    VERIFY_OK(f->database().execute("PRAGMA application_id=42"));
    f->environment.reset();
    const core::Error error = openError(Access::ReadWrite);
    QCOMPARE(error.code, Code::Corrupt);
    QVERIFY(error.what.contains(QStringLiteral("not an environment")));
}

void DatabaseTest::refusesShortened()
{
    VERIFY_OK(f->open());
    std::vector<core::Step> steps;
    for (quint64 entry = 1; entry <= 2000; ++entry)
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
    VERIFY_OK(f->identities().apply(f->context(), steps));
    f->environment.reset();
    QVERIFY(QFile::resize(f->path, QFileInfo(f->path).size() / 2));
    QCOMPARE(openError(Access::ReadOnly).code, Code::Corrupt);
    QCOMPARE(openError(Access::ReadWrite).code, Code::Corrupt);
}

void DatabaseTest::refusesOverwritten()
{
    VERIFY_OK(f->open());
    std::vector<core::Step> steps;
    for (quint64 entry = 1; entry <= 2000; ++entry)
        steps.push_back(createStep(QStringLiteral("user%1").arg(entry), entry));
    VERIFY_OK(f->identities().apply(f->context(), steps));
    // The page at the top of a table or index.
    const qint64 root = f->database().integer("SELECT rootpage FROM sqlite_schema WHERE name = 'users'").value();
    f->environment.reset();
    overwrite((root - 1) * 4096, QByteArray(4096, 'x'));
    const core::Error error = openError(Access::ReadWrite);
    QCOMPARE(error.code, Code::Corrupt);
    QVERIFY(error.what.contains(QStringLiteral("damaged")));
}

void DatabaseTest::finishesInterruptedCreation()
{
    // A program that died after naming the file and before making the first table.
    VERIFY_OK(f->open());
    f->environment.reset();
    QVERIFY(QFile::remove(f->path));
    {
        QFile empty(f->path);
        QVERIFY(empty.open(QIODevice::WriteOnly));
    }
    VERIFY_OK(f->open(Access::Create));
    QCOMPARE(f->identities().populations()->size(), 1);
}

void DatabaseTest::addsMissingColumns()
{
    // A file of a program that knew fewer attributes.
    VERIFY_OK(f->open());
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    VERIFY_OK(f->database().execute("ALTER TABLE users DROP COLUMN photo_href; ALTER TABLE users DROP COLUMN mfaEnabled"));
    f->environment.reset();
    VERIFY_OK(f->open(Access::ReadWrite));
    const auto problem = f->applyOne(createStep(QStringLiteral("bob"), 2, {change("mfaEnabled", {}, true)}));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    VERIFY_OK(f->identities().userByKey(QStringLiteral("ann")));
}

void DatabaseTest::asksForWritingWhereOlder()
{
    VERIFY_OK(f->open());
    VERIFY_OK(f->database().execute("ALTER TABLE users DROP COLUMN photo_href"));
    f->environment.reset();
    const core::Error error = openError(Access::ReadOnly);
    QCOMPARE(error.code, Code::Conflict);
    QVERIFY(error.what.contains(QStringLiteral("older version")));
    VERIFY_OK(f->open(Access::ReadWrite));
    f->environment.reset();
    VERIFY_OK(f->open(Access::ReadOnly));
}

void DatabaseTest::readsBesideWriter()
{
    VERIFY_OK(f->open());
    auto reader = Environment::open(f->path, Access::ReadOnly);
    VERIFY_OK(reader);
    auto transaction = Transaction::begin(f->database());
    VERIFY_OK(transaction);
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    // The reader neither waits nor sees what is not committed.
    QCOMPARE((*reader)->identities().userCount().value(), 0);
    VERIFY_OK(transaction->commit());
    QCOMPARE((*reader)->identities().userCount().value(), 1);
    VERIFY_OK((*reader)->identities().userByKey(QStringLiteral("ann")));
    VERIFY_OK((*reader)->links().load(QUuid::createUuid()));
}

void DatabaseTest::changeTokenTellsOfEverybodysChanges()
{
    VERIFY_OK(f->open());
    Database &database = f->database();
    const auto token = [&] { return database.changeToken().value(); };
    const ChangeToken before = token();
    VERIFY_OK(f->environment->configurations().load());
    QVERIFY(token() == before); // reading is no change

    VERIFY_OK(database.execute("UPDATE meta SET value = value + 1 WHERE key = 'next_user_row'"));
    const ChangeToken own = token();
    QVERIFY(own != before);
    QVERIFY(own.others == before.others);

    const auto other = Environment::open(f->path, Access::ReadWrite);
    VERIFY_OK(other);
    VERIFY_OK((*other)->database().execute("UPDATE meta SET value = value + 1 WHERE key = 'next_user_row'"));
    QVERIFY(token() != own);
    QVERIFY(token() == token());
}

void DatabaseTest::secondWriterIsBusy()
{
    VERIFY_OK(f->open());
    auto other = Environment::open(f->path, Access::ReadWrite);
    VERIFY_OK(other);
    (*other)->database().setBusyTimeout(20);
    auto transaction = Transaction::begin(f->database());
    VERIFY_OK(transaction);
    core::User user;
    user.values.set(f->environment->catalog()->username(), QStringLiteral("ann"));
    const auto enabled = (*other)->identities().setUserEnabled(1, false);
    QVERIFY(!enabled);
    QCOMPARE(enabled.error().code, Code::Busy);
    QVERIFY(enabled.error().isTransient());
    QVERIFY(enabled.error().what.contains(QStringLiteral("another process is writing")));
    const auto saved = (*other)->identities().saveUser(user);
    QVERIFY(!saved);
    QCOMPARE(saved.error().first().code, core::ProblemCode::StoreFault);
    VERIFY_OK(transaction->commit());
    VERIFY_OK((*other)->identities().saveUser(user));
}

void DatabaseTest::writersTakeTurns()
{
    VERIFY_OK(f->open());
    EnvironmentFixture other;
    other.path = f->path;
    VERIFY_OK(other.open(Access::ReadWrite));
    for (quint64 entry = 1; entry <= 40; ++entry) {
        EnvironmentFixture &writer = entry % 2 ? *f : other;
        const auto problem = writer.applyOne(createStep(QStringLiteral("user%1").arg(entry), entry));
        VERIFY_OK(problem);
        QVERIFY(!*problem);
    }
    QCOMPARE(f->identities().userCount().value(), 40);
    QCOMPARE(other.identities().userCount().value(), 40);
    const auto clash = other.applyOne(createStep(QStringLiteral("user1"), 99));
    VERIFY_OK(clash);
    QVERIFY(*clash);
}

void DatabaseTest::readOnlyRefusesWriting()
{
    VERIFY_OK(f->open());
    VERIFY_OK(f->open(Access::ReadOnly));
    QVERIFY(f->database().isReadOnly());
    const auto deleted = f->identities().deleteUser(1);
    QVERIFY(!deleted);
    QCOMPARE(deleted.error().code, Code::Denied);
}

void DatabaseTest::transactionsNest()
{
    VERIFY_OK(f->open());
    Database &database = f->database();
    {
        auto outer = Transaction::begin(database);
        VERIFY_OK(outer);
        auto inner = Transaction::begin(database);
        VERIFY_OK(inner);
        VERIFY_OK(database.execute("INSERT INTO audit VALUES (1, 0, '', '', '', '')"));
        VERIFY_OK(inner->commit());
    }
    QCOMPARE(f->count("audit"), 0); // the outer one was not committed
}

void DatabaseTest::innerRollbackDoomsTheWhole()
{
    VERIFY_OK(f->open());
    Database &database = f->database();
    auto outer = Transaction::begin(database);
    VERIFY_OK(outer);
    {
        auto inner = Transaction::begin(database);
        VERIFY_OK(inner);
        VERIFY_OK(database.execute("INSERT INTO audit VALUES (1, 0, '', '', '', '')"));
    }
    QVERIFY(!outer->commit());
}

void DatabaseTest::statementsKeepFaults()
{
    VERIFY_OK(f->open());
    Database &database = f->database();
    const auto bad = database.prepare("SELECT something FROM nowhere").step();
    QVERIFY(!bad);
    QVERIFY2(bad.error().detail.contains(QStringLiteral("nowhere")), qPrintable(errorText(bad.error())));
    const auto parameter = database.prepare("SELECT ?1").bind(7, 1).step();
    QVERIFY(!parameter);
    // A statement taken twice is two statements.
    Statement first = database.prepare("SELECT 1 UNION SELECT 2");
    QVERIFY(first.step().value());
    Statement second = database.prepare("SELECT 1 UNION SELECT 2");
    QVERIFY(second.step().value());
    QVERIFY(first.step().value());
    QCOMPARE(first.integer(0), 2);
    QCOMPARE(second.integer(0), 1);
}

void DatabaseTest::valuesComeBack()
{
    VERIFY_OK(f->open());
    const QUuid id = timeOrderedId();
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(1700000000123, Qt::UTC);
    const QString text = QStringLiteral("\u00fc\U0001F600 '\";--");
    const QByteArray octets("\0\xff\x80", 3);
    Statement statement = f->database().prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7");
    statement.bind(1, id).bind(2, time).bind(3, text).bindBlob(4, octets).bind(5, QUuid()).bind(6, QDateTime()).bind(7, QString());
    QVERIFY(statement.step().value());
    QCOMPARE(statement.uuid(0), id);
    QCOMPARE(statement.time(1), time);
    QCOMPARE(statement.text(2), text);
    QCOMPARE(statement.blob(3), octets);
    QVERIFY(statement.isNull(4));
    QVERIFY(statement.uuid(4).isNull());
    QVERIFY(!statement.time(5).isValid());
    QVERIFY(!statement.isNull(6));
    QCOMPARE(statement.text(6), QString());
}

void DatabaseTest::interruptsFromAnotherThread()
{
    VERIFY_OK(f->open());
    Database &database = f->database();
    std::unique_ptr<QThread> thread(QThread::create([&] {
        for (int round = 0; round < 400; ++round) {
            QThread::msleep(5);
            database.interrupt();
        }
    }));
    thread->start();
    // Would count for hours.
    const auto counted = database.integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e13)"
                                          " SELECT count(*) FROM n");
    QVERIFY(!counted);
    QCOMPARE(counted.error().code, Code::Cancelled);
    thread->wait();
}

void DatabaseTest::sqlIsNotInText()
{
    VERIFY_OK(f->open());
    const QString nasty = QStringLiteral("'); DROP TABLE users; --");
    const auto problem = f->applyOne(createStep(nasty, 1));
    VERIFY_OK(problem);
    QVERIFY(!*problem);
    VERIFY_OK(f->identities().userByKey(nasty));
    const auto events = f->environment->audit().list(0, 10, QStringLiteral("%_\\'"));
    VERIFY_OK(events);
    QCOMPARE(events->size(), 0);
}

void DatabaseTest::survivesKilledWriter()
{
    VERIFY_OK(f->open());
    VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    f->environment.reset();
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        // In the middle of a batch, committed and not.
        if (!f->open(Access::ReadWrite) || !f->applyOne(createStep(QStringLiteral("bob"), 2)))
            _exit(1);
        auto transaction = Transaction::begin(f->database());
        if (!transaction || !f->applyOne(createStep(QStringLiteral("carl"), 3)))
            _exit(1);
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    VERIFY_OK(f->open(Access::ReadWrite));
    QCOMPARE(f->identities().userCount().value(), 2);
    QCOMPARE(f->count("links"), 2);
    VERIFY_OK(f->identities().userByKey(QStringLiteral("bob")));
}

CONSOLE_TEST(DatabaseTest)
#include "tst_database.moc"
