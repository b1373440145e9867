// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dn.h"
#include "tests/core/generators.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse;
using core::Dn;
using core::Rdn;
using core::TypeAndValue;

namespace {

QByteArray bytes(const char *text)
{
    return QByteArray(text);
}

/// The types that filters have but for the one with an underscore, which no server takes in a name.
rc::Gen<QByteArray> namingType()
{
    return rc::gen::suchThat(test::attributeType(), [](const QByteArray &type) { return !type.contains('_'); });
}

/// No type stands twice in an RDN.
bool typesDiffer(const std::vector<TypeAndValue> &elements)
{
    return elements.size() < 2 || core::namingTypeKey(elements[0].type) != core::namingTypeKey(elements[1].type);
}

rc::Gen<TypeAndValue> typeAndValue()
{
    return rc::gen::apply(
        [](const QByteArray &type, const QByteArray &value, bool encoded) {
            // An OCTET STRING in its BER encoding.
            const bool wrapped = encoded && value.size() < 0x80;
            return TypeAndValue{type, wrapped ? '\x04' + QByteArray(1, char(value.size())) + value : value, wrapped};
        },
        namingType(), test::octets(), rc::gen::weightedElement<bool>({{9, false}, {1, true}}));
}

rc::Gen<Dn> anyDn()
{
    const auto rdn = rc::gen::map(
        rc::gen::weightedOneOf<std::vector<TypeAndValue>>(
            {{4, rc::gen::container<std::vector<TypeAndValue>>(1, typeAndValue())},
             {1, rc::gen::suchThat(rc::gen::container<std::vector<TypeAndValue>>(2, typeAndValue()), typesDiffer)}}),
        [](const std::vector<TypeAndValue> &elements) { return Rdn(elements.begin(), elements.end()); });
    return rc::gen::map(rc::gen::container<std::vector<Rdn>>(rdn),
                        [](const std::vector<Rdn> &rdns) { return Dn(QList<Rdn>(rdns.begin(), rdns.end())); });
}

} // namespace

class TestDn : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(1000); }
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void countsOffsetsInCharactersOfAText();
    void comparesByKey_data();
    void comparesByKey();
    void tellsNamesApart_data();
    void tellsNamesApart();
    void knowsItsPlaceInTheTree();
    void buildsFromValuesThatNeedEscaping();
    void octetsThatAreNoDnHaveAKeyOfTheirOwn();
    void whatIsPrintedReadsBackTheSame();
    void anyValueStaysOneValue();
    void theKeyIsADnWithTheSameKey();
    void bothWaysToTheKeyAgree();
    void aChildIsBelowItsParent();
    void keysOfAMillionMembersTakeSeconds();
};

