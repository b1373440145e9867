// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filters against an entry's own values: what is not known here is Unsure, never No.
#include "core/filtermatch.h"

#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

namespace {

const Schema &schema()
{
    static const Schema known = Schema::fromAttributeTypes({
        "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
        "( 2.5.4.41 NAME 'name' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
        "( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
        "( 2.16.840.1.113730.3.1.4 NAME 'employeeType' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
        "( 1.1 NAME 'uidNumber' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
        "( 1.2 NAME 'manager' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
        "( 1.3 NAME 'hireDate' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )",
        "( 2.5.4.0 NAME 'objectClass' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
        "( 1.4 NAME 'userAccountControl' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
        "( 1.5 NAME 'departmentNumber' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
    });
    return known;
}

const Entry &person()
{
    static const Entry entry{"uid=a,dc=x",
                             {{"cn", {"Anna Berg"}},
                              {"mail", {"anna@x.example", "a.berg@x.example"}},
                              {"employeeType", {"Staff"}},
                              {"uidNumber", {"1042"}},
                              {"manager", {"UID=Max, dc=x"}},
                              {"hireDate", {"20240101000000Z"}},
                              {"objectClass", {"inetOrgPerson"}},
                              {"userAccountControl", {"514"}}}};
    return entry;
}

} // namespace

Q_DECLARE_METATYPE(gatehouse::core::Truth)

class TestFilterMatch : public QObject {
    Q_OBJECT

private slots:
    void judges_data();
    void judges();
    void saysWhatMadeItBlind();
    void withoutASchemaNothingIsUnknown();
    void asksForTheSchemasNames();
};

void TestFilterMatch::judges_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<Truth>("truth");
    const auto row = [](const char *filter, Truth truth) { QTest::newRow(filter) << QString::fromUtf8(filter) << truth; };
    row("(mail=*)", Truth::True);
    row("(rfc822Mailbox=*)", Truth::True);
    row("(mail=anna@x.example)", Truth::True);
    row("(mail=ANNA@x.example)", Truth::Unsure);
    row("(mail=other@x.example)", Truth::False);
    row("(employeeType=Staff)", Truth::True);
    row("(employeeType=Contractor)", Truth::False);
    row("(!(employeeType=Contractor))", Truth::True);
    row("(!(employeeType=Staff))", Truth::False);
    row("(employeeType=St*f)", Truth::Unsure);
    row("(employeeType=Con*)", Truth::False);
    row("(employeeType=*aff)", Truth::Unsure);
    row("(employeeType~=staff)", Truth::Unsure);
    row("(uidNumber>=1000)", Truth::True);
    row("(uidNumber<=1000)", Truth::False);
    row("(uidNumber=01042)", Truth::True);
    row("(employeeType>=A)", Truth::Unsure);
    row("(manager=uid=max,DC=X)", Truth::True);
    row("(manager=uid=eva,DC=X)", Truth::False);
    row("(hireDate=2024Z)", Truth::Unsure);
    row("(objectClass=inetOrgPerson)", Truth::True);
    row("(objectClass=person)", Truth::Unsure); // it is one, by the class above
    row("(userAccountControl:1.2.840.113556.1.4.803:=2)", Truth::True);
    row("(!(userAccountControl:1.2.840.113556.1.4.803:=2))", Truth::False);
    row("(userAccountControl:1.2.840.113556.1.4.803:=16)", Truth::False);
    row("(userAccountControl:1.2.840.113556.1.4.804:=18)", Truth::True);
    row("(cn:caseExactMatch:=anna)", Truth::Unsure);
    row("(name=Anna Berg)", Truth::Unsure); // by an attribute that derives from it
    row("(cn;lang-de=Anna)", Truth::Unsure);
    row("(departmentNumber=7)", Truth::False);  // absent, and others are seen to have it
    row("(!(departmentNumber=7))", Truth::True);
    row("(title=*)", Truth::Unsure);            // the schema has no such attribute
    row("(!(title=x))", Truth::Unsure);
    row("(|(mail=*)(title=x))", Truth::True);
    row("(&(employeeType=Contractor)(title=x))", Truth::False);
    row("(&(mail=*)(title=x))", Truth::Unsure);
    row("(&)", Truth::True);
    row("(|)", Truth::False);
}

void TestFilterMatch::judges()
{
    QFETCH(QString, filter);
    QFETCH(Truth, truth);
    const auto parsed = Filter::parse(filter);
    QVERIFY(parsed);
    FilterMatch match(*parsed, &schema(), [](const QByteArray &) { return true; });
    QCOMPARE(match.judge(person()), truth);
}

void TestFilterMatch::saysWhatMadeItBlind()
{
    const auto filter = Filter::parse(QStringLiteral("(&(departmentNumber=7)(!(employeeTypo=x)))"));
    FilterMatch match(*filter, &schema(), [](const QByteArray &) { return false; });
    QCOMPARE(match.judge(person()), Truth::Unsure);
    QVERIFY(match.wasBlind());
    QCOMPARE(match.unknown(), QSet<QByteArray>{"employeeTypo"});
    QCOMPARE(match.unreadable(), QSet<QByteArray>{"departmentNumber"});

    const auto compares = Filter::parse(QStringLiteral("(mail=ANNA@x.example)"));
    FilterMatch other(*compares, &schema(), [](const QByteArray &) { return false; });
    QCOMPARE(other.judge(person()), Truth::Unsure);
    QVERIFY(!other.wasBlind());
}

void TestFilterMatch::withoutASchemaNothingIsUnknown()
{
    const auto filter = Filter::parse(QStringLiteral("(title=x)"));
    FilterMatch seen(*filter, nullptr, [](const QByteArray &) { return true; });
    QCOMPARE(seen.judge(person()), Truth::False);
    FilterMatch hidden(*filter, nullptr, [](const QByteArray &) { return false; });
    QCOMPARE(hidden.judge(person()), Truth::Unsure);
    QVERIFY(hidden.unknown().isEmpty());
}

void TestFilterMatch::asksForTheSchemasNames()
{
    const auto filter = Filter::parse(QStringLiteral("(|(rfc822Mailbox=*)(nowhere=x))"));
    FilterMatch match(*filter, &schema(), [](const QByteArray &) { return true; });
    QCOMPARE(match.wanted(), (SlotNames{"mail", "nowhere"}));
}

CONSOLE_TEST(TestFilterMatch)
#include "tst_filtermatch.moc"
