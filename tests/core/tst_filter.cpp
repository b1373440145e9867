// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/filter.h"
#include "tests/core/generators.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using core::Filter;
using Kind = core::Filter::Kind;

Q_DECLARE_METATYPE(core::Filter::Kind)

namespace {

QByteArray bytes(const char *text)
{
    return QByteArray(text);
}

rc::Gen<QByteArray> attribute()
{
    return rc::gen::element(bytes("mail"), bytes("sAMAccountName"), bytes("cn;lang-de"), bytes("2.5.4.3"),
                            bytes("userCertificate;binary"));
}

rc::Gen<Filter> substrings()
{
    return rc::gen::apply(
        [](const QByteArray &name, const QByteArray &initial, const std::vector<QByteArray> &any,
           const QByteArray &final) {
            return Filter::substrings(name, initial, QList<QByteArray>(any.begin(), any.end()), final);
        },
        attribute(), test::octets(), rc::gen::container<std::vector<QByteArray>>(test::octets()), test::octets());
}

rc::Gen<Filter> item()
{
    const auto extensible = rc::gen::apply(
        [](const QByteArray &name, const QByteArray &rule, const QByteArray &value, bool dn) {
            return Filter::extensible(name.isEmpty() && rule.isEmpty() ? bytes("cn") : name, rule, value, dn);
        },
        rc::gen::element(bytes(""), bytes("memberOf"), bytes("cn;x-y")),
        rc::gen::element(bytes(""), bytes("caseExactMatch"), bytes("1.2.840.113556.1.4.1941")), test::octets(),
        rc::gen::arbitrary<bool>());
    return rc::gen::oneOf(rc::gen::apply(&Filter::equality, attribute(), test::octets()),
                          rc::gen::apply(&Filter::greaterOrEqual, attribute(), test::octets()),
                          rc::gen::apply(&Filter::lessOrEqual, attribute(), test::octets()),
                          rc::gen::apply(&Filter::approximate, attribute(), test::octets()),
                          rc::gen::map(attribute(), &Filter::present), substrings(), extensible);
}

rc::Gen<Filter> anyFilter(int depth)
{
    if (depth == 0)
        return item();
    constexpr int kMostChildren = 4; // the tree grows by its power
    const auto children = rc::gen::mapcat(rc::gen::inRange(0, kMostChildren + 1), [depth](int count) {
        return rc::gen::container<std::vector<Filter>>(std::size_t(count), anyFilter(depth - 1));
    });
    const auto list = rc::gen::map(children,
                                   [](const std::vector<Filter> &filters) {
                                       return QList<Filter>(filters.begin(), filters.end());
                                   });
    return rc::gen::oneOf(item(), rc::gen::map(list, &Filter::all), rc::gen::map(list, &Filter::any),
                          rc::gen::map(anyFilter(depth - 1), &Filter::negation));
}

} // namespace

class TestFilter : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(1000); }
    void reads_data();
    void reads();
    void readsTheParts();
    void refuses_data();
    void refuses();
    void countsOffsetsInCharactersOfAText();
    void refusesToNestForEver();
    void combines();
    void whatWasTypedStaysAValue();
    void findsEverybodyForAnyValue_data();
    void findsEverybodyForAnyValue();
    void whomItFindsIsAmongEverybody();
    void namesTheAttributesItAsksFor();
    void whatIsPrintedReadsBackTheSame();
    void anyValueStaysOneValue();
};