void TestDn::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("printed");
    QTest::addColumn<QByteArray>("firstValue");

    // The examples of RFC 4514, section 4.
    QTest::newRow("three RDNs") << bytes("UID=jsmith,DC=example,DC=net") << bytes("UID=jsmith,DC=example,DC=net")
                                << bytes("jsmith");
    QTest::newRow("multi-valued") << bytes("OU=Sales+CN=J.  Smith,DC=example,DC=net")
                                  << bytes("OU=Sales+CN=J.  Smith,DC=example,DC=net") << bytes("Sales");
    QTest::newRow("quotes escaped") << bytes("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net")
                                    << bytes("CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net")
                                    << bytes("James \"Jim\" Smith, III");
    QTest::newRow("carriage return") << bytes("CN=Before\\0dAfter,DC=example,DC=net")
                                     << bytes("CN=Before\\0dAfter,DC=example,DC=net") << bytes("Before\rAfter");
    QTest::newRow("BER") << bytes("1.3.6.1.4.1.1466.0=#04024869") << bytes("1.3.6.1.4.1.1466.0=#04024869")
                         << bytes("\x04\x02Hi");
    QTest::newRow("BER of parts") << bytes("2.5.4.45=#30060401620c0163") << bytes("2.5.4.45=#30060401620c0163")
                                  << bytes("0\x06\x04\x01" "b\x0c\x01" "c");
    QTest::newRow("UTF-8 as hex pairs") << bytes("CN=Lu\\C4\\8Di\\C4\\87") << bytes("CN=Lu\xc4\x8di\xc4\x87")
                                        << bytes("Lu\xc4\x8di\xc4\x87");

    QTest::newRow("root") << bytes("") << bytes("") << bytes("");
    QTest::newRow("spaces around separators") << bytes("cn = Ann , ou= Staff ;dc=example")
                                              << bytes("cn=Ann,ou=Staff,dc=example") << bytes("Ann");
    QTest::newRow("quoted") << bytes("CN=\"Smith, Ann\" , O=\"A + B\"") << bytes("CN=Smith\\, Ann,O=A \\+ B")
                            << bytes("Smith, Ann");
    QTest::newRow("quoted with escapes") << bytes("CN=\"a\\\"b\\5c\"") << bytes("CN=a\\\"b\\\\") << bytes("a\"b\\");
    QTest::newRow("OID prefix") << bytes("OID.2.5.4.3=Ann") << bytes("2.5.4.3=Ann") << bytes("Ann");
    QTest::newRow("empty value") << bytes("cn=,dc=example") << bytes("cn=,dc=example") << bytes("");
    QTest::newRow("escaped spaces at the ends") << bytes("cn=\\  a \\ ,dc=x") << bytes("cn=\\  a \\ ,dc=x")
                                                << bytes("  a  ");
    QTest::newRow("equals sign in a value") << bytes("cn=a=b,dc=x") << bytes("cn=a=b,dc=x") << bytes("a=b");
    QTest::newRow("hash escaped") << bytes("cn=\\#1,dc=x") << bytes("cn=\\#1,dc=x") << bytes("#1");
    QTest::newRow("octets that are no UTF-8") << bytes("cn=\\ff\\fe,dc=x") << bytes("cn=\\ff\\fe,dc=x")
                                              << bytes("\xff\xfe");
    QTest::newRow("deleted object of Active Directory")
        << bytes("CN=Ann\\0ADEL:0e6a2c1f,CN=Deleted Objects,DC=lab")
        << bytes("CN=Ann\\0aDEL:0e6a2c1f,CN=Deleted Objects,DC=lab") << bytes("Ann\nDEL:0e6a2c1f");
}

void TestDn::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, printed);
    QFETCH(QByteArray, firstValue);
    const auto dn = Dn::parse(QByteArrayView(text));
    QVERIFY2(dn, qPrintable(dn ? QString() : dn.error().text()));
    QCOMPARE(dn->toUtf8(), printed);
    QCOMPARE(dn->isEmpty() ? QByteArray() : dn->rdns().first().first().value, firstValue);
    QCOMPARE(dn->firstValue(), QString::fromUtf8(firstValue));
}

