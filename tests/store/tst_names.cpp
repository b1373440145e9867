// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names that are one name whatever their spelling: usernames that no list can tell apart, DNs of external groups; keys that
// an older version made; and the schemas that directories were last read with.
#include "store/namekeys.h"
#include "store/schemas.h"
#include "tests/store/environmentfixture.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::store;

class NamesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<EnvironmentFixture> f;

    Identities &identities() { return f->environment->identities(); }
    tl::expected<core::User, QList<core::Problem>> save(const QString &username)
    {
        core::User user;
        user.values.set(f->environment->catalog()->username(), username);
        return identities().saveUser(user);
    }
    core::Group external(const QString &name) const
    {
        core::Group group;
        group.name = name;
        group.displayName = QStringLiteral("Payroll");
        group.source = core::GroupSource::Gateway;
        group.sourceName = QStringLiteral("Head office");
        group.justInTime = true;
        return group;
    }

private slots:
    void init()
    {
        f = std::make_unique<EnvironmentFixture>();
        VERIFY_OK(f->open());
    }
    void cleanup() { f.reset(); }

    void usernamesThatLookAlikeAreOne_data()
    {
        QTest::addColumn<QString>("other");
        QTest::newRow("a space behind") << "anna berg ";
        QTest::newRow("a space before") << " anna berg";
        QTest::newRow("double spaces") << "anna  berg";
        QTest::newRow("no-break space") << QString::fromUtf8("anna\u00a0berg");
        QTest::newRow("zero width space") << QString::fromUtf8("anna\u200b berg");
        QTest::newRow("direction mark") << QString::fromUtf8("\u200eanna berg");
        QTest::newRow("annotation") << QString::fromUtf8("anna\ufff9 berg");
    }
    void usernamesThatLookAlikeAreOne()
    {
        QFETCH(QString, other);
        const auto anna = save(QStringLiteral("anna berg"));
        VERIFY_OK(anna);
        const auto second = save(other);
        QVERIFY(!second);
        QCOMPARE(second.error().first().code, core::ProblemCode::UniquenessViolation);
        QCOMPARE(identities().userByKey(other)->row, anna->row);
    }

    void externalGroupsAreKnownByTheirDn()
    {
        const QString name = QStringLiteral("cn=Payroll,ou=Groups,dc=example,dc=com");
        const auto payroll = identities().saveGroup(external(name));
        VERIFY_OK(payroll);
        for (const char *spelling : {"CN=payroll, OU=groups,DC=Example,DC=com", "cn=Pay\\72oll,ou=Groups,dc=example,dc=com",
                                     "2.5.4.3=Payroll,ou=Groups,dc=example,dc=com"}) {
            const QString other = QString::fromLatin1(spelling);
            QCOMPARE(identities().groupByName(other)->row, payroll->row);
            QVERIFY(!identities().saveGroup(external(other)));
        }
        // What is no DN counts letter for letter.
        VERIFY_OK(identities().saveGroup(external(QStringLiteral("Payroll"))));
        VERIFY_OK(identities().saveGroup(external(QStringLiteral("payroll"))));
    }

    void keysOfAnOlderVersionAreMadeAnew()
    {
        const auto anna = save(QStringLiteral("anna"));
        const auto spaced = save(QStringLiteral("zoe  x"));
        const auto group = identities().saveGroup(external(QStringLiteral("cn=Payroll,dc=example,dc=com")));
        VERIFY_OK(anna);
        VERIFY_OK(spaced);
        VERIFY_OK(group);
        // As it was: spaces counted, and groups had no such key. One name is that of another user by now.
        VERIFY_OK(f->database().execute("UPDATE users SET username_key = 'zoe  x' WHERE username = 'zoe  x';"
                                        "UPDATE groups SET source_key = x''"));
        const auto trailing = save(QStringLiteral("bob"));
        VERIFY_OK(trailing);
        VERIFY_OK(f->database().execute("UPDATE users SET username = 'anna ', username_key = 'anna ' WHERE username = 'bob'"));
        VERIFY_OK(renewNameKeys(f->database()));
        QCOMPARE(identities().userByKey(QStringLiteral("zoe x"))->row, spaced->row);
        QCOMPARE(identities().userByKey(QStringLiteral("anna"))->row, anna->row);
        QCOMPARE(identities().userCount().value(), 3); // nobody is lost
        QCOMPARE(identities().groupByName(QStringLiteral("CN=payroll,DC=example,DC=com"))->row, group->row);
        VERIFY_OK(renewNameKeys(f->database()));
    }

    void schemasAreRememberedByGateway()
    {
        Schemas &schemas = f->environment->schemas();
        QVERIFY(!schemas.load(f->gateway).value());
        const auto schema = core::Schema::fromAttributeTypes({"( 2.5.4.42 NAME ( 'givenName' 'gn' ) )", "( 2.5.4.4 NAME 'sn' )"});
        VERIFY_OK(schemas.save(f->gateway, schema));
        const auto loaded = schemas.load(f->gateway).value();
        QVERIFY(loaded);
        QCOMPARE(loaded->canonical("GN;lang-de"), QByteArray("givenName;lang-de"));
        QCOMPARE(loaded->attributes().size(), 2);
        QVERIFY(!schemas.load(QUuid::createUuid()).value());
        // The same again writes nothing; and whoever may only read an environment still remembers for it.
        const qint64 before = f->database().integer("SELECT total_changes()").value();
        VERIFY_OK(schemas.save(f->gateway, schema));
        QCOMPARE(f->database().integer("SELECT total_changes()").value(), before);
        VERIFY_OK(f->open(Environment::Access::ReadOnly));
        VERIFY_OK(f->environment->schemas().save(f->gateway, core::Schema::fromAttributeTypes({"( 2.5.4.3 NAME 'cn' )"})));
        QVERIFY(f->environment->schemas().load(f->gateway).value()->find(u"cn"));
    }
};

CONSOLE_TEST(NamesTest)
#include "tst_names.moc"
