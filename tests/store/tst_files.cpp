// SPDX-License-Identifier: GPL-3.0-or-later
//
// Who may read the files of an environment and of exports, whatever the umask is; exports that are whole or not there.
#include "environmentfixture.h"

#include "store/files.h"
#include "store/outputfile.h"
#include "store/rulelock.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QFile>

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::store;
using core::Code;

namespace {

/// The file's permission bits; -1: there is none.
int modeOf(const QString &path)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? int(status.st_mode & 07777) : -1;
}

class Umask {
public:
    explicit Umask(mode_t mask) : m_before(::umask(mask)) {}
    ~Umask() { ::umask(m_before); }

private:
    mode_t m_before;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

} // namespace

class FilesTest : public QObject {
    Q_OBJECT
private slots:
    void modesWhateverTheUmask_data();
    void modesWhateverTheUmask();
    void looseFilesAreSaid();
    void makesMissingFolders();
    void outputReplacesTheWholeFile();
    void outputFollowsLinks();
    void outputThatFailsLeavesTheOldFile();
    void outputSaysWhereItCannotBe();
    void outputToADevice();
    void outputNeverReplacesTheEnvironment();
};

void FilesTest::modesWhateverTheUmask_data()
{
    QTest::addColumn<int>("umask");
    QTest::addColumn<int>("folderMode");
    QTest::addColumn<int>("expected");
    QTest::newRow("usual") << 022 << 0755 << 0600;
    QTest::newRow("open to all") << 0 << 0777 << 0600;
    QTest::newRow("closed") << 0777 << 0700 << 0600;
    QTest::newRow("shared folder") << 022 << 02775 << 0660;
    QTest::newRow("shared folder, closed") << 077 << 02770 << 0660;
}

void FilesTest::modesWhateverTheUmask()
{
    QFETCH(int, umask);
    QFETCH(int, folderMode);
    QFETCH(int, expected);
    EnvironmentFixture f;
    QCOMPARE(::chmod(QFile::encodeName(f.folder.path()).constData(), mode_t(folderMode)), 0);
    const Umask mask{mode_t(umask)};
    VERIFY_OK(f.open());
    VERIFY_OK(f.applyOne(createStep(QStringLiteral("ann"), 1)));
    for (const char *suffix : {"", "-wal", "-shm"})
        QCOMPARE(modeOf(f.path + QLatin1String(suffix)), expected);
    const QUuid rule = QUuid::createUuid();
    const auto lock = RuleLock::acquire(f.path, rule);
    VERIFY_OK(lock);
    QCOMPARE(modeOf(f.path + u'.' + rule.toString(QUuid::WithoutBraces) + QStringLiteral(".lock")), expected);
    OutputFile output(f.folder.filePath(QStringLiteral("people.csv")));
    VERIFY_OK(output.open());
    output.write("people");
    VERIFY_OK(output.commit());
    QCOMPARE(modeOf(f.folder.filePath(QStringLiteral("people.csv"))), expected);
    QVERIFY(looseFiles(f.path).isEmpty());
    // Nothing else is left in the folder.
    QCOMPARE(QDir(f.folder.path()).entryList({QStringLiteral("*.new")}, QDir::Files | QDir::Hidden), QStringList());
}

void FilesTest::looseFilesAreSaid()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    QCOMPARE(::chmod(QFile::encodeName(f.path).constData(), 0644), 0);
    const QList<core::Error> warnings = looseFiles(f.path);
    QCOMPARE(warnings.size(), 1);
    QCOMPARE(warnings.first().where, f.path);
    QVERIFY2(warnings.first().detail.contains(QStringLiteral("chmod 600 '%1'").arg(f.path)), qPrintable(warnings.first().detail));
    // The group of a shared folder is meant, others are not.
    QCOMPARE(::chmod(QFile::encodeName(f.folder.path()).constData(), 02770), 0);
    QCOMPARE(::chmod(QFile::encodeName(f.path).constData(), 0660), 0);
    QVERIFY(looseFiles(f.path).isEmpty());
    QCOMPARE(::chmod(QFile::encodeName(f.path).constData(), 0664), 0);
    QCOMPARE(looseFiles(f.path).size(), 1);
    QVERIFY(looseFiles(f.path).first().detail.contains(QStringLiteral("chmod 660")));
}

