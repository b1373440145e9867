// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/schema.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void readsDescriptions()
    {
        const auto name = parseAttributeType("( 2.5.4.41 NAME 'name' DESC 'RFC4519: common supertype, it\\27s a name' EQUALITY caseIgnoreMatch "
                                             "SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{32768} )");
        QVERIFY(name);
        QCOMPARE(name->oid, QByteArray("2.5.4.41"));
        QCOMPARE(name->name(), QStringLiteral("name"));
        QCOMPARE(name->description, QStringLiteral("RFC4519: common supertype, it's a name"));
        QCOMPARE(name->syntax, QByteArray("1.3.6.1.4.1.1466.115.121.1.15"));
        QCOMPARE(name->kind(), ValueKind::Text);
        QVERIFY(!name->singleValued);

        const auto lock = parseAttributeType("( 1.3.6.1.4.1.42.2.27.8.1.17 NAME ( 'pwdAccountLockedTime' 'lockedAt' ) SYNTAX "
                                             "1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE NO-USER-MODIFICATION USAGE directoryOperation "
                                             "X-ORIGIN ( 'one' 'two' ) )");
        QVERIFY(lock);
        QCOMPARE(lock->names, QStringList({QStringLiteral("pwdAccountLockedTime"), QStringLiteral("lockedAt")}));
        QVERIFY(lock->singleValued && lock->operational);
        QCOMPARE(lock->kind(), ValueKind::Time);
    }

    void inheritsTheSyntax()
    {
        QList<Error> faults;
        const Schema schema = Schema::fromAttributeTypes({"( 1.1 NAME 'child' SUP parent )", "( 1.2 NAME 'parent' SUP grand )",
                                                          "( 1.3 NAME 'grand' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
                                                          "( 1.4 NAME 'a' SUP b )", "( 1.5 NAME 'b' SUP a )", "( 1.6 NAME 'open'", "junk"}, &faults);
        QCOMPARE(schema.attributes().size(), 5);
        QCOMPARE(faults.size(), 2);
        QCOMPARE(schema.find(u"CHILD")->kind(), ValueKind::Dn);
        QCOMPARE(schema.find(u"1.1")->name(), QStringLiteral("child"));
        QVERIFY(schema.find(u"a")->syntax.isEmpty()); // a circle has none
        QVERIFY(!schema.find(u"nothing"));
    }

    void neverHangsOnWhatIsCutOff()
    {
        const QByteArray whole = "( 2.5.4.41 NAME ( 'name' 'other' ) DESC 'text' SYNTAX 1.3.6{12} X-A ( 'b' 'c' ) )";
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY(!parseAttributeType(QByteArrayView(whole).first(length)));
        QVERIFY(parseAttributeType(whole));
    }
};

CONSOLE_TEST(SchemaTest)
#include "tst_schema.moc"
