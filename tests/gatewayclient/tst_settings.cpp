// SPDX-License-Identifier: GPL-3.0-or-later
//
// What gatehouse-gateway takes from its options, its environment and its credential file, and what it refuses.
#include "gatewayclient/settings.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace gatehouse;
using gatewayclient::readSettings;
using core::Code;

class SettingsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const core::GatewayCredential m_credential{QUuid::createUuid(), core::Secret(QByteArray(core::kCredentialOctets, '\x5c'))};

    QString credentialFile(const char *name, QFile::Permissions permissions, const QByteArray &content) const
    {
        QFile file(m_folder.filePath(QLatin1String(name)));
        file.remove();
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(content);
        file.setPermissions(permissions);
        return file.fileName();
    }
    QString goodFile() const
    {
        return credentialFile("good", QFile::ReadOwner | QFile::WriteOwner, m_credential.text().reveal() + "\n");
    }
    QStringList arguments(const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("--endpoint"), QStringLiteral("wss://console.example.com:9443"),
                           QStringLiteral("--fingerprint"), QString(QStringLiteral("AB:").repeated(31) + QStringLiteral("cd")),
                           QStringLiteral("--server"), QStringLiteral("dc1.example.com:636"), QStringLiteral("--server"), QStringLiteral("[::1]:389"),
                           QStringLiteral("--credential-file"), goodFile()}
               + more;
    }

private slots:
    void options()
    {
        const auto settings = readSettings(arguments({QStringLiteral("--health-port"), QStringLiteral("0")}), {});
        VERIFY_RESULT(settings);
        QCOMPARE(settings->client.host, QStringLiteral("console.example.com"));
        QCOMPARE(settings->client.port, quint16(9443));
        QCOMPARE(settings->client.fingerprint.size(), 32);
        QCOMPARE(settings->client.servers.size(), 2);
        QCOMPARE(settings->client.servers.at(1).host, QStringLiteral("::1"));
        QCOMPARE(settings->client.credential.id, m_credential.id);
        QCOMPARE(settings->client.credential.secret.reveal(), m_credential.secret.reveal());
        QCOMPARE(settings->healthPort, quint16(0));
        QVERIFY(!settings->client.hostName.isEmpty());
    }

    void environmentVariables()
    {
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("GATEHOUSE_GATEWAY_ENDPOINT"), QStringLiteral("wss://[2001:db8::1]"));
        environment.insert(QStringLiteral("GATEHOUSE_GATEWAY_SERVER"), QStringLiteral("a.example.com:389  b.example.com:636"));
        environment.insert(QStringLiteral("GATEHOUSE_GATEWAY_NAME"), QStringLiteral("branch"));
        environment.insert(QStringLiteral("GATEHOUSE_GATEWAY_CREDENTIAL"), QString::fromLatin1(m_credential.text().reveal()));
        const auto settings = readSettings({}, environment);
        VERIFY_RESULT(settings);
        QCOMPARE(settings->client.host, QStringLiteral("2001:db8::1"));
        QCOMPARE(settings->client.port, link::kEndpointPort);
        QVERIFY(settings->client.fingerprint.isEmpty());
        QCOMPARE(settings->client.servers.size(), 2);
        QCOMPARE(settings->client.hostName, QStringLiteral("branch"));
        QCOMPARE(settings->healthPort, link::kHealthPort);
        QCOMPARE(settings->client.credential.id, m_credential.id);
    }

    void aFileThatOthersReadIsRefused()
    {
        for (const auto permission : {QFile::ReadGroup, QFile::ReadOther, QFile::WriteGroup}) {
            const QString file = credentialFile("open", QFile::ReadOwner | permission, m_credential.text().reveal());
            const auto refused = readSettings(arguments({QStringLiteral("--credential-file"), file}), {});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Code::Denied);
            QVERIFY(refused.error().detail.contains(QStringLiteral("chmod 600")));
        }
    }

    void refuses_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("names");
        const auto row = [](const char *name, const char *option, const char *value, const char *names) {
            QTest::newRow(name) << QStringList{QLatin1String(option), QLatin1String(value)} << QString::fromLatin1(names);
        };
        row("not TLS", "--endpoint", "ws://console.example.com", "--endpoint");
        row("https", "--endpoint", "https://console.example.com", "--endpoint");
        row("no host", "--endpoint", "wss://", "--endpoint");
        row("short fingerprint", "--fingerprint", "abcd", "--fingerprint");
        row("no fingerprint", "--fingerprint", "zz", "--fingerprint");
        row("server without port", "--server", "dc1.example.com", "--server");
        row("health port", "--health-port", "many", "--health-port");
        row("no CA file", "--ca-file", "/nonexistent/ca.pem", "--ca-file");
        row("no credential file", "--credential-file", "/nonexistent/credential", "credential file");
        row("unknown option", "--credential", "ghc1", "credential");
    }
    void refuses()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, names);
        const auto refused = readSettings(arguments(more), {});
        QVERIFY(!refused);
        QVERIFY2(refused.error().text().contains(names), qPrintable(refused.error().text()));
    }

    void needsWhatItNeeds()
    {
        QVERIFY(!readSettings({}, {}));
        QStringList without = arguments();
        without.remove(without.indexOf(QStringLiteral("--credential-file")), 2);
        QVERIFY(readSettings(without, {}).error().text().contains(QStringLiteral("credential")));
        QVERIFY(readSettings(arguments({QStringLiteral("extra")}), {}).error().text().contains(QStringLiteral("extra")));
        const QString garbage = credentialFile("garbage", QFile::ReadOwner, "ghc1.secret-looking-thing.x");
        const auto refused = readSettings(arguments({QStringLiteral("--credential-file"), garbage}), {});
        QVERIFY(!refused);
        QVERIFY(!refused.error().text().contains(QStringLiteral("secret-looking")));
        for (const char *option : {"--endpoint", "--fingerprint", "--server", "--credential-file", "--health-port"})
            QVERIFY2(gatewayclient::usage().contains(QLatin1String(option)), option);
    }
};

CONSOLE_TEST(SettingsTest)
#include "tst_settings.moc"
