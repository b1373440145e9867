// SPDX-License-Identifier: GPL-3.0-or-later
//
// Faults of this machine's files, as a person meets them: a place that may only be read, a full disk, a full folder for
// temporary files, a fresh account, an environment that others may read. Exit code 2 and the path, never the directory's 3.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>
#include <functional>

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse::test;

namespace {

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
}

/// Root may read and write everywhere; then the program is run without what allows that. As root still: another user may not
/// reach the folder of the program.
void obeyModes()
{
    for (const int capability : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
        if (::geteuid() == 0 && ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0)
            ::_exit(99);
    }
}

Printed runAs(const QString &environment, const QStringList &arguments, const std::function<void()> &before,
              const QProcessEnvironment &variables = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(variables);
    process.setChildProcessModifier(before);
    process.start(Ctl::program(), (environment.isEmpty() ? QStringList() : QStringList{QStringLiteral("--environment"), environment})
                                      + QStringList{QStringLiteral("--json")} + arguments);
    Printed printed;
    if (!process.waitForFinished(Ctl::kDeadlineMs)) {
        process.kill();
        process.waitForFinished();
        return printed;
    }
    printed.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    printed.out = process.readAllStandardOutput();
    printed.err = process.readAllStandardError();
    return printed;
}

QString whereOf(const Printed &printed)
{
    return printed.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("where")).toString();
}

void setMode(const QString &path, mode_t mode)
{
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
}

} // namespace

class LocalFaultsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void readsWhereNothingCanBeWritten();
    void saysWhatCannotBeReadThere();
    void refusesToWriteThere();
    void unreadableFile();
    void fullDisk();
    void fullTemporaryFolder();
    void freshAccount();
    void looseFilesAreSaid();
    void versionsOutOfRange_data();
    void versionsOutOfRange();

private:
    /// A folder with a copy of the environment that nobody but its owner may write to.
    QString readOnlyCopy(QTemporaryDir &folder, bool withLog = false) const;
    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<Ctl> m_ctl;
};

void LocalFaultsTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QVERIFY2(m_slapd->load(Slapd::people(3000)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    m_ctl = std::make_unique<Ctl>();
    // Not a file: the one who runs the program may not read it.
    qputenv("LOCAL_FAULTS_PASSWORD", m_slapd->password());
    QJsonObject configuration = Ctl::configuration(*m_slapd);
    QJsonObject gateway = configuration.value(QStringLiteral("gateways")).toArray().at(0).toObject();
    gateway.insert(QStringLiteral("bindPassword"), QJsonObject{{QStringLiteral("env"), QStringLiteral("LOCAL_FAULTS_PASSWORD")}});
    gateway.insert(QStringLiteral("serversHostAndPort"), QJsonArray{m_slapd->hostAndPort()});
    gateway.insert(QStringLiteral("connectionSecurity"), QStringLiteral("None"));
    gateway.remove(QStringLiteral("caCertificateFile"));
    configuration.insert(QStringLiteral("gateways"), QJsonArray{gateway});
    const Printed configured = m_ctl->configure(configuration);
    QVERIFY2(configured.exitCode == 0, configured.err.constData());
    QCOMPARE(m_ctl->run({QStringLiteral("apply"), QStringLiteral("People in")}).exitCode, 0);
}

QString LocalFaultsTest::readOnlyCopy(QTemporaryDir &folder, bool withLog) const
{
    const QString path = folder.filePath(QStringLiteral("a copy, 100% readable?.gatehouse"));
    QFile::copy(m_ctl->environment, path);
    ::chmod(QFile::encodeName(path).constData(), 0444);
    if (withLog) {
        QFile log(path + QStringLiteral("-wal"));
        if (log.open(QIODevice::WriteOnly))
            log.write("not empty");
        log.close();
        ::chmod(QFile::encodeName(log.fileName()).constData(), 0444);
    }
    ::chmod(QFile::encodeName(folder.path()).constData(), 0555);
    return path;
}

void LocalFaultsTest::readsWhereNothingCanBeWritten()
{
    QTemporaryDir folder;
    const QString path = readOnlyCopy(folder);
    for (const char *command : {"user list", "user show user.1", "user export", "group list", "population list", "config export",
                                "gateway list", "gateway show Directory", "gateway credential list", "run list", "run show 1"}) {
        const Printed printed = runAs(path, words(command), obeyModes);
        QVERIFY2(printed.exitCode == 0, QByteArray(QByteArray(command) + ": " + printed.out + printed.err).constData());
        QVERIFY(printed.out.size() > 10 || QByteArray(command).endsWith("group list") || QByteArray(command).endsWith("credential list"));
    }
    QCOMPARE(runAs(path, words("user list"), obeyModes).jsonLines().size(), 3000);
    const Printed plan = runAs(path, {QStringLiteral("plan"), QStringLiteral("People in")}, obeyModes);
    QVERIFY2(plan.exitCode == 0, plan.out.constData());
    setMode(folder.path(), 0755);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void LocalFaultsTest::saysWhatCannotBeReadThere()
{
    QTemporaryDir folder;
    const QString path = readOnlyCopy(folder, true);
    const Printed printed = runAs(path, words("user list"), obeyModes);
    QCOMPARE(printed.exitCode, 2);
    QCOMPARE(whereOf(printed), path);
    QVERIFY2(printed.out.contains("-wal"), printed.out.constData());
    setMode(folder.path(), 0755);
}

void LocalFaultsTest::refusesToWriteThere()
{
    QTemporaryDir folder;
    const QString path = readOnlyCopy(folder);
    const QString file = m_ctl->folder.filePath(QStringLiteral("config.json"));
    setMode(m_ctl->folder.path(), 0755);
    for (const QStringList &arguments :
         {QStringList{QStringLiteral("apply"), QStringLiteral("People in")},
          QStringList{QStringLiteral("config"), QStringLiteral("apply"), file},
          words("gateway endpoint --port 9000"), words("gateway credential revoke 0190b5c0-0000-7000-8000-000000000000")}) {
        const Printed printed = runAs(path, arguments, obeyModes);
        QCOMPARE(printed.exitCode, 2);
        QCOMPARE(whereOf(printed), path);
    }
    // The file may be written, the log beside it not.
    setMode(path, 0666);
    const Printed printed = runAs(path, {QStringLiteral("apply"), QStringLiteral("People in")}, obeyModes);
    QCOMPARE(printed.exitCode, 2);
    QCOMPARE(whereOf(printed), folder.path());
    // A new one.
    const Printed fresh = runAs(folder.filePath(QStringLiteral("new.gatehouse")), {QStringLiteral("config"), QStringLiteral("apply"), file},
                                obeyModes);
    QCOMPARE(fresh.exitCode, 2);
    QCOMPARE(whereOf(fresh), folder.path());
    setMode(folder.path(), 0755);
}

void LocalFaultsTest::unreadableFile()
{
    QTemporaryDir folder;
    const QString path = readOnlyCopy(folder);
    setMode(path, 0);
    const Printed printed = runAs(path, words("user list"), obeyModes);
    QCOMPARE(printed.exitCode, 2);
    QCOMPARE(whereOf(printed), path);
    setMode(folder.path(), 0755);
}

void LocalFaultsTest::fullDisk()
{
    // No file may grow over so much, as on a disk with no room left.
    const auto limited = [](rlim_t octets) {
        return [octets] {
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{octets, octets};
            ::setrlimit(RLIMIT_FSIZE, &limit);
        };
    };
    const QString file = m_ctl->folder.filePath(QStringLiteral("config.json"));
    const QStringList apply{QStringLiteral("apply"), QStringLiteral("People in")};
    Ctl ctl;
    const Printed nothing = runAs(ctl.environment, {QStringLiteral("config"), QStringLiteral("apply"), file}, limited(10'000));
    QCOMPARE(nothing.exitCode, 2);
    QCOMPARE(whereOf(nothing), ctl.environment);
    QVERIFY2(nothing.out.contains("full"), nothing.out.constData());
    QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("apply"), file}).exitCode, 0);
    const Printed half = runAs(ctl.environment, apply, limited(900'000));
    QVERIFY2(half.exitCode == 2, half.out.constData());
    QVERIFY2(whereOf(half) == ctl.environment, half.out.constData());
    // With room again it ends as if nothing had been.
    QCOMPARE(ctl.run(apply).exitCode, 0);
    QCOMPARE(ctl.run(words("--json user list")).jsonLines().size(), 3000);
    for (const QJsonObject &run : ctl.run(words("--json run list")).jsonLines())
        QVERIFY(run.value(QStringLiteral("status")).toString() != QStringLiteral("running"));
}

void LocalFaultsTest::fullTemporaryFolder()
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    const QString nowhere = m_ctl->folder.filePath(QStringLiteral("no such folder"));
    variables.insert(QStringLiteral("TMPDIR"), nowhere);
    Ctl ctl;
    QCOMPARE(ctl.run({QStringLiteral("config"), QStringLiteral("apply"), m_ctl->folder.filePath(QStringLiteral("config.json"))}).exitCode, 0);
    const Printed plan = runAs(ctl.environment, {QStringLiteral("plan"), QStringLiteral("People in")}, [] {}, variables);
    QCOMPARE(plan.exitCode, 2);
    QCOMPARE(whereOf(plan), nowhere);
    QVERIFY2(plan.out.contains("TMPDIR"), plan.out.constData());
}

void LocalFaultsTest::freshAccount()
{
    QTemporaryDir home;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.remove(QStringLiteral("GATEHOUSE_ENVIRONMENT"));
    variables.insert(QStringLiteral("HOME"), home.path());
    variables.insert(QStringLiteral("XDG_DATA_HOME"), home.filePath(QStringLiteral("data")));
    const QString folder = home.filePath(QStringLiteral("data/gatehouse"));
    const auto openMask = [] { ::umask(0); };
    const Printed nothing = runAs({}, words("user list"), openMask, variables);
    QCOMPARE(nothing.exitCode, 2);
    QVERIFY(!QFile::exists(folder));
    const Printed made = runAs({}, {QStringLiteral("config"), QStringLiteral("apply"), m_ctl->folder.filePath(QStringLiteral("config.json"))},
                               openMask, variables);
    QVERIFY2(made.exitCode == 0, made.out.constData());
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(folder).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 0777), 0700);
    QCOMPARE(::stat(QFile::encodeName(folder + QStringLiteral("/default.gatehouse")).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 0777), 0600);
    // A path that somebody has named is not made up.
    const Printed named = runAs(home.filePath(QStringLiteral("typo/x.gatehouse")),
                                {QStringLiteral("config"), QStringLiteral("apply"), m_ctl->folder.filePath(QStringLiteral("config.json"))},
                                openMask, variables);
    QCOMPARE(named.exitCode, 2);
    QCOMPARE(whereOf(named), home.filePath(QStringLiteral("typo")));
}