void TestDn::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("advice");

    const auto row = [](const char *name, const char *text, int offset, int length, const char *advice) {
        QTest::newRow(name) << QString::fromUtf8(text) << offset << length << QString::fromUtf8(advice);
    };
    row("no type", "Staff,DC=example", 0, 5, "TYPE=VALUE");
    row("comma not escaped", "CN=Smith, Ann,DC=example", 10, 3, "\\,");
    row("nothing after the comma", "DC=example,", 10, 1, "follow");
    row("nothing after the plus", "CN=a+", 4, 1, "follow");
    row("two commas", "CN=a,,DC=b", 5, 1, "empty");
    row("comma first", ",DC=b", 0, 1, "empty");
    row("bad type", "C N=a", 0, 3, "attribute type");
    row("type starts with a digit", "1cn=a", 0, 3, "attribute type");
    row("no type before =", "=a", 0, 1, "attribute type");
    row("bad OID", "2.05.4=a", 0, 6, "attribute type");
    row("quotation mark within", "CN=a\"b", 4, 1, "\\\"");
    row("angle bracket", "CN=a<b", 4, 1, "\\<");
    row("quote not closed", "CN=\"a,DC=b", 3, 7, "closing");
    row("text after a quote", "CN=\"a\"b", 6, 1, "comma");
    row("backslash at the end", "CN=a\\", 4, 1, "\\\\");
    row("backslash before a letter", "CN=LAB\\joe", 6, 2, "\\\\");
    row("odd hex", "CN=#040", 3, 4, "hexadecimal");
    row("hash alone", "CN=#", 3, 1, "\\#");
    // What OpenLDAP answers with "invalid DN syntax".
    row("no BER encoding", "uid=#00", 4, 3, "BER");
    row("BER encoding cut short", "uid=#040248,dc=b", 4, 7, "BER");
    row("octets after the BER encoding", "uid=#0403486969ff", 4, 13, "BER");
    row("half a part within the BER encoding", "uid=#30020405", 4, 9, "BER");
    row("underscore in a type", "my_attr=x,dc=b", 0, 7, "hyphens");
    row("first number of an OID", "9.5.4.3=a", 0, 7, "attribute type");
    row("second number of an OID", "1.40.3=a", 0, 6, "attribute type");
    row("hyphen first", "-uid=a", 0, 4, "attribute type");
    row("options", "cn;lang-de=a", 0, 2, "TYPE=VALUE");
    row("one type twice", "uid=a+uid=b", 6, 5, "twice");
    row("one type twice by other names", "cn=a + 2.5.4.3=b", 7, 9, "twice");
}

void TestDn::refuses()
{
    QFETCH(QString, text);
    QFETCH(int, offset);
    QFETCH(int, length);
    QFETCH(QString, advice);
    const auto dn = Dn::parse(text);
    QVERIFY(!dn);
    QCOMPARE(dn.error().code, core::Code::Syntax);
    QCOMPARE(dn.error().offset, offset);
    QCOMPARE(dn.error().length, length);
    QVERIFY2(dn.error().detail.contains(advice), qPrintable(dn.error().detail));
}

void TestDn::countsOffsetsInCharactersOfAText()
{
    // Two octets for each umlaut, four octets and two UTF-16 units for the last one.
    const QString text = QStringLiteral("CN=Jürgen Möß\U0001F600<");
    const auto dn = Dn::parse(text);
    QVERIFY(!dn);
    QCOMPARE(dn.error().offset, int(text.size() - 1));
    QCOMPARE(dn.error().length, 1);
    const auto octets = Dn::parse(QByteArrayView(text.toUtf8()));
    QCOMPARE(octets.error().offset, int(text.toUtf8().size() - 1));
}

void TestDn::comparesByKey_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");

    QTest::newRow("letter case") << bytes("CN=Ann,DC=Example") << bytes("cn=ANN,dc=eXAMPLE");
    QTest::newRow("spaces around separators") << bytes("cn=Ann,dc=x") << bytes("cn = Ann , dc=x");
    QTest::newRow("runs of spaces") << bytes("cn=Ann Smith") << bytes("cn=Ann   Smith");
    QTest::newRow("spaces at the ends") << bytes("cn=Ann") << bytes("cn=\\ Ann\\ ");
    QTest::newRow("ways to escape") << bytes("cn=a\\,b") << bytes("cn=\"a,b\"");
    QTest::newRow("hex pairs") << bytes("cn=Lu\\C4\\8Di\\C4\\87") << bytes("cn=LUČIĆ");
    QTest::newRow("composed and decomposed") << bytes("cn=Ren\xc3\xa9") << bytes("cn=Rene\xcc\x81");
    QTest::newRow("sharp s") << bytes("cn=Stra\xc3\x9f" "e") << bytes("cn=STRASSE");
    QTest::newRow("OID") << bytes("2.5.4.3=Ann") << bytes("cn=Ann");
    QTest::newRow("long type name") << bytes("commonName=Ann,domainComponent=x") << bytes("CN=ann,DC=x");
    QTest::newRow("userid") << bytes("userid=ann") << bytes("uid=ann");
    QTest::newRow("order in a multi-valued RDN") << bytes("cn=a+ou=b,dc=x") << bytes("OU=B+CN=A,dc=x");
    QTest::newRow("BER of a string") << bytes("cn=#0403416e6e") << bytes("cn=ann");
}

