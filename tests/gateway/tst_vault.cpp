// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where secrets come from, and what is said when they do not. The keychain's own tests run this program again within
// a session bus of their own.
#include "core/config/configuration.h"
#include "gateway/vault.h"
#include "tests/support/keychain.h"
#include "tests/support/testmain.h"
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

core::Gateway gatewayOf(const QString &name)
{
    core::Gateway one;
    one.id = QUuid::createUuidV5(QUuid(), name);
    one.name = name;
    return one;
}

gateway::SecretOwner owner()
{
    return gateway::ownerOf(gatewayOf(QStringLiteral("Head office")));
}

QByteArrayList revealed(const QList<core::Secret> &secrets)
{
    QByteArrayList octets;
    for (const core::Secret &secret : secrets)
        octets << secret.reveal();
    return octets;
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
        QTemporaryDir home;
        QProcessEnvironment environment = Keychain::environment(home);
        environment.insert(QString::fromLatin1(kInner), hasKeychain ? QStringLiteral("1") : QStringLiteral("0"));
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        QStringList whole = command;
        whole << QCoreApplication::applicationFilePath() << QStringLiteral("vault") << function;
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
        QVERIFY(unset.error().what.contains(QLatin1String("gateway Head office")));
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
        QTest::newRow("mark of UTF-8") << QByteArray("\xef\xbb\xbf" "abc\r\n") << QByteArray("abc");
        QTest::newRow("mark of UTF-16") << QByteArray("\xff\xfe" "a\0\xe9\0\r\0\n\0", 10) << QByteArray("a\xc3\xa9");
        QTest::newRow("mark of UTF-16, big end first") << QByteArray("\xfe\xff\0a\0b", 6) << QByteArray("ab");
        QTest::newRow("no mark in the middle") << QByteArray("a\xef\xbb\xbf" "b\n") << QByteArray("a\xef\xbb\xbf" "b");
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
    void withAKeychain_data()
    {
        QTest::addColumn<QString>("function");
        QTest::newRow("read and written") << QStringLiteral("innerWithAKeychain");
        QTest::newRow("retained") << QStringLiteral("innerRetains");
        QTest::newRow("forgotten") << QStringLiteral("innerForgets");
    }
    void withAKeychain()
    {
        REQUIRE_KEYCHAIN();
        QFETCH(QString, function);
        runInner(Keychain::command(), function, true);
    }

    void ownersAreKnownByTheirGateway();
    void whatIsNoLongerKept();
    void onlyTheKeychainRetains();

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
        const gateway::SecretOwner branch = gateway::ownerOf(gatewayOf(QStringLiteral("Branch")));
        const auto missing = gateway::readSecret(reference, owner());
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, Code::NotFound);
        VERIFY_RESULT(gateway::storeInKeychain(owner(), core::Secret("first")));
        VERIFY_RESULT(gateway::storeInKeychain(owner(), core::Secret("geheim \xc3\xa9")));
        VERIFY_RESULT(gateway::storeInKeychain(branch, core::Secret("other")));
        const auto read = gateway::readSecret(reference, owner());
        VERIFY_RESULT(read);
        QCOMPARE(read->reveal(), QByteArray("geheim \xc3\xa9"));
        // From several threads at once.
        std::atomic<int> good{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                const auto again = gateway::readSecret(reference, branch);
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
    void innerRetains();
    void innerForgets();
};

void VaultTest::ownersAreKnownByTheirGateway()
{
    core::Gateway one = gatewayOf(QStringLiteral("Head office"));
    const QStringList keys{gateway::ownerOf(one).key, gateway::ownerOfServiceAccount(one).key,
                           gateway::ownerOfDefaultSecret(one).key,
                           gateway::ownerOfClientSecret(one, QStringLiteral("192.0.2.10")).key,
                           gateway::ownerOfClientSecret(one, QStringLiteral("2001:DB8::1")).key};
    QCOMPARE(QSet<QString>(keys.begin(), keys.end()).size(), keys.size());
    QCOMPARE(gateway::ownerOfClientSecret(one, QStringLiteral("2001:db8::1")).key, keys.last());
    // Renamed it is still the same; another of its name is not.
    one.name = QStringLiteral("Main office");
    QCOMPARE(gateway::ownerOf(one).key, keys.first());
    QCOMPARE(gateway::ownerOfServiceAccount(one).key, keys.at(1));
    QVERIFY(gateway::ownerOfServiceAccount(one).name.contains(QLatin1String("Main office")));
    one.id = QUuid::createUuid();
    QVERIFY(!keys.contains(gateway::ownerOf(one).key));
}

