// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/gateway.h"
#include "provision/livedirectory.h"

#include "ldap/session.h"
#include "tests/support/slapd.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <atomic>

using namespace gatehouse;
using namespace gatehouse::test;
using provision::LiveDirectory;

class LiveDirectoryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(200)) && m_slapd->start(), qPrintable(m_slapd->errorText()));
    }

    void findsPeopleByAFewLetters()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy found(&directory, &LiveDirectory::found);
        const quint64 request = directory.search(QStringLiteral("user.17"));
        QVERIFY(found.wait(10000));
        QCOMPARE(found.at(0).at(0).toULongLong(), request);
        const auto entries = found.at(0).at(1).value<QList<provision::FoundEntry>>();
        QCOMPARE(entries.size(), 11); // 17, 170 to 179
        QCOMPARE(entries.at(0).title, QStringLiteral("Given17 Name17"));
        QCOMPARE(entries.at(0).detail, QStringLiteral("user.17"));
        directory.search(QString(), 5);
        QVERIFY(found.wait(10000));
        QCOMPARE(found.at(1).at(1).value<QList<provision::FoundEntry>>().size(), 5);
        // What is typed is data, never part of the filter.
        directory.search(QStringLiteral("*)(uid=*"));
        QVERIFY(found.wait(10000));
        QCOMPARE(found.at(2).at(1).value<QList<provision::FoundEntry>>().size(), 0);
    }

    void answersOnlyTheNewestSearch()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy found(&directory, &LiveDirectory::found);
        quint64 last = 0;
        for (int i = 0; i < 50; ++i)
            last = directory.search(QStringLiteral("user.%1").arg(i));
        QTRY_VERIFY_WITH_TIMEOUT(!found.isEmpty() && found.constLast().at(0).toULongLong() == last, 10000);
        QVERIFY(found.size() <= 2);
    }

    void answersOnlyTheNewestLookUp()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy answered(&directory, &LiveDirectory::answered);
        QSignalSpy failed(&directory, &LiveDirectory::failed);
        std::atomic<int> made{0};
        const auto reads = [&made](const QByteArray &dn) {
            return [&made, dn](ldap::Session &session) -> core::Result<std::any> {
                ++made;
                auto entry = session.read(dn, {"uid"});
                if (!entry)
                    return core::fail(entry.error());
                return std::any(*std::move(entry));
            };
        };
        quint64 last = 0;
        for (int i = 0; i < 50; ++i)
            last = directory.lookUp(reads("uid=user." + QByteArray::number(i) + ",ou=people,dc=example,dc=com"));
        QTRY_VERIFY_WITH_TIMEOUT(!answered.isEmpty() && answered.constLast().at(0).toULongLong() == last, 10000);
        const auto entry = std::any_cast<core::Entry>(answered.constLast().at(1).value<std::any>());
        QCOMPARE(entry.values("uid"), QList<QByteArray>{"user.49"});
        QVERIFY(made < 50);
        // What is not typed is never dropped, and an error is told by its number.
        const quint64 missing = directory.ask(reads("uid=nobody,ou=people,dc=example,dc=com"));
        directory.lookUp(reads("uid=user.1,ou=people,dc=example,dc=com"));
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 10000);
        QCOMPARE(failed.at(0).at(0).toULongLong(), missing);
        QCOMPARE(failed.at(0).at(1).value<core::Error>().code, core::Code::NotFound);
        // Searches go where the scope says from now on.
        QSignalSpy found(&directory, &LiveDirectory::found);
        directory.setScope({{"ou=groups,dc=example,dc=com"}, "(objectClass=person)"});
        directory.search({});
        QVERIFY(found.wait(10000));
        QCOMPARE(found.constLast().at(1).value<QList<provision::FoundEntry>>().size(), 0);
    }

    void readsEntriesAndTheSchema()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy read(&directory, &LiveDirectory::entryRead);
        QSignalSpy loaded(&directory, &LiveDirectory::schemaLoaded);
        QSignalSpy failed(&directory, &LiveDirectory::failed);
        directory.read("uid=user.3,ou=people,dc=example,dc=com");
        QVERIFY(read.wait(10000));
        const auto entry = read.at(0).at(1).value<core::Entry>();
        QCOMPARE(entry.values("SN"), QList<QByteArray>{"Name3"});
        QCOMPARE(entry.values("entryUUID").size(), 1);
        directory.loadSchema();
        QVERIFY(loaded.wait(10000));
        const auto schema = loaded.at(0).at(1).value<core::Schema>();
        QVERIFY(schema.attributes().size() > 100);
        QCOMPARE(schema.find(u"jpegPhoto")->kind(), core::ValueKind::Binary);
        QCOMPARE(schema.find(u"manager")->kind(), core::ValueKind::Dn);
        QVERIFY(schema.find(u"entryUUID")->operational);
        directory.read("uid=nobody,ou=people,dc=example,dc=com");
        QVERIFY(failed.wait(10000));
        QCOMPARE(failed.at(0).at(1).value<core::Error>().code, core::Code::NotFound);
    }

    void opensALostSessionAgain()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy found(&directory, &LiveDirectory::found);
        directory.search(QStringLiteral("user.1"));
        QVERIFY(found.wait(10000));
        QVERIFY(m_slapd->restart());
        directory.search(QStringLiteral("user.1"));
        QVERIFY(found.wait(10000));
    }

    void goesAwayWhileTheServerIsSilent()
    {
        LiveDirectory directory(gateway(), scope());
        QSignalSpy found(&directory, &LiveDirectory::found);
        directory.search(QStringLiteral("user.1"));
        QVERIFY(found.wait(10000));
        m_slapd->freeze();
        directory.search(QStringLiteral("user.2"));
        QTest::qWait(100);
        // The destructor must not wait for the server; the test's time limit tells.
        QTimer::singleShot(10000, this, [this] { m_slapd->resume(); });
    }

    void cleanup() { if (m_slapd) m_slapd->resume(); }

private:
    core::Gateway gateway() const
    {
        core::Gateway gateway;
        gateway.name = QStringLiteral("Directory");
        gateway.serversHostAndPort = {m_slapd->hostAndPort()};
        gateway.connectionSecurity = core::ConnectionSecurity::StartTls;
        gateway.caCertificateFile = m_slapd->caFile();
        gateway.bindDn = m_slapd->bindDn();
        gateway.bindPassword = {core::SecretReference::Kind::File, m_slapd->passwordFile()};
        return gateway;
    }
    static provision::Scope scope() { return {{"ou=people,dc=example,dc=com"}, "(objectClass=person)"}; }
    std::unique_ptr<Slapd> m_slapd;
};

CONSOLE_TEST(LiveDirectoryTest)
#include "tst_livedirectory.moc"