void TestDn::comparesByKey()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QCOMPARE(Dn::parse(QByteArrayView(one))->key(), Dn::parse(QByteArrayView(other))->key());
    QCOMPARE(core::dnKey(one), core::dnKey(other));
}

void TestDn::tellsNamesApart_data()
{
    QTest::addColumn<QByteArray>("one");
    QTest::addColumn<QByteArray>("other");

    QTest::newRow("a comma within, a level more") << bytes("cn=a\\,dc\\=b") << bytes("cn=a,dc=b");
    QTest::newRow("a plus within, a value more") << bytes("cn=a\\+ou\\=b") << bytes("cn=a+ou=b");
    QTest::newRow("accent") << bytes("cn=Rene") << bytes("cn=Ren\xc3\xa9");
    QTest::newRow("type") << bytes("cn=a") << bytes("ou=a");
    QTest::newRow("order of levels") << bytes("ou=a,ou=b") << bytes("ou=b,ou=a");
    QTest::newRow("space or none") << bytes("cn=ab") << bytes("cn=a b");
    QTest::newRow("octets") << bytes("cn=\\ff") << bytes("cn=\\fe");
    QTest::newRow("digits of an encoded value as text") << bytes("cn=#05024869") << bytes("cn=\\#05024869");
}

void TestDn::tellsNamesApart()
{
    QFETCH(QByteArray, one);
    QFETCH(QByteArray, other);
    QVERIFY(core::dnKey(one) != core::dnKey(other));
}

void TestDn::knowsItsPlaceInTheTree()
{
    const Dn base = *Dn::parse(QStringLiteral("DC=example,DC=com"));
    const Dn staff = *Dn::parse(QStringLiteral("ou=Staff, dc=EXAMPLE, dc=com"));
    const Dn ann = *Dn::parse(QStringLiteral("CN=Ann,OU=staff,DC=example,DC=com"));
    const Dn fake = *Dn::parse(QStringLiteral("CN=a\\,DC=example,DC=com"));
    const Dn other = *Dn::parse(QStringLiteral("OU=Staff,DC=example,DC=org"));

    QVERIFY(staff.isBelow(base));
    QVERIFY(ann.isBelow(base));
    QVERIFY(ann.isBelow(staff));
    QVERIFY(!base.isBelow(staff));
    QVERIFY(!base.isBelow(base));
    QVERIFY(base.isSameOrBelow(base));
    QVERIFY(!other.isSameOrBelow(base));
    QVERIFY(!fake.isBelow(base)); // its text ends in the base's, its name does not
    QVERIFY(base.isBelow(Dn()));
    QVERIFY(!Dn().isBelow(Dn()));
    QVERIFY(Dn().isSameOrBelow(Dn()));
    QCOMPARE(ann.parent().key(), staff.key());
    QVERIFY(base.parent().parent().isEmpty());
    QVERIFY(Dn().parent().isEmpty());
}

void TestDn::buildsFromValuesThatNeedEscaping()
{
    const Dn base = *Dn::parse(QStringLiteral("DC=example"));
    QCOMPARE(base.child("CN", " Smith, \"Ann\" + <b>;=\\ ").toUtf8(),
             bytes("CN=\\ Smith\\, \\\"Ann\\\" \\+ \\<b\\>\\;=\\\\\\ ,DC=example"));
    QCOMPARE(base.child("CN", "#1").toUtf8(), bytes("CN=\\#1,DC=example"));
    QCOMPARE(base.child("CN", QByteArray("a\0b", 3)).toUtf8(), bytes("CN=a\\00b,DC=example"));
    QCOMPARE(base.child("CN", "x,DC=evil").parent(), base);
}

