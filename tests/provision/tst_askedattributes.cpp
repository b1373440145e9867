// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a read asks for: of the attributes that some products have only, those that the schema knows, for every name costs the
// server time for each entry. Where nothing is known of the schema, all of them.
#include "ldap/dialect.h"
#include "provision/directoryreader.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"

#include <QEventLoop>
#include <QSet>
#include <QTemporaryFile>
#include <QTest>
#include <QTimer>

using namespace gatehouse;
using namespace gatehouse::test;
using Fake = FakeLdapServer;

class AskedAttributesTest : public QObject {
    Q_OBJECT

    static QSet<QByteArray> askedOf(const QList<QByteArray> &attributeTypes)
    {
        Fake server([=](const Fake::Request &request) -> Fake::Reply {
            if (request.operation != Fake::Operation::Search)
                return Fake::usual(request);
            if (request.attributes.contains("subschemaSubentry"))
                return {Fake::entry(request.id, {}, {{"subschemaSubentry", {"cn=schema"}}}) + Fake::done(request.id)};
            if (request.name == "cn=schema" && !attributeTypes.isEmpty())
                return {Fake::entry(request.id, "cn=schema", {{"attributeTypes", attributeTypes}}) + Fake::done(request.id)};
            if (request.name == "ou=people,dc=example,dc=com")
                return {Fake::people(request.id, 0, 3) + Fake::done(request.id, 0, "")};
            return Fake::usual(request);
        });
        QTemporaryFile secret;
        if (!secret.open())
            return {};
        secret.write("secret");
        secret.close();
        provision::ReadRequest request;
        request.gateway.serversHostAndPort = {server.hostAndPort()};
        request.gateway.connectionSecurity = core::ConnectionSecurity::None;
        request.gateway.bindDn = QStringLiteral("cn=reader");
        request.gateway.bindPassword = {core::SecretReference::Kind::File, secret.fileName()};
        request.bases = {"ou=people,dc=example,dc=com"};
        request.filter = "(objectClass=person)";
        core::SlotNames names{"uid", "shoeSize"};
        const ldap::Dialect dialect(request.gateway.vendor);
        request.attributes = std::make_shared<const core::SlotNames>(names + dialect.idAttributes() + dialect.activeAttributes());
        provision::DirectoryReader reader(request);
        QEventLoop loop;
        std::optional<core::Error> failed;
        connect(&reader, &provision::DirectoryReader::ended, &loop, [&](const std::optional<core::Error> &error) {
            failed = error;
            loop.quit();
        });
        QTimer::singleShot(60'000, &loop, &QEventLoop::quit);
        reader.start();
        loop.exec();
        if (failed)
            qWarning("%s", qPrintable(failed->text()));
        QSet<QByteArray> asked;
        for (const Fake::Request &seen : server.requests()) {
            if (seen.name == request.bases.constFirst())
                asked = {seen.attributes.cbegin(), seen.attributes.cend()};
        }
        return asked;
    }

private slots:
    void byTheSchema_data()
    {
        QTest::addColumn<QList<QByteArray>>("attributeTypes");
        QTest::addColumn<bool>("all");
        const QByteArray uid = "( 0.9.2342.19200300.100.1.1 NAME 'uid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )";
        const QByteArray entryUuid = "( 1.3.6.1.1.16.4 NAME 'entryUUID' SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE USAGE directoryOperation )";
        const QByteArray locked = "( 1.3.6.1.4.1.42.2.27.8.1.17 NAME 'pwdAccountLockedTime' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )";
        QTest::newRow("known") << QList<QByteArray>{uid, entryUuid, locked} << false;
        QTest::newRow("shown in part, without any immutable id") << QList<QByteArray>{uid, locked} << true;
        QTest::newRow("not shown") << QList<QByteArray>() << true;
    }
    void byTheSchema()
    {
        QFETCH(QList<QByteArray>, attributeTypes);
        QFETCH(bool, all);
        const QSet<QByteArray> asked = askedOf(attributeTypes);
        // What the mapping names is asked for whatever the schema says.
        for (const char *name : {"uid", "shoeSize", "entryUUID", "pwdAccountLockedTime"})
            QVERIFY2(asked.contains(name), name);
        for (const char *name : {"objectGUID", "nsUniqueId", "userAccountControl", "nsAccountLock"})
            QCOMPARE(asked.contains(name), all);
    }
};

CONSOLE_TEST(AskedAttributesTest)
#include "tst_askedattributes.moc"
