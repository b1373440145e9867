// SPDX-License-Identifier: GPL-3.0-or-later
//
// One file, several processes and connections: locks that stay while somebody has it open, an environment that many make
// at once, files of others that are left as they are.
#include "environmentfixture.h"

#include "store/files.h"
#include "tests/support/testmain.h"

#include <QFile>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;
using Access = Environment::Access;

namespace {

/// What another process sees of this one's locks on the file: a connection in WAL mode holds one as long as it lives.
bool isLockedForOthers(const QString &path)
{
    const pid_t child = fork();
    if (child == 0) {
        const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CLOEXEC);
        struct flock lock = {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = 0x40000002; // SQLite's shared range, sqlite.org/lockingv3.html
        lock.l_len = 510;
        _exit(descriptor >= 0 && ::fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

core::Error openError(const QString &path, Access access)
{
    auto opened = Environment::open(path, access);
    return opened ? core::Error{Code::Internal, QStringLiteral("it opened")} : opened.error();
}

} // namespace

class SharedFileTest : public QObject {
    Q_OBJECT
private slots:
    void closingOneConnectionKeepsTheLocksOfAnother();
    void manyMakeOneEnvironment();
    void refusesVersionsNobodyWrote();
    void leavesForeignDatabaseAsItIs();
};

void SharedFileTest::closingOneConnectionKeepsTheLocksOfAnother()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("ann"), 1)));
    QVERIFY(isLockedForOthers(f.path));
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
        VERIFY_OK(Environment::open(f.path, access)); // and closed again
        QVERIFY(isLockedForOthers(f.path));
    }
    QVERIFY(looseFiles(f.path).isEmpty());
    QVERIFY(isLockedForOthers(f.path));
    f.environment.reset();
    QVERIFY(!isLockedForOthers(f.path));
}

void SharedFileTest::manyMakeOneEnvironment()
{
    for (int round = 0; round < 5; ++round) {
        EnvironmentFixture f;
        QList<pid_t> children;
        for (int number = 0; number < 6; ++number) {
            const pid_t child = fork();
            if (child == 0) {
                const auto opened = Environment::open(f.path, Access::Create);
                const bool good = opened && (*opened)->audit().record(QStringLiteral("made"), QString::number(number));
                if (!opened)
                    qWarning("%s", qPrintable(opened.error().text()));
                _exit(good ? 0 : 1);
            }
            children.append(child);
        }
        for (const pid_t child : std::as_const(children)) {
            int status = 0;
            QCOMPARE(::waitpid(child, &status, 0), child);
            QVERIFY(WIFEXITED(status));
            QCOMPARE(WEXITSTATUS(status), 0);
        }
        VERIFY_OK(f.open());
        QCOMPARE(f.count("audit"), 6);
        QCOMPARE(f.count("populations"), 1);
    }
}

void SharedFileTest::refusesVersionsNobodyWrote()
{
    for (const int version : {-5, -1, 0, 1, int(-2147483647 - 1)}) {
        EnvironmentFixture f;
        VERIFY_OK(f.open());
        VERIFY_OK(f.database().execute("PRAGMA user_version=" + QByteArray::number(version)));
        f.environment.reset();
        const core::Error error = openError(f.path, Access::ReadWrite);
        QCOMPARE(error.code, Code::Corrupt);
        QVERIFY2(error.what.contains(QStringLiteral("damaged")), qPrintable(error.text()));
        QCOMPARE(error.where, f.path);
        QVERIFY(error.isLocal);
    }
}

void SharedFileTest::leavesForeignDatabaseAsItIs()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("foreign.gatehouse"));
    sqlite3 *foreign = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(path).constData(), &foreign), SQLITE_OK);
    QCOMPARE(sqlite3_exec(foreign, "CREATE TABLE x (a); INSERT INTO x VALUES (1)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(foreign);
    const auto content = [&path] {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    const QByteArray before = content();
    for (const Access access : {Access::ReadOnly, Access::ReadWrite, Access::Create}) {
        const core::Error error = openError(path, access);
        QCOMPARE(error.code, Code::Corrupt);
        QVERIFY2(error.what.contains(QStringLiteral("not an environment")), qPrintable(error.text()));
        QCOMPARE(error.where, path);
    }
    QVERIFY(content() == before);
}

CONSOLE_TEST(SharedFileTest)
#include "tst_sharedfile.moc"
