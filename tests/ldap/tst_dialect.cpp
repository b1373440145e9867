// SPDX-License-Identifier: GPL-3.0-or-later
//
// Immutable ids, people and disabled accounts, product by product; and that the filters find what they should on a
// real server.
#include "ldap/accountstate.h"
#include "ldap/dialect.h"
#include "tests/ldap/targets.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTest>
#include <QUuid>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Vendor;
using ldap::Dialect;

class DialectTest : public QObject {
    Q_OBJECT

    /// A batch of one entry with @p attribute = @p value, and the slots of @p wanted in it.
    struct One {
        core::EntryBatch batch;
        QList<int> places;
        One(const QList<QByteArray> &wanted, const QByteArray &attribute, const QByteArray &value)
            : batch(std::make_shared<const core::SlotNames>(wanted))
        {
            for (int slot = 0; slot < wanted.size(); ++slot)
                places.append(slot);
            batch.append({"cn=x", {{attribute, {value}}}});
        }
    };

private slots:
    void ids_data()
    {
        QTest::addColumn<Vendor>("vendor");
        QTest::addColumn<QByteArray>("attribute");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("id"); ///< hexadecimal
        QTest::newRow("objectGUID") << Vendor::ActiveDirectory << QByteArray("objectGUID")
                                    << QByteArray::fromHex("00112233445566778899aabbccddeeff")
                                    << QByteArray("33221100554477668899aabbccddeeff");
        QTest::newRow("entryUUID") << Vendor::PingDirectory << QByteArray("entryUUID")
                                   << QByteArray("c338caf3-6964-4d8b-b226-838a4b235cfe")
                                   << QByteArray("c338caf369644d8bb226838a4b235cfe");
        QTest::newRow("entryUUID in capitals") << Vendor::Ldapv3 << QByteArray("entryuuid")
                                               << QByteArray("C338CAF3-6964-4D8B-B226-838A4B235CFE")
                                               << QByteArray("c338caf369644d8bb226838a4b235cfe");
        QTest::newRow("nsUniqueId") << Vendor::OracleDsee << QByteArray("nsUniqueId")
                                    << QByteArray("ca5e1d02-8f6e11e5-8b8dc1a3-6a9d8e5f")
                                    << QByteArray("ca5e1d028f6e11e58b8dc1a36a9d8e5f");
        QTest::newRow("ibm-entryUUID") << Vendor::IbmTivoli << QByteArray("ibm-entryUuid")
                                       << QByteArray("c338caf3-6964-4d8b-b226-838a4b235cfe")
                                       << QByteArray("c338caf369644d8bb226838a4b235cfe");
        QTest::newRow("orclGUID") << Vendor::OracleUnifiedDirectory << QByteArray("orclGUID")
                                  << QByteArray("C338CAF369644D8BB226838A4B235CFE")
                                  << QByteArray("c338caf369644d8bb226838a4b235cfe");
        QTest::newRow("no UUID") << Vendor::Ldapv3 << QByteArray("entryUUID") << QByteArray("0042")
                                 << QByteArray("30303432");
        QTest::newRow("a GUID of another length") << Vendor::ActiveDirectory << QByteArray("objectGUID")
                                                  << QByteArray("\x01\x02", 2) << QByteArray("0102");
        QTest::newRow("another product than configured")
            << Vendor::ActiveDirectory << QByteArray("entryUUID") << QByteArray("c338caf3-6964-4d8b-b226-838a4b235cfe")
            << QByteArray("c338caf369644d8bb226838a4b235cfe");
        QTest::newRow("none") << Vendor::Ldapv3 << QByteArray("entryUUID") << QByteArray() << QByteArray();
    }
    void ids()
    {
        QFETCH(Vendor, vendor);
        QFETCH(QByteArray, attribute);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, id);
        const Dialect dialect(vendor);
        const One one(dialect.idAttributes(), attribute, value);
        QCOMPARE(dialect.idOf(one.batch.at(0), one.places).toHex(), id);
        QCOMPARE(dialect.idOf(one.batch.at(0), QList<int>(one.places.size(), -1)), QByteArray());
    }

    void bestIdFirst()
    {
        const Dialect dialect(Vendor::ActiveDirectory);
        QCOMPARE(dialect.idAttributes().first(), QByteArray("objectGUID"));
        core::EntryBatch batch(std::make_shared<const core::SlotNames>(dialect.idAttributes()));
        batch.append({"cn=x",
                      {{"entryUUID", {"c338caf3-6964-4d8b-b226-838a4b235cfe"}}, {"objectGUID", {QByteArray(16, '\x07')}}}});
        QCOMPARE(dialect.idOf(batch.at(0), {0, 1, 2, 3, 4}), QByteArray(16, '\x07'));
    }

    void active_data()
    {
        QTest::addColumn<Vendor>("vendor");
        QTest::addColumn<QByteArray>("attribute");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("active");
        const auto row = [](const char *name, Vendor vendor, const char *attribute, const char *value, bool active) {
            QTest::newRow(name) << vendor << QByteArray(attribute) << QByteArray(value) << active;
        };
        row("AD, normal account", Vendor::ActiveDirectory, "userAccountControl", "512", true);
        row("AD, disabled", Vendor::ActiveDirectory, "userAccountControl", "514", false);
        row("AD, disabled, password never expires", Vendor::ActiveDirectory, "userAccountControl", "66050", false);
        row("AD, locked out", Vendor::ActiveDirectory, "userAccountControl", "528", true);
        row("AD, nothing visible", Vendor::ActiveDirectory, "userAccountControl", "", true);
        row("PingDirectory, disabled", Vendor::PingDirectory, "ds-pwp-account-disabled", "true", false);
        row("PingDirectory, DISABLED", Vendor::PingDirectory, "ds-pwp-account-disabled", "TRUE", false);
        row("PingDirectory, enabled", Vendor::PingDirectory, "ds-pwp-account-disabled", "false", true);
        row("DSEE, locked", Vendor::OracleDsee, "nsAccountLock", "true", false);
        row("DSEE, open", Vendor::OracleDsee, "nsAccountLock", "false", true);
        row("OpenLDAP, locked for good", Vendor::Ldapv3, "pwdAccountLockedTime", "000001010000Z", false);
        // Whom the sign-on refuses is inactive, whatever it is for.
        row("OpenLDAP, locked by wrong passwords", Vendor::Ldapv3, "pwdAccountLockedTime", "20260101120000Z", false);
        row("OpenLDAP, ended", Vendor::Ldapv3, "pwdEndTime", "20260101115959Z", false);
        row("OpenLDAP, ends later", Vendor::Ldapv3, "pwdEndTime", "20260101120001Z", true);
        row("OpenLDAP, not begun", Vendor::Ldapv3, "pwdStartTime", "20260101120001Z", false);
        row("AD, expired", Vendor::ActiveDirectory, "accountExpires", "134117424000000000", false);
        row("AD, expires in a second", Vendor::ActiveDirectory, "accountExpires", "134117424010000000", true);
        row("AD, never expires", Vendor::ActiveDirectory, "accountExpires", "9223372036854775807", true);
        row("AD, never expires, as 0", Vendor::ActiveDirectory, "accountExpires", "0", true);
        row("AD, locked out by policy", Vendor::ActiveDirectory, "msDS-User-Account-Control-Computed", "16", false);
        row("AD, password expired", Vendor::ActiveDirectory, "msDS-User-Account-Control-Computed", "8388608", true);
        row("PingDirectory, expired", Vendor::PingDirectory, "ds-pwp-account-expiration-time", "20260101115959.999Z", false);
        row("PingDirectory, expires later", Vendor::PingDirectory, "ds-pwp-account-expiration-time", "20260101120001.000Z", true);
        row("PingDirectory, not active yet", Vendor::PingDirectory, "ds-pwp-account-activation-time", "20260101120001.000Z", false);
        row("389, locked for ever", Vendor::OracleDsee, "accountUnlockTime", "19700101000000Z", false);
        row("389, lock has passed", Vendor::OracleDsee, "accountUnlockTime", "20260101115959Z", true);
        row("IBM, locked", Vendor::IbmTivoli, "ibm-pwdAccountLocked", "TRUE", false);
        row("any, nsAccountLock", Vendor::Ldapv3, "nsAccountLock", "TRUE", false);
        row("any, userAccountControl", Vendor::Ldapv3, "userAccountControl", "2", false);
    }
    void active()
    {
        QFETCH(Vendor, vendor);
        QFETCH(QByteArray, attribute);
        QFETCH(QByteArray, value);
        QFETCH(bool, active);
        const Dialect dialect(vendor);
        QVERIFY(dialect.activeAttributes().contains(attribute));
        const One one(dialect.activeAttributes(), attribute, value);
        const qint64 noon = QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC).toMSecsSinceEpoch();
        QCOMPARE(dialect.isActive(one.batch.at(0), one.places, noon), active);
        // The sign-on sees the same.
        const QDateTime now = QDateTime::fromMSecsSinceEpoch(noon, Qt::UTC);
        QCOMPARE(!ldap::isInactive(ldap::accountStateOf(one.batch.at(0).toEntry(), now)), active);
    }

    void everyVendorHasItsWords()
    {
        for (const Vendor vendor : core::allVendors()) {
            const Dialect dialect(vendor);
            QVERIFY(!dialect.idAttributes().isEmpty());
            QVERIFY(!dialect.activeAttributes().isEmpty());
            QVERIFY(core::Filter::parse(QByteArrayView(dialect.peopleFilter())).has_value());
        }
    }

    void filtersOnARealServer_data()
    {
        QTest::addColumn<Vendor>("vendor");
        QTest::addColumn<int>("schema");
        QTest::newRow("Active Directory") << Vendor::ActiveDirectory << int(Slapd::Schema::ActiveDirectory);
        QTest::newRow("PingDirectory") << Vendor::PingDirectory << int(Slapd::Schema::PingDirectory);
        QTest::newRow("any LDAPv3") << Vendor::Ldapv3 << int(Slapd::Schema::Plain);
    }
    void filtersOnARealServer()
    {
        REQUIRE_SERVER("slapd");
        QFETCH(Vendor, vendor);
        QFETCH(int, schema);
        Slapd::Options options;
        options.schema = Slapd::Schema(schema);
        Slapd slapd(options);
        const bool isAd = vendor == Vendor::ActiveDirectory;
        QVERIFY2(slapd.load(isAd ? Slapd::adPeople(12) : Slapd::people(12)), qPrintable(slapd.errorText()));
        QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
        ldap::Session session;
        VERIFY_RESULT(session.open(targetOf(slapd)));

        const Dialect dialect(vendor);
        Gathered people;
        core::EntryBatch kept(std::make_shared<const core::SlotNames>());
        QList<QByteArray> ids;
        QList<int> places;
        for (int slot = 0; slot < dialect.idAttributes().size(); ++slot)
            places.append(slot);
        const auto end = session.search(requestFor(dialect.idAttributes(), dialect.peopleFilter()),
                                        [&](core::EntryBatch &&batch) {
                                            for (qsizetype i = 0; i < batch.size(); ++i)
                                                ids.append(dialect.idOf(batch.at(i), places));
                                            return people.sink()(std::move(batch));
                                        });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 12);
        for (qsizetype i = 0; i < ids.size(); ++i) {
            QCOMPARE(ids.at(i).size(), 16);
            Gathered found;
            const auto again = session.search(requestFor({"cn"}, dialect.idFilter(ids.at(i)).toUtf8()), found.sink());
            VERIFY_RESULT(again);
            QCOMPARE(found.entries.size(), 1);
            QCOMPARE(found.entries.first().dn, people.entries.at(i).dn);
        }
        if (isAd) // objectGUID 01 00 00 00 5a5a 5a5a …: its text begins with the number
            QCOMPARE(QUuid::fromRfc4122(ids.at(1)).toString(QUuid::WithoutBraces),
                     QStringLiteral("00000001-5a5a-5a5a-5a5a-5a5a5a5a5a5a"));
    }
};

CONSOLE_TEST(DialectTest)
#include "tst_dialect.moc"