void FilesTest::makesMissingFolders()
{
    const QTemporaryDir home;
    const Umask mask{022};
    const QString path = home.filePath(QStringLiteral("data/gatehouse/default.gatehouse"));
    VERIFY_OK(makeFoldersFor(path));
    VERIFY_OK(makeFoldersFor(path));
    QCOMPARE(modeOf(home.filePath(QStringLiteral("data"))), 0700);
    QCOMPARE(modeOf(home.filePath(QStringLiteral("data/gatehouse"))), 0700);
    VERIFY_OK(Environment::open(path, Environment::Access::Create));
    const auto nowhere = makeFoldersFor(QStringLiteral("/proc/nowhere/x.gatehouse"));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().where, QStringLiteral("/proc/nowhere"));
    QVERIFY(nowhere.error().isLocal);
}

void FilesTest::outputReplacesTheWholeFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("out"));
    for (const QByteArray &octets : {QByteArray("first, and longer"), QByteArray("second"), QByteArray(3'000'000, 'x')}) {
        OutputFile output(path);
        VERIFY_OK(output.open());
        output.write(octets.first(3));
        output.write(octets.sliced(3));
        VERIFY_OK(output.commit());
        QCOMPARE(contentOf(path), octets);
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("out")});
}

void FilesTest::outputFollowsLinks()
{
    const QTemporaryDir folder;
    const QString link = folder.filePath(QStringLiteral("link"));
    QVERIFY(QFile::link(folder.filePath(QStringLiteral("target")), link));
    OutputFile output(link);
    VERIFY_OK(output.open());
    output.write("people");
    VERIFY_OK(output.commit());
    QVERIFY(QFileInfo(link).isSymLink());
    QCOMPARE(contentOf(folder.filePath(QStringLiteral("target"))), QByteArray("people"));
}

void FilesTest::outputThatFailsLeavesTheOldFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("out"));
    {
        OutputFile output(path);
        VERIFY_OK(output.open());
        output.write("old");
        VERIFY_OK(output.commit());
    }
    {
        OutputFile output(path);
        VERIFY_OK(output.open());
        output.write("never finished");
    }
    QCOMPARE(contentOf(path), QByteArray("old"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("out")});
}

void FilesTest::outputSaysWhereItCannotBe()
{
    const QTemporaryDir folder;
    for (const QString &path : {folder.path(), folder.filePath(QStringLiteral("no/such/folder")), QStringLiteral("/proc/out")}) {
        OutputFile output(path);
        const auto opened = output.open();
        QVERIFY(!opened);
        QCOMPARE(opened.error().where, path);
        QVERIFY(opened.error().isLocal);
    }
}

void FilesTest::outputToADevice()
{
    OutputFile nothing(QStringLiteral("/dev/null"));
    VERIFY_OK(nothing.open());
    nothing.write("people");
    VERIFY_OK(nothing.commit());
    OutputFile full(QStringLiteral("/dev/full"));
    VERIFY_OK(full.open());
    full.write(QByteArray(1'000'000, 'x'));
    QVERIFY(!full.isGood());
    const auto written = full.commit();
    QVERIFY(!written);
    QCOMPARE(written.error().code, Code::LimitExceeded);
    QCOMPARE(written.error().native, ENOSPC);
    // They are what they were.
    struct stat status = {};
    QCOMPARE(::stat("/dev/full", &status), 0);
    QVERIFY(S_ISCHR(status.st_mode));
}

void FilesTest::outputNeverReplacesTheEnvironment()
{
    EnvironmentFixture f;
    VERIFY_OK(f.open());
    const QString link = f.folder.filePath(QStringLiteral("another name"));
    QVERIFY(QFile::link(f.path, link));
    for (const QString &path : {f.path, link}) {
        OutputFile output(path);
        const auto opened = output.open(f.path);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::InvalidInput);
    }
}

CONSOLE_TEST(FilesTest)
#include "tst_files.moc"