void TestFilter::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("printed");

    const auto row = [](const char *text, Kind kind, const char *printed = nullptr) {
        QTest::newRow(qPrintable(QString::fromUtf8(text).simplified())) << bytes(text) << kind << bytes(printed ? printed : text);
    };
    // The examples of RFC 4515, section 4.
    row("(cn=Babs Jensen)", Kind::Equality);
    row("(!(cn=Tim Howes))", Kind::Not);
    row("(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))", Kind::And);
    row("(o=univ*of*mich*)", Kind::Substrings);
    row("(seeAlso=)", Kind::Equality);
    row("(cn:caseExactMatch:=Fred Flintstone)", Kind::Extensible);
    row("(cn:=Betty Rubble)", Kind::Extensible);
    row("(sn:dn:2.4.6.8.10:=Barney Rubble)", Kind::Extensible);
    row("(o:dn:=Ace Industry)", Kind::Extensible);
    row("(:1.2.3:=Wilma Flintstone)", Kind::Extensible);
    row("(:DN:2.4.6.8.10:=Dino)", Kind::Extensible, "(:dn:2.4.6.8.10:=Dino)");
    row("(o=Parens R Us \\28for all your parenthetical needs\\29)", Kind::Equality);
    row("(cn=*\\2A*)", Kind::Substrings, "(cn=*\\2a*)");
    row("(filename=C:\\5cMyFile)", Kind::Equality);
    row("(bin=\\00\\00\\00\\04)", Kind::Equality);
    row("(sn=Lu\\c4\\8di\\c4\\87)", Kind::Equality, "(sn=Lu\xc4\x8di\xc4\x87)");
    row("(1.3.6.1.4.1.1466.0=\\04\\02\\48\\69)", Kind::Equality, "(1.3.6.1.4.1.1466.0=\\04\\02Hi)");

    row("(&)", Kind::And);
    row("(|)", Kind::Or);
    row("(mail=*)", Kind::Present);
    row("(uidNumber>=1000)", Kind::GreaterOrEqual);
    row("(uidNumber<=1000)", Kind::LessOrEqual);
    row("(cn~=Ann)", Kind::Approximate);
    row("(cn=a*)", Kind::Substrings);
    row("(cn=*z)", Kind::Substrings);
    row("(userAccountControl:1.2.840.113556.1.4.803:=2)", Kind::Extensible);
    row("(objectGUID=\\ff\\00\\7f\\80)", Kind::Equality);
    row("(cn;lang-de=Ann)", Kind::Equality);
    row("(url=http://x?a=b)", Kind::Equality);
    row("(mail=${identifier})", Kind::Equality);
    row(" (& \n (a=1)\t( | (b=2) (c=3) ) ) \n", Kind::And, "(&(a=1)(|(b=2)(c=3)))");
    row("(cn= Ann )", Kind::Equality);
}

void TestFilter::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(Kind, kind);
    QFETCH(QByteArray, printed);
    const auto filter = Filter::parse(QByteArrayView(text));
    QVERIFY2(filter, qPrintable(filter ? QString() : filter.error().text()));
    QCOMPARE(int(filter->kind()), int(kind));
    QCOMPARE(filter->toUtf8(), printed);
}

void TestFilter::readsTheParts()
{
    const Filter substrings = *Filter::parse(QByteArrayView("(o=univ*of*mich*)"));
    QCOMPARE(substrings.attribute(), bytes("o"));
    QCOMPARE(substrings.initial(), bytes("univ"));
    QCOMPARE(substrings.anyParts(), (QList<QByteArray>{"of", "mich"}));
    QCOMPARE(substrings.final(), QByteArray());

    const Filter extensible = *Filter::parse(QByteArrayView("(sn:dn:2.4.6.8.10:=Barney \\2a)"));
    QCOMPARE(extensible.attribute(), bytes("sn"));
    QCOMPARE(extensible.matchingRule(), bytes("2.4.6.8.10"));
    QCOMPARE(extensible.value(), bytes("Barney *"));
    QVERIFY(extensible.dnAttributes());

    const Filter both = *Filter::parse(QByteArrayView("(&(a=1)(!(b=2)))"));
    QCOMPARE(both.children().size(), 2);
    QCOMPARE(both.children().last().children().first(), Filter::equality("b", "2"));
}

void TestFilter::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("advice");

    const auto row = [](const char *name, const char *text, int offset, int length, const char *advice) {
        QTest::newRow(name) << QString::fromUtf8(text) << offset << length << QString::fromUtf8(advice);
    };
    row("empty", "", 0, 0, "(objectClass=*)");
    row("spaces", "  ", 0, 0, "(objectClass=*)");
    row("no parentheses", "mail=*", 0, 6, "(mail=*)");
    row("not closed", "(mail=*", 0, 1, "never closed");
    row("inner not closed", "(&(a=1)(b=2)", 0, 1, "never closed");
    row("closed once too often", "(a=1))", 5, 1, "closes nothing");
    row("two filters", "(a=1)(b=2)", 5, 5, "(&(a=1)(b=2))");
    row("nothing inside", "(&(a=1)())", 7, 2, "nothing stands");
    row("no operator", "(mail)", 1, 4, "(mail=value)");
    row("two parentheses", "((a=1))", 0, 2, "operator");
    row("item without parentheses", "(&a=1(b=2))", 2, 3, "parentheses of its own");
    row("not of nothing", "(!)", 0, 3, "needs a condition");
    row("not of two", "(!(a=1)(b=2))", 7, 5, "takes one condition");
    row("less than", "(age<5)", 4, 1, "<=");
    row("greater than", "(age>5)", 4, 1, ">=");
    row("two asterisks", "(cn=a**b)", 5, 2, "two asterisks");
    row("asterisk after >=", "(cn>=a*)", 6, 1, "\\2a");
    row("backslash and a letter", "(cn=a\\*b)", 5, 3, "\\2a");
    row("Windows path", "(home=C:\\Users)", 8, 3, "\\5c");
    row("half a hex pair", "(cn=\\4)", 4, 3, "hexadecimal");
    row("parenthesis in a value", "(cn=a(b))", 5, 1, "\\28");
    row("space before =", "(cn =a)", 1, 3, "no space");
    row("bad attribute", "(c n=a)", 1, 3, "attribute name");
    row("no attribute", "(=a)", 1, 1, "attribute's name");
    row("empty option", "(cn;=a)", 3, 1, "option");
    row("colons without a rule", "(::=a)", 2, 1, "matching rule");
    row("colon alone", "(:=a)", 0, 3, "needs an attribute");
    row("two rules", "(cn:1.2:3.4:=a)", 8, 3, "one matching rule");
    row("rule without :=", "(memberOf:1.2=x)", 13, 1, ":=");
}

