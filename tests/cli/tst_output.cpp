// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a command prints arrives, or the command fails and says so; when the reader of a pipe goes, it ends quietly.
// Signals: the second one ends a command at once.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QFile>
#include <QTest>

#include <csignal>

#include <sys/stat.h>

using namespace gatehouse::test;

namespace {

constexpr int kPeople = 1500;

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class OutputTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void fullDevice_data();
    void fullDevice();
    void closedPipeIsQuiet_data();
    void closedPipeIsQuiet();
    void closedOutputIsNoFile();
    void longOutputIsWhole();
    void outFiles();
    void configurationIsNotTheEnvironment();
    void secondSignalEndsAtOnce_data();
    void secondSignalEndsAtOnce();
    void leavesNoCore();

private:
    Printed shell(const QString &script) const;
    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<Ctl> m_ctl;
};

void OutputTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QVERIFY2(m_slapd->load(Slapd::people(kPeople)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    m_ctl = std::make_unique<Ctl>();
    QJsonObject configuration = Ctl::configuration(*m_slapd);
    QJsonArray gateways = configuration.value(QStringLiteral("gateways")).toArray();
    QJsonObject nowhere = gateways.at(0).toObject();
    nowhere.insert(QStringLiteral("name"), QStringLiteral("Nowhere"));
    nowhere.insert(QStringLiteral("serversHostAndPort"), QJsonArray{QStringLiteral("127.0.0.1:1")});
    gateways.append(nowhere);
    configuration.insert(QStringLiteral("gateways"), gateways);
    const Printed configured = m_ctl->configure(configuration);
    QVERIFY2(configured.exitCode == 0, configured.err.constData());
    const Printed applied = m_ctl->run({QStringLiteral("apply"), QStringLiteral("People in")});
    QVERIFY2(applied.exitCode == 0, applied.err.constData());
}

/// $CTL is the program with its environment.
Printed OutputTest::shell(const QString &script) const
{
    QProcess process;
    process.start(QStringLiteral("bash"),
                  {QStringLiteral("-c"), QStringLiteral("CTL() { '%1' --environment '%2' \"$@\"; }; cd '%3'; %4")
                                             .arg(Ctl::program(), m_ctl->environment, m_ctl->folder.path(), script)});
    Printed printed;
    if (!process.waitForFinished(Ctl::kDeadlineMs)) {
        process.kill();
        process.waitForFinished();
        return printed;
    }
    printed.exitCode = process.exitCode();
    printed.out = process.readAllStandardOutput();
    printed.err = process.readAllStandardError();
    return printed;
}

void OutputTest::fullDevice_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("exitCode");
    for (const char *command :
         {"config export", "gateway list", "--json gateway list", "gateway show Directory", "gateway test Directory",
          "--json gateway test Directory", "gateway credential list", "gateway endpoint", "plan 'People in'",
          "plan 'People in' --all", "--json plan 'People in'", "apply 'People in'", "--json apply 'People in'", "run list",
          "--json run list", "run show 1", "--json run show 1", "user list", "--json user list", "user show user.1",
          "user export", "user export --format json", "group list", "population list", "--json population list",
          "expr '1 + 1'", "--help", "--version", "plan --help", "config diff config.json", "config apply config.json",
          "--json user show nobody-of-this-name"})
        QTest::newRow(command) << QString::fromLatin1(command) << 2;
    // What the command itself failed with is worth more than that it could not be printed.
    QTest::newRow("a command with a code of its own") << QStringLiteral("--json gateway test Nowhere") << 3;
}

void OutputTest::fullDevice()
{
    QFETCH(QString, command);
    QFETCH(int, exitCode);
    const Printed printed = shell(QStringLiteral("CTL %1 > /dev/full").arg(command));
    QCOMPARE(printed.exitCode, exitCode);
    QVERIFY2(printed.err.contains("could not be written"), printed.err.constData());
    QVERIFY2(printed.err.contains("standard output"), printed.err.constData());
}

void OutputTest::closedPipeIsQuiet_data()
{
    QTest::addColumn<QString>("command");
    for (const char *command : {"user export", "--json user list", "--json plan 'People in' --full", "plan 'People in' --all",
                                "--json run show 1", "config export", "--help"})
        QTest::newRow(command) << QString::fromLatin1(command);
}

void OutputTest::closedPipeIsQuiet()
{
    QFETCH(QString, command);
    // "true" reads nothing: the pipe is closed before the first write, or in the middle of it.
    for (const char *reader : {"head -n 1", "true"}) {
        const Printed printed =
            shell(QStringLiteral("CTL %1 | %2 > /dev/null; echo ${PIPESTATUS[0]}").arg(command, QLatin1String(reader)));
        QCOMPARE(printed.err, QByteArray());
        QCOMPARE(printed.out, QByteArray("0\n"));
    }
}

