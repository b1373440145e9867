// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where secrets come from, and what is said when they do not. The keychain's own tests run this program again within
// a session bus of their own.
#include "gateway/vault.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::SecretReference;
using Kind = core::SecretReference::Kind;

namespace {

/// Set for the inner run, which has a session bus with a keychain.
constexpr char kInner[] = "VAULT_TEST_HAS_KEYCHAIN";

QString owner()
{
    return QStringLiteral("gateway Head office");
}

} // namespace

class VaultTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;

    QString file(const QByteArray &content, mode_t mode = 0600)
    {
        const QString path = m_directory.filePath(QStringLiteral("secret"));
        QFile::remove(path);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("cannot write");
        out.close();
        ::chmod(QFile::encodeName(path).constData(), mode);
        return path;
    }

    /// Runs one function of this program below @p command; its output is in the failure's text.
    static void runInner(const QStringList &command, const QString &function, bool hasKeychain)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        environment.insert(QString::fromLatin1(kInner), hasKeychain ? QStringLiteral("1") : QStringLiteral("0"));
        QTemporaryDir home;
        environment.insert(QStringLiteral("HOME"), home.path());
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), home.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), home.path());
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        QStringList whole = command;
        whole << QCoreApplication::applicationFilePath() << function;
        process.start(whole.takeFirst(), whole);
        QVERIFY(process.waitForFinished(60'000));
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, output.constData());
        QVERIFY2(output.contains(QByteArray("PASS   : VaultTest::" + function.toLatin1())), output.constData());
    }