void TestFilter::refuses()
{
    QFETCH(QString, text);
    QFETCH(int, offset);
    QFETCH(int, length);
    QFETCH(QString, advice);
    const auto filter = Filter::parse(text);
    QVERIFY(!filter);
    QCOMPARE(filter.error().code, core::Code::Syntax);
    QVERIFY2(filter.error().detail.contains(advice), qPrintable(filter.error().detail));
    QCOMPARE(filter.error().offset, offset);
    QCOMPARE(filter.error().length, length);
}

void TestFilter::countsOffsetsInCharactersOfAText()
{
    const auto filter = Filter::parse(QStringLiteral("(&(cn=J\u00fcrgen\U0001F600)(sn<x))"));
    QVERIFY(!filter);
    QCOMPARE(filter.error().offset, 18);
    QCOMPARE(filter.error().length, 1);
}

void TestFilter::refusesToNestForEver()
{
    const QByteArray deep = QByteArray("(!").repeated(100'000) + "(a=1)" + QByteArray(")").repeated(100'000);
    const auto filter = Filter::parse(QByteArrayView(deep));
    QVERIFY(!filter);
    QVERIFY(filter.error().detail.contains(QStringLiteral("nested")));
    const QByteArray bearable = QByteArray("(!").repeated(100) + "(a=1)" + QByteArray(")").repeated(100);
    QVERIFY(Filter::parse(QByteArrayView(bearable)));
}

void TestFilter::combines()
{
    const Filter a = Filter::equality("a", "1");
    const Filter b = Filter::present("b");
    const Filter c = Filter::negation(a);
    QCOMPARE(Filter::all({a, b}).toUtf8(), bytes("(&(a=1)(b=*))"));
    QCOMPARE(Filter::any({a, b}).toUtf8(), bytes("(|(a=1)(b=*))"));
    QCOMPARE(Filter::all({a}), a);
    QCOMPARE(Filter::all({Filter::all({a, b}), c}).toUtf8(), bytes("(&(a=1)(b=*)(!(a=1)))"));
    QCOMPARE(Filter::all({Filter::any({a, b}), c}).toUtf8(), bytes("(&(|(a=1)(b=*))(!(a=1)))"));
    // "Everything" adds nothing to a conjunction, "nothing" adds nothing to a choice.
    QCOMPARE(Filter::all({Filter(), a}), a);
    QCOMPARE(Filter::any({Filter::any({}), a}), a);
    QCOMPARE(Filter::all({}).toUtf8(), bytes("(&)"));
    QCOMPARE(Filter::any({}).toUtf8(), bytes("(|)"));
}

void TestFilter::whatWasTypedStaysAValue()
{
    const Filter pattern = *Filter::parse(QByteArrayView("(|(uid=${identifier})(mail=${identifier}*)(cn=*))"));
    QCOMPARE(pattern.replaced("${identifier}", "ann").toUtf8(), bytes("(|(uid=ann)(mail=ann*)(cn=*))"));
    QCOMPARE(pattern.replaced("${identifier}", "*)(uid=*").toUtf8(),
             bytes("(|(uid=\\2a\\29\\28uid=\\2a)(mail=\\2a\\29\\28uid=\\2a*)(cn=*))"));
    QCOMPARE(pattern.replaced("${identifier}", "${identifier}"), pattern);
    // Nothing typed must find nobody, not everybody.
    const Filter start = *Filter::parse(QByteArrayView("(mail=${identifier}*)"));
    QCOMPARE(start.replaced("${identifier}", ""), Filter::equality("mail", ""));
}