void VaultTest::whatIsNoLongerKept()
{
    const SecretReference keychain{Kind::Keychain, {}};
    core::Gateway domain = gatewayOf(QStringLiteral("Domain"));
    domain.bindPassword = keychain;
    domain.kerberos = core::Kerberos{QStringLiteral("svc@EXAMPLE.COM"), keychain, 610};
    core::Gateway vpn = gatewayOf(QStringLiteral("VPN"));
    vpn.type = core::GatewayType::Radius;
    vpn.defaultSharedSecret = keychain;
    vpn.radiusClients = {{QStringLiteral("192.0.2.10"), keychain}, {QStringLiteral("192.0.2.11"), {Kind::File, QStringLiteral("/f")}}};
    core::Configuration before;
    before.gateways = {domain, vpn};
    const auto gone = [&before](const std::function<void(core::Configuration &)> &change) {
        core::Configuration after = before;
        change(after);
        return gateway::noLongerKept(before, after);
    };
    using Owners = QList<gateway::SecretOwner>;
    QCOMPARE(gone([](core::Configuration &) {}), Owners());
    QCOMPARE(gone([](core::Configuration &c) { c.gateways[0].name = QStringLiteral("Renamed"); }), Owners());
    QCOMPARE(gone([](core::Configuration &c) { c.gateways.clear(); }).size(), 5);
    QCOMPARE(gone([](core::Configuration &c) { c.gateways[0].bindPassword = {Kind::File, QStringLiteral("/f")}; }),
             Owners{gateway::ownerOf(domain)});
    QCOMPARE(gone([](core::Configuration &c) { c.gateways[0].kerberos.reset(); }).size(), 2);
    // Retention cleared: the previous ones go, the current one stays.
    const Owners cleared = gone([](core::Configuration &c) { c.gateways[0].kerberos->minutesToRetainPreviousCredentials = 0; });
    QCOMPARE(cleared.size(), 1);
    QVERIFY(!(cleared.first() == gateway::ownerOfServiceAccount(domain)));
    QCOMPARE(gone([](core::Configuration &c) { c.gateways[1].radiusClients[0].ip = QStringLiteral("192.0.2.12"); }),
             Owners{gateway::ownerOfClientSecret(vpn, QStringLiteral("192.0.2.10"))});
    QCOMPARE(gone([](core::Configuration &c) { c.gateways[1].radiusClients.removeLast(); }), Owners());
}

void VaultTest::onlyTheKeychainRetains()
{
    const gateway::SecretOwner account = gateway::ownerOfServiceAccount(gatewayOf(QStringLiteral("Domain")));
    const auto none = gateway::readSecretAndRetained({}, account);
    VERIFY_RESULT(none);
    QVERIFY(none->isEmpty());
    const auto inFile = gateway::readSecretAndRetained({Kind::File, file("abc")}, account);
    VERIFY_RESULT(inFile);
    QCOMPARE(revealed(*inFile), QByteArrayList{"abc"});
    const auto missing = gateway::readSecretAndRetained({Kind::File, QStringLiteral("/nowhere")}, account);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Code::NotFound);
    QVERIFY(missing.error().what.contains(QLatin1String("Kerberos service account of gateway Domain")));
}