void TestDn::octetsThatAreNoDnHaveAKeyOfTheirOwn()
{
    QVERIFY(core::dnKey("no dn at all") != core::dnKey("another"));
    QVERIFY(!Dn::parse(QByteArrayView(core::dnKey("no dn at all"))));
    QCOMPARE(core::dnKey(""), QByteArray());
}

void TestDn::whatIsPrintedReadsBackTheSame()
{
    QVERIFY(rc::check("parse(print(dn)) == dn", [] {
        const Dn dn = *anyDn();
        const auto read = Dn::parse(QByteArrayView(dn.toUtf8()));
        RC_ASSERT(read.has_value());
        RC_ASSERT(*read == dn);
    }));
}

void TestDn::anyValueStaysOneValue()
{
    QVERIFY(rc::check("a value of random octets never becomes structure", [] {
        const QByteArray value = *test::octets();
        const QByteArray text = "CN=" + core::escapeDnValue(value) + ",DC=example";
        const auto dn = Dn::parse(QByteArrayView(text));
        RC_ASSERT(dn.has_value());
        RC_ASSERT(dn->rdns().size() == 2);
        RC_ASSERT(dn->rdns().first().size() == 1);
        RC_ASSERT(dn->rdns().first().first().value == value);
    }));
    QVERIFY(rc::check("random octets parse or fail with an offset within the text", [] {
        const QByteArray text = *test::octets();
        const auto dn = Dn::parse(QByteArrayView(text));
        if (dn) {
            const auto again = Dn::parse(QByteArrayView(dn->toUtf8()));
            RC_ASSERT(again.has_value());
            RC_ASSERT(*again == *dn);
        } else {
            RC_ASSERT(dn.error().offset >= 0);
            RC_ASSERT(dn.error().offset <= text.size());
            RC_ASSERT(!dn.error().detail.isEmpty());
        }
    }));
}

void TestDn::theKeyIsADnWithTheSameKey()
{
    QVERIFY(rc::check("key(key(dn)) == key(dn)", [] {
        const QByteArray key = (*anyDn()).key();
        const auto read = Dn::parse(QByteArrayView(key));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->key() == key);
    }));
    QVERIFY(rc::check("letter case of text does not matter", [] {
        const QString value = *test::text();
        const Dn base = *Dn::parse(QStringLiteral("dc=x"));
        const auto key = [&](const QString &text) { return base.child("CN", text.toUtf8()).key(); };
        RC_ASSERT(key(value.toLower()) == key(value));
    }));
}

void TestDn::bothWaysToTheKeyAgree()
{
    QVERIFY(rc::check("dnKey(text) is the key of the parsed DN", [] {
        const auto piece = rc::gen::element<std::string>("CN=", "ou=", "=", ",", " ", "  ", "a", "Zz", "2.5.4.3=", "gn=",
                                                         "commonName=", "#", "+", "\\,", "\"", "\xc3\x89", "\t", "OID.");
        QByteArray text;
        for (const std::string &one : *rc::gen::container<std::vector<std::string>>(piece))
            text += one.c_str();
        text = *rc::gen::element(QByteArray(), QByteArray("cn=")) + text;
        const auto dn = Dn::parse(QByteArrayView(text));
        RC_CLASSIFY(dn.has_value());
        RC_ASSERT(core::dnKey(text) == (dn ? dn->key() : QByteArray(1, '\0') + text));
    }));
}

void TestDn::aChildIsBelowItsParent()
{
    QVERIFY(rc::check("child", [] {
        const Dn parent = *anyDn();
        const Dn child = parent.child(*namingType(), *test::octets());
        RC_ASSERT(child.parent() == parent);
        RC_ASSERT(child.isBelow(parent));
        RC_ASSERT(!parent.isSameOrBelow(child));
    }));
}

void TestDn::keysOfAMillionMembersTakeSeconds()
{
    const QByteArray dn("CN=Ann-Sophie Example,OU=Staff Members,OU=Berlin,DC=corp,DC=example,DC=com");
    QBENCHMARK {
        core::dnKey(dn);
    }
}

CONSOLE_TEST(TestDn)
#include "tst_dn.moc"
