// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the built programs and the units of systemd let nobody do: read-only relocations, random addresses, checked copies,
// no core files, and as little of the machine as they need.
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QDeadlineTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse::test;

class Hardening : public QObject {
    Q_OBJECT

private slots:
    void programsAreBuiltHard_data();
    void programsAreBuiltHard();
    void programsKeepTheirMemory_data();
    void programsKeepTheirMemory();
    void everyMainBeginsWithIt();
    void unitsAskForLittle_data();
    void unitsAskForLittle();
    void exposureIsLow_data();
    void exposureIsLow();

private:
    static QString readElf(const QStringList &arguments)
    {
        QProcess readelf;
        readelf.start(QStringLiteral("readelf"), arguments);
        return readelf.waitForFinished(60'000) && readelf.exitCode() == 0 ? QString::fromLocal8Bit(readelf.readAllStandardOutput()) : QString();
    }
    static void units()
    {
        QTest::addColumn<QString>("unit");
        const QDir folder(sourceRoot().filePath(QStringLiteral("packaging/systemd")));
        const QStringList names = folder.entryList({QStringLiteral("*.service")});
        for (const QString &name : names)
            QTest::newRow(qPrintable(name)) << name;
    }
};

void Hardening::programsAreBuiltHard_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"gatehouse", "gatehousectl", "gatehouse-gateway"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void Hardening::programsAreBuiltHard()
{
    QFETCH(QString, name);
    const QString program = QStringLiteral(GATEHOUSE_BIN_DIR "/") + name;
    if (name == QStringLiteral("gatehouse") && !QFileInfo::exists(program))
        return; // built without the console
    const QString headers = readElf({QStringLiteral("--wide"), QStringLiteral("--file-header"), QStringLiteral("--program-headers"),
                                     QStringLiteral("--dynamic"), program});
    QVERIFY2(!headers.isEmpty(), qPrintable(name + QStringLiteral(" is not built, or readelf is missing")));
    QVERIFY2(headers.contains(QRegularExpression(QStringLiteral("Type:\\s+DYN"))), "not position-independent");
    QVERIFY2(headers.contains(QStringLiteral("GNU_RELRO")), "relocations stay writable");
    QVERIFY2(headers.contains(QRegularExpression(QStringLiteral("\\(FLAGS(_1)?\\).*\\bNOW\\b"))), "relocations are made late");
    const auto stack = QRegularExpression(QStringLiteral("GNU_STACK[^\n]*")).match(headers).captured();
    QVERIFY2(!stack.isEmpty() && !stack.contains(QStringLiteral("RWE")), qPrintable(stack));
    const QString symbols = readElf({QStringLiteral("--wide"), QStringLiteral("--dyn-syms"), program});
    QVERIFY2(symbols.contains(QStringLiteral("__stack_chk_fail")), "stacks are not guarded");
    QVERIFY2(symbols.contains(QStringLiteral("__glibcxx_assert_fail")) || symbols.contains(QStringLiteral("__glibcxx_assert")),
             "the standard library checks nothing");
    // All are built alike; the console prints nothing, of which alone this can be told for certain.
    const bool canTell = symbols.contains(QRegularExpression(QStringLiteral("\\bf?printf\\b|printf_chk")));
    if (canTell && !symbols.contains(QRegularExpression(QStringLiteral("__(a|t|ub)san_"))))
        QVERIFY2(symbols.contains(QStringLiteral("printf_chk")), "copies are not checked");
}

void Hardening::programsKeepTheirMemory_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("gatehousectl") << QStringList{QStringLiteral("gatehousectl"), QStringLiteral("--environment"), QStringLiteral("%1/e.gatehouse"),
                                                 QStringLiteral("serve")};
    QTest::newRow("gatehouse-gateway") << QStringList{
        QStringLiteral("gatehouse-gateway"), QStringLiteral("--endpoint"), QStringLiteral("wss://127.0.0.1:9"), QStringLiteral("--fingerprint"),
        QString(64, u'0'), QStringLiteral("--server"), QStringLiteral("127.0.0.1:389"), QStringLiteral("--credential-file"),
        QStringLiteral("%1/credential"), QStringLiteral("--health-port"), QStringLiteral("0")};
}