void TestFilter::findsEverybodyForAnyValue_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("everybody"); // empty: no filter says it
    const auto row = [](const char *name, const char *pattern, const char *everybody) {
        QTest::newRow(name) << QByteArray(pattern) << QByteArray(everybody);
    };
    row("equality", "(uid=${identifier})", "(uid=*)");
    row("one of several", "(|(uid=${identifier})(mail=${identifier}))", "(|(uid=*)(mail=*))");
    row("what has none stays", "(&(objectClass=person)(uid=${identifier}))", "(&(objectClass=person)(uid=*))");
    row("text behind it", "(userPrincipalName=${identifier}@example.com)", "(userPrincipalName=*@example.com)");
    row("text around it", "(cn=a${identifier}b${identifier}c)", "(cn=a*b*c)");
    row("substrings", "(cn=a*${identifier}b*c${identifier})", "(cn=a*b*c*)");
    row("nothing but gaps", "(cn=*${identifier}*)", "(cn=*)");
    row("approximate", "(cn~=${identifier})", "(cn=*)");
    row("order", "(employeeNumber>=${identifier})", "(employeeNumber=*)");
    row("matching rule", "(cn:caseExactMatch:=${identifier})", "(cn=*)");
    row("matching rule of any attribute", "(:caseExactMatch:=${identifier})", "");
    row("negation", "(&(objectClass=person)(!(uid=${identifier})))", "");
    row("negation of something else", "(&(!(title=guest))(uid=${identifier}))", "(&(!(title=guest))(uid=*))");
    row("none at all", "(uid=ann)", "(uid=ann)");
    row("escaped octets stay octets", "(cn=\\2a${identifier})", "(cn=\\2a*)");
}

void TestFilter::findsEverybodyForAnyValue()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, everybody);
    const auto widened = Filter::parse(QByteArrayView(pattern))->withAny("${identifier}");
    QCOMPARE(widened.has_value(), !everybody.isEmpty());
    if (widened)
        QCOMPARE(widened->toUtf8(), everybody);
    QCOMPARE(Filter::parse(QByteArrayView(pattern))->holds("${identifier}"), pattern.contains("${identifier}"));
}

void TestFilter::whomItFindsIsAmongEverybody()
{
    // Structure never comes of what stands around the placeholder, whatever octets these are.
    QVERIFY(rc::check("the widened filter keeps the tree", [] {
        const QByteArray before = *test::octets();
        const QByteArray after = *test::octets();
        RC_PRE(!QByteArray(before + after).contains('$'));
        const Filter pattern = Filter::all({Filter::equality("uid", before + "${identifier}" + after), Filter::present("cn")});
        const auto widened = pattern.withAny("${identifier}");
        RC_ASSERT(widened.has_value());
        const auto read = Filter::parse(QByteArrayView(widened->toUtf8()));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == Filter::all({Filter::substrings("uid", before, {}, after), Filter::present("cn")}));
    }));
}

void TestFilter::namesTheAttributesItAsksFor()
{
    const Filter filter = *Filter::parse(QByteArrayView("(&(CN=a)(|(cn;lang-de=b)(!(mail=*)))(:1.2.3:=x)(o:=y))"));
    QCOMPARE(filter.attributes(), (QList<QByteArray>{"cn", "mail", "o"}));
}

void TestFilter::whatIsPrintedReadsBackTheSame()
{
    QVERIFY(rc::check("parse(print(filter)) == filter", [] {
        const Filter filter = *anyFilter(3);
        const QByteArray text = filter.toUtf8();
        const auto read = Filter::parse(QByteArrayView(text));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == filter);
        RC_ASSERT(read->toUtf8() == text);
    }));
}

void TestFilter::anyValueStaysOneValue()
{
    QVERIFY(rc::check("a value of random octets never becomes structure", [] {
        const QByteArray value = *test::octets();
        const QByteArray text = "(&(uid=" + core::escapeFilterValue(value) + ")(a=1))";
        const auto filter = Filter::parse(QByteArrayView(text));
        RC_ASSERT(filter.has_value());
        RC_ASSERT(filter->children().size() == 2);
        RC_ASSERT(filter->children().first() == Filter::equality("uid", value));
    }));
    QVERIFY(rc::check("random octets parse or fail with an offset within the text", [] {
        const QByteArray text = '(' + *test::octets() + ')';
        const auto filter = Filter::parse(QByteArrayView(text));
        if (filter) {
            const QByteArray printed = filter->toUtf8();
            RC_ASSERT(Filter::parse(QByteArrayView(printed)).has_value());
        } else {
            RC_ASSERT(filter.error().offset >= 0);
            RC_ASSERT(filter.error().offset + filter.error().length <= text.size());
            RC_ASSERT(!filter.error().detail.isEmpty());
        }
    }));
}

CONSOLE_TEST(TestFilter)
#include "tst_filter.moc"