void OutputTest::closedOutputIsNoFile()
{
    // Nothing that is opened later takes the number of standard output.
    const Printed printed = shell(QStringLiteral("CTL user export >&- ; echo $?; CTL --json user list | wc -l"));
    QCOMPARE(printed.out, QByteArray("2\n%1\n").replace("%1", QByteArray::number(kPeople)));
}

void OutputTest::longOutputIsWhole()
{
    const QByteArray lines = m_ctl->run(words("user export")).out;
    QCOMPARE(lines.count('\n'), kPeople + 1);
    QCOMPARE(m_ctl->run(words("--json user list")).jsonLines().size(), kPeople);
}

void OutputTest::outFiles()
{
    for (const char *command : {"user export", "config export"}) {
        const QStringList arguments = words(command);
        const QString path = m_ctl->folder.filePath(QStringLiteral("out"));
        const Printed printed = m_ctl->run(arguments + QStringList{QStringLiteral("--out"), path});
        QVERIFY2(printed.exitCode == 0, printed.err.constData());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), m_ctl->run(arguments).out);
        struct stat status = {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0600);
        for (const QString &bad : {QStringLiteral("/dev/full"), QStringLiteral("/no/such/folder/out"), m_ctl->folder.path(),
                                   m_ctl->environment, QString(m_ctl->environment + QStringLiteral("-wal")),
                                   QString(m_ctl->environment + QStringLiteral("-shm"))}) {
            const Printed refused = m_ctl->run(QStringList{QStringLiteral("--json")} + arguments
                                               + QStringList{QStringLiteral("--out"), bad});
            QCOMPARE(refused.exitCode, 2);
            QCOMPARE(refused.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("where")).toString(), bad);
        }
        QVERIFY(file.remove());
    }
    QCOMPARE(m_ctl->run(words("population list")).exitCode, 0);
}

void OutputTest::configurationIsNotTheEnvironment()
{
    const Printed refused = m_ctl->run({QStringLiteral("config"), QStringLiteral("apply"), m_ctl->environment});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.err.contains("environment, not a configuration"), refused.err.constData());
}

void OutputTest::secondSignalEndsAtOnce_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    QTest::newRow("INT INT") << SIGINT << SIGINT;
    QTest::newRow("INT TERM") << SIGINT << SIGTERM;
    QTest::newRow("TERM INT") << SIGTERM << SIGINT;
    QTest::newRow("TERM TERM") << SIGTERM << SIGTERM;
}

void OutputTest::secondSignalEndsAtOnce()
{
    QFETCH(int, first);
    QFETCH(int, second);
    // It waits for a line and hears nobody meanwhile.
    QProcess busy;
    busy.start(Ctl::program(), {QStringLiteral("expr"), QStringLiteral("--batch"), QStringLiteral("-")});
    QVERIFY(busy.waitForStarted());
    const auto pid = pid_t(busy.processId());
    const auto catches = [pid] {
        QFile status(QStringLiteral("/proc/%1/status").arg(pid));
        if (!status.open(QIODevice::ReadOnly))
            return false;
        const QByteArray text = status.readAll();
        const QByteArray caught = text.mid(text.indexOf("SigCgt:") + 7).simplified().split(' ').first();
        return (caught.toULongLong(nullptr, 16) & (1u << (SIGTERM - 1))) != 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(catches(), 20'000);
    QTest::qWait(100);
    QCOMPARE(::kill(pid, first), 0);
    // Once it has been taken, both are deadly again.
    QTRY_VERIFY_WITH_TIMEOUT(!catches(), 20'000);
    QCOMPARE(busy.state(), QProcess::Running);
    QCOMPARE(::kill(pid, second), 0);
    QVERIFY(busy.waitForFinished(20'000));
    QCOMPARE(busy.exitStatus(), QProcess::CrashExit);
}

void OutputTest::leavesNoCore()
{
    QProcess busy;
    busy.start(Ctl::program(), {QStringLiteral("expr"), QStringLiteral("--batch"), QStringLiteral("-")});
    QVERIFY(busy.waitForStarted());
    const auto limit = [&busy] {
        QFile limits(QStringLiteral("/proc/%1/limits").arg(busy.processId()));
        if (!limits.open(QIODevice::ReadOnly))
            return QByteArray();
        for (const QByteArray &line : limits.readAll().split('\n')) {
            if (line.startsWith("Max core file size"))
                return line.simplified();
        }
        return QByteArray();
    };
    QTRY_COMPARE_WITH_TIMEOUT(limit(), QByteArray("Max core file size 0 0 bytes"), 20'000);
    busy.closeWriteChannel();
    QVERIFY(busy.waitForFinished(20'000));
    QCOMPARE(busy.exitCode(), 0);
}

CONSOLE_TEST(OutputTest)
#include "tst_output.moc"