private slots:
    void absent()
    {
        const auto secret = gateway::readSecret({}, owner());
        VERIFY_RESULT(secret);
        QVERIFY(secret->isEmpty());
    }

    void environment()
    {
        qputenv("VAULT_TEST_SECRET", "pass word\xc3\xa9");
        const SecretReference reference{Kind::Environment, QStringLiteral("VAULT_TEST_SECRET")};
        const auto secret = gateway::readSecret(reference, owner());
        VERIFY_RESULT(secret);
        QCOMPARE(secret->reveal(), QByteArray("pass word\xc3\xa9"));
        qputenv("VAULT_TEST_SECRET", "");
        QCOMPARE(gateway::readSecret(reference, owner()).error().code, Code::NotFound);
        qunsetenv("VAULT_TEST_SECRET");
        const auto unset = gateway::readSecret(reference, owner());
        QVERIFY(!unset);
        QCOMPARE(unset.error().code, Code::NotFound);
        QCOMPARE(unset.error().where, QStringLiteral("VAULT_TEST_SECRET"));
        QVERIFY(unset.error().what.contains(owner()));
    }

    void files_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("secret");
        QTest::newRow("bare") << QByteArray("abc") << QByteArray("abc");
        QTest::newRow("line") << QByteArray("abc\n") << QByteArray("abc");
        QTest::newRow("line of Windows") << QByteArray("abc\r\n") << QByteArray("abc");
        QTest::newRow("only one line break goes") << QByteArray("abc\n\n") << QByteArray("abc\n");
        QTest::newRow("spaces stay") << QByteArray(" a b \n") << QByteArray(" a b ");
        QTest::newRow("octets") << QByteArray("\x00\xff\x01\n", 4) << QByteArray("\x00\xff\x01", 3);
    }
    void files()
    {
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, secret);
        for (const mode_t mode : {mode_t(0600), mode_t(0400)}) {
            const auto read = gateway::readSecret({Kind::File, file(content, mode)}, owner());
            VERIFY_RESULT(read);
            QCOMPARE(read->reveal(), secret);
        }
    }

    void filesThatOthersMayRead_data()
    {
        QTest::addColumn<uint>("mode");
        for (const uint mode : {0640u, 0604u, 0644u, 0660u, 0602u, 0610u, 0666u, 0777u})
            QTest::addRow("%o", mode) << mode;
    }
    void filesThatOthersMayRead()
    {
        QFETCH(uint, mode);
        const QString path = file("abc", mode_t(mode));
        const auto read = gateway::readSecret({Kind::File, path}, owner());
        QVERIFY(!read);
        QCOMPARE(read.error().code, Code::Denied);
        QVERIFY2(read.error().detail.contains(QStringLiteral("chmod 600 '%1'").arg(path)), qPrintable(read.error().text()));
        QVERIFY(!read.error().text().contains(QLatin1String("abc")));
    }

    void badFiles()
    {
        const auto code = [&](const QString &path) { return gateway::readSecret({Kind::File, path}, owner()).error().code; };
        QCOMPARE(code(m_directory.filePath(QStringLiteral("missing"))), Code::NotFound);
        QCOMPARE(code(m_directory.path()), Code::InvalidInput);
        QCOMPARE(code(file("")), Code::NotFound);
        QCOMPARE(code(file("\n")), Code::NotFound);
        QCOMPARE(code(file(QByteArray(70'000, 'x'))), Code::InvalidInput);
        const QString pipe = m_directory.filePath(QStringLiteral("pipe"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(code(pipe), Code::InvalidInput);
        QVERIFY(timer.elapsed() < 2'000);
    }

    void linksAreFollowedButCheckedAtTheirEnd()
    {
        const QString link = m_directory.filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(file("abc"), link));
        VERIFY_RESULT(gateway::readSecret({Kind::File, link}, owner()));
        file("abc", 0644);
        QCOMPARE(gateway::readSecret({Kind::File, link}, owner()).error().code, Code::Denied);
    }

    void withoutAKeychain()
    {
        runInner({QStringLiteral("env")}, QStringLiteral("innerWithoutAKeychain"), false);
    }
    void withAKeychain()
    {
        REQUIRE_SERVER("dbus-run-session");
        REQUIRE_SERVER("gnome-keyring-daemon");
        runInner({QStringLiteral("dbus-run-session"), QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                  QStringLiteral("printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
                                 "exec \"$0\" \"$@\"")},
                 QStringLiteral("innerWithAKeychain"), true);
    }

    void innerWithoutAKeychain()
    {
        if (qgetenv(kInner) != "0")
            return; // has its meaning only in the inner run
        QElapsedTimer timer;
        timer.start();
        const auto read = gateway::readSecret({Kind::Keychain, {}}, owner());
        QVERIFY(!read);
        QCOMPARE(read.error().code, Code::Unreachable);
        QVERIFY2(read.error().detail.contains(QLatin1String("environment variable")), qPrintable(read.error().text()));
        const auto stored = gateway::storeInKeychain(owner(), core::Secret("abc"));
        QVERIFY(!stored);
        QCOMPARE(stored.error().code, Code::Unreachable);
        QVERIFY(timer.elapsed() < 20'000);
    }

    void innerWithAKeychain()
    {
        if (qgetenv(kInner) != "1")
            return; // has its meaning only in the inner run
        const SecretReference reference{Kind::Keychain, {}};
        const auto missing = gateway::readSecret(reference, owner());
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, Code::NotFound);
        VERIFY_RESULT(gateway::storeInKeychain(owner(), core::Secret("first")));
        VERIFY_RESULT(gateway::storeInKeychain(owner(), core::Secret("geheim \xc3\xa9")));
        VERIFY_RESULT(gateway::storeInKeychain(QStringLiteral("gateway Branch"), core::Secret("other")));
        const auto read = gateway::readSecret(reference, owner());
        VERIFY_RESULT(read);
        QCOMPARE(read->reveal(), QByteArray("geheim \xc3\xa9"));
        // From several threads at once.
        std::atomic<int> good{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                const auto again = gateway::readSecret(reference, QStringLiteral("gateway Branch"));
                good += again && again->reveal() == "other" ? 1 : 0;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(good.load(), 4);
        const core::CancelToken cancelled;
        cancelled.cancel();
        const auto stopped = gateway::readSecret(reference, owner(), cancelled);
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, Code::Cancelled);
    }
};

QTEST_GUILESS_MAIN(VaultTest)
#include "tst_vault.moc"