void LocalFaultsTest::looseFilesAreSaid()
{
    setMode(m_ctl->environment, 0640);
    const Printed printed = m_ctl->run(words("population list"));
    QCOMPARE(printed.exitCode, 0);
    QVERIFY2(printed.err.contains("chmod 600"), printed.err.constData());
    const Printed json = m_ctl->run(words("--json user list --limit 1"));
    QCOMPARE(json.jsonLines().size(), 1);
    QVERIFY(json.err.contains("chmod 600"));
    // SQLite makes the files beside it as it is.
    for (const char *suffix : {"", "-wal", "-shm"}) {
        if (const QString path = m_ctl->environment + QLatin1String(suffix); QFile::exists(path))
            setMode(path, 0600);
    }
    QCOMPARE(m_ctl->run(words("population list")).err, QByteArray());
}

void LocalFaultsTest::versionsOutOfRange_data()
{
    QTest::addColumn<int>("version");
    for (const int version : {-5, -1, 0, 1, 999, 2147483647, int(-2147483647 - 1)})
        QTest::addRow("%d", version) << version;
}

void LocalFaultsTest::versionsOutOfRange()
{
    QFETCH(int, version);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("x.gatehouse"));
    QVERIFY(QFile::copy(m_ctl->environment, path));
    {
        // user_version: four octets, most significant first, at 60 (SQLite's file format 1.3).
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(60));
        QByteArray octets;
        for (const int shift : {24, 16, 8, 0})
            octets += char(uint(version) >> shift);
        QCOMPARE(file.write(octets), 4);
    }
    for (const QStringList &arguments : {words("user list"), QStringList{QStringLiteral("apply"), QStringLiteral("People in")}}) {
        const Printed printed = runAs(path, arguments, [] {});
        QCOMPARE(printed.exitCode, 2);
        QCOMPARE(whereOf(printed), path);
    }
}

CONSOLE_TEST(LocalFaultsTest)
#include "tst_localfaults.moc"