void Hardening::programsKeepTheirMemory()
{
    QFETCH(QStringList, command);
    QTemporaryDir folder;
    QFile credential(folder.filePath(QStringLiteral("credential")));
    QVERIFY(credential.open(QIODevice::WriteOnly));
    credential.write("ghc1.00112233445566778899aabbccddeeff.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    credential.close();
    credential.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    for (QString &word : command)
        word.replace(QStringLiteral("%1"), folder.path());
    const QString program = QStringLiteral(GATEHOUSE_BIN_DIR "/") + command.takeFirst();
    if (program.endsWith(QStringLiteral("ctl"))) {
        QFile configuration(folder.filePath(QStringLiteral("c.json")));
        QVERIFY(configuration.open(QIODevice::WriteOnly));
        configuration.write(R"({"populations": [{"name": "People", "default": true}]})");
        configuration.close();
        QCOMPARE(QProcess::execute(program, {QStringLiteral("--environment"), folder.filePath(QStringLiteral("e.gatehouse")), QStringLiteral("config"),
                                             QStringLiteral("apply"), configuration.fileName()}), 0);
    }
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, command);
    QVERIFY(process.waitForStarted());
    QString limits;
    const QRegularExpression none(QStringLiteral("Max core file size\\s+0\\s+0\\s"));
    QDeadlineTimer deadline(30'000);
    while (!none.match(limits).hasMatch() && !deadline.hasExpired() && process.state() == QProcess::Running) {
        QTest::qWait(20);
        QFile file(QStringLiteral("/proc/%1/limits").arg(process.processId()));
        limits = file.open(QIODevice::ReadOnly) ? QString::fromLatin1(file.readAll()) : QString();
    }
    QVERIFY2(none.match(limits).hasMatch(), qPrintable(limits + QString::fromLocal8Bit(process.readAll())));
    process.terminate();
    QVERIFY(process.waitForFinished(30'000));
}

void Hardening::everyMainBeginsWithIt()
{
    for (const char *path : {"ui/main.cpp", "src/cli/main.cpp", "src/gatewayclient/main.cpp"}) {
        static const QRegularExpression begin(QStringLiteral("\\bint main\\([^)]*\\)\\s*\\{\\s*(occupyStandardNumbers\\(\\);\\s*)?core::keepOutOfCoreDumps\\(\\);"));
        QVERIFY2(codeOf(readText(QString::fromLatin1(path))).contains(begin), path);
    }
}

void Hardening::unitsAskForLittle_data()
{
    units();
}

void Hardening::unitsAskForLittle()
{
    QFETCH(QString, unit);
    const QString text = readText(QStringLiteral("packaging/systemd/") + unit);
    for (const char *line : {"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectProc=invisible",
                             "SystemCallFilter=@system-service", "MemoryMax=", "TasksMax=", "LimitCORE=0", "UMask=0077"})
        QVERIFY2(text.contains(QStringLiteral("\n") + QLatin1String(line)), line);
}

void Hardening::exposureIsLow_data()
{
    units();
}

void Hardening::exposureIsLow()
{
    QFETCH(QString, unit);
    const QString analyze = QStandardPaths::findExecutable(QStringLiteral("systemd-analyze"));
    if (analyze.isEmpty())
        return; // the lines that count are tested above
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(analyze, {QStringLiteral("security"), QStringLiteral("--offline=true"), QStringLiteral("--threshold=20"),
                            QStringLiteral("--no-pager"), sourceRoot().filePath(QStringLiteral("packaging/systemd/") + unit)});
    QVERIFY(process.waitForFinished(60'000));
    const QByteArray said = process.readAll();
    QVERIFY2(process.exitCode() == 0 && said.contains("Overall exposure level"), said.constData());
}

CONSOLE_TEST(Hardening)
#include "tst_hardening.moc"