void VaultTest::innerRetains()
{
    if (qgetenv(kInner) != "1")
        return; // has its meaning only in the inner run
    const SecretReference keychain{Kind::Keychain, {}};
    const gateway::SecretOwner account = gateway::ownerOfServiceAccount(gatewayOf(QStringLiteral("Domain")));
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto all = [&] {
        const auto read = gateway::readSecretAndRetained(keychain, account);
        return read ? revealed(*read) : QByteArrayList{read.error().text().toUtf8()};
    };
    const auto replace = [&](const QByteArray &secret, int minutes, const QDateTime &when) {
        const auto replaced = gateway::replaceInKeychain(account, core::Secret(secret), minutes, when);
        QVERIFY2(replaced, replaced ? "" : qPrintable(replaced.error().text()));
    };
    QCOMPARE(gateway::readSecretAndRetained(keychain, account).error().code, Code::NotFound);
    replace("one", 610, now);
    QCOMPARE(all(), QByteArrayList{"one"});
    // What the keychain keeps beside it is not seen by whoever reads the password alone.
    replace("two", 610, now);
    QCOMPARE(all(), (QByteArrayList{"two", "one"}));
    QCOMPARE(gateway::readSecret(keychain, account)->reveal(), QByteArray("two"));
    // The same once more retains nothing.
    replace("two", 610, now);
    QCOMPARE(all(), (QByteArrayList{"two", "one"}));
    // Any octets, and line breaks among them.
    replace(QByteArray("th\nre e\xff"), 610, now);
    replace("four", 610, now);
    QCOMPARE(all(), (QByteArrayList{"four", "th\nre e\xff", "two", "one"}));
    // Back to an old one: it is current, and no longer among the previous ones.
    replace("two", 610, now);
    QCOMPARE(all(), (QByteArrayList{"two", "four", "th\nre e\xff", "one"}));
    // No more than five.
    replace("five", 610, now);
    replace("six", 610, now);
    replace("seven", 610, now);
    QCOMPARE(all(), (QByteArrayList{"seven", "six", "five", "two", "four", "th\nre e\xff"}));
    // Those whose time is over count no longer, though nobody has written since: saved an hour ago, for a minute.
    replace("eight", 1, now.addSecs(-3'600));
    QVERIFY(!all().contains("seven"));
    QCOMPARE(all().first(), QByteArray("eight"));
    // They go with the next one.
    replace("nine", 1, now.addSecs(611 * 60));
    QCOMPARE(all(), (QByteArrayList{"nine", "eight"}));
    // None is retained any more: those there were go at once.
    replace("ten", 0, now);
    QCOMPARE(all(), QByteArrayList{"ten"});
    replace("eleven", 610, now);
    QCOMPARE(all(), (QByteArrayList{"eleven", "ten"}));
}

void VaultTest::innerForgets()
{
    if (qgetenv(kInner) != "1")
        return; // has its meaning only in the inner run
    const SecretReference keychain{Kind::Keychain, {}};
    core::Gateway domain = gatewayOf(QStringLiteral("Domain"));
    domain.bindPassword = keychain;
    domain.kerberos = core::Kerberos{QStringLiteral("svc@EXAMPLE.COM"), keychain, 610};
    const core::Gateway other = gatewayOf(QStringLiteral("Other"));
    VERIFY_RESULT(gateway::storeInKeychain(gateway::ownerOf(domain), core::Secret("bind")));
    VERIFY_RESULT(gateway::storeInKeychain(gateway::ownerOf(other), core::Secret("other")));
    VERIFY_RESULT(gateway::replaceInKeychain(gateway::ownerOfServiceAccount(domain), core::Secret("one"), 610));
    VERIFY_RESULT(gateway::replaceInKeychain(gateway::ownerOfServiceAccount(domain), core::Secret("two"), 610));
    const QList<gateway::SecretOwner> kept = gateway::keptInKeychain(domain);
    QCOMPARE(kept.size(), 3);
    for (const gateway::SecretOwner &one : kept)
        VERIFY_RESULT(gateway::readSecret(keychain, one));
    for (const gateway::SecretOwner &one : kept) {
        VERIFY_RESULT(gateway::forgetInKeychain(one));
        QCOMPARE(gateway::readSecret(keychain, one).error().code, Code::NotFound);
        VERIFY_RESULT(gateway::forgetInKeychain(one));
    }
    VERIFY_RESULT(gateway::readSecret(keychain, gateway::ownerOf(other)));
}

CONSOLE_TEST(VaultTest)
#include "tst_vault.moc"
