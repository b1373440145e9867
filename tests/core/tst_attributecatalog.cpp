// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity.h"
#include "tests/core/generators.h"
#include "tests/support/testmain.h"

#include <QSet>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::core;

Q_DECLARE_METATYPE(gatehouse::core::Value)

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

AttributeDefinition custom(const QString &name, AttributeType type = AttributeType::String)
{
    AttributeDefinition definition;
    definition.name = name;
    definition.type = type;
    definition.schemaType = SchemaType::Custom;
    return definition;
}

} // namespace

class TestAttributeCatalog : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(500); }
    void knowsTheUserSchema_data();
    void knowsTheUserSchema();
    void numbersAndNamesAgree();
    void checksBuiltInAttributes_data();
    void checksBuiltInAttributes();
    void countsCharactersAsUtf16();
    void asksForWhatIsRequired();
    void checksCustomAttributes_data();
    void checksCustomAttributes();
    void givesEveryProblemASentence();
    void showsTheValueAtFault();
    void acceptsAnyPrintableName();
    void checkingIsFast();
};

void TestAttributeCatalog::knowsTheUserSchema_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("displayName");
    QTest::addColumn<int>("maxLength");
    QTest::addColumn<bool>("boolean");

    const auto row = [](const char *name, const char *displayName, int maxLength, bool boolean = false) {
        QTest::newRow(name) << u8(name) << u8(displayName) << maxLength << boolean;
    };
    row("username", "Username", 128);
    row("email", "Email Address", 256);
    row("enabled", "Enabled", 0, true);
    row("mfaEnabled", "MFA Enabled", 0, true);
    row("emailVerified", "Email Verified", 0, true);
    row("name.given", "Given Name", 256);
    row("name.family", "Family Name", 256);
    row("name.middle", "Middle Name", 256);
    row("name.formatted", "Formatted Name", 256);
    row("name.honorificPrefix", "Honorific Prefix", 256);
    row("name.honorificSuffix", "Honorific Suffix", 256);
    row("nickname", "Nickname", 256);
    row("title", "Title", 256);
    row("type", "Type", 256);
    row("accountId", "Account ID", 256);
    row("externalId", "External ID", 1024);
    row("mobilePhone", "Mobile Phone", 32);
    row("primaryPhone", "Primary Phone", 32);
    row("address.streetAddress", "Street Address", 256);
    row("address.locality", "City/Locality", 256);
    row("address.region", "Region", 256);
    row("address.postalCode", "Postal Code", 40);
    row("address.countryCode", "Country Code", 2);
    row("locale", "Locale", 256);
    row("preferredLanguage", "Preferred Language", 256);
    row("timezone", "Timezone", 256);
    row("photo.href", "Photo", 2048);
}

void TestAttributeCatalog::knowsTheUserSchema()
{
    QFETCH(QString, name);
    QFETCH(QString, displayName);
    QFETCH(int, maxLength);
    QFETCH(bool, boolean);
    const AttributeCatalog catalog;
    const int number = catalog.find(name);
    QVERIFY(number >= 0);
    const AttributeDefinition &definition = catalog.at(number);
    QCOMPARE(definition.displayName, displayName);
    QCOMPARE(definition.type == AttributeType::Boolean, boolean);
    if (!boolean)
        QCOMPARE(definition.maxLength, maxLength);
    QCOMPARE(definition.required, name == QStringLiteral("username"));
    QCOMPARE(definition.unique, name == QStringLiteral("username"));
    QVERIFY(!definition.multiValued);
}

void TestAttributeCatalog::numbersAndNamesAgree()
{
    const AttributeCatalog catalog({custom(u8("badge")), custom(u8("cost-centre"))});
    QSet<QString> names;
    for (int number = 0; number < catalog.size(); ++number) {
        QCOMPARE(catalog.find(catalog.at(number).name), number);
        names.insert(catalog.at(number).name.toLower());
    }
    QCOMPARE(names.size(), catalog.size());
    QCOMPARE(catalog.builtInCount(), catalog.size() - 2);
    QCOMPARE(catalog.find(u8("badge")), catalog.builtInCount());
    QCOMPARE(catalog.at(catalog.find(u8("badge"))).displayName, u8("badge"));
    QCOMPARE(catalog.find(u8("Username")), -1); // names are case-sensitive
    QCOMPARE(catalog.at(catalog.username()).name, u8("username"));
    QCOMPARE(catalog.at(catalog.email()).name, u8("email"));
    QCOMPARE(catalog.at(catalog.enabled()).name, u8("enabled"));
}

void TestAttributeCatalog::checksBuiltInAttributes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Value>("value");
    QTest::addColumn<QString>("problem"); // code, or nothing

    const auto row = [](const char *name, const QString &value, const char *problem = "") {
        QTest::newRow(qPrintable(u8(name) + u' ' + value.left(40).simplified()))
            << u8(name) << Value(value) << u8(problem);
    };
    const QString longName(256, u'x');

    row("username", u8("ann"));
    row("username", u8("ann@example.com"));
    row("username", u8("LAB\\ann smith+1"));
    row("username", QString(128, u'x'));
    row("username", QString(129, u'x'), "TOO_LONG");
    row("username", u8("a\nb"), "INVALID_VALUE");
    row("username", u8(""), "REQUIRED_VALUE");
    row("username", u8("   "), "REQUIRED_VALUE");
    row("username", u8("\u00a0\u200d"), "REQUIRED_VALUE");

    row("name.family", u8("O'Neill-Šmíd"));
    row("name.family", u8("Łukasz; \"von\" (2nd) – №7"));
    row("name.family", u8("می‌خواهم")); // with a zero width non-joiner
    row("name.given", u8("李小龙"));
    row("name.given", u8("\U0001F600"));
    row("name.given", longName);
    row("name.given", longName + u'x', "TOO_LONG");
    row("name.given", u8("a\tb"), "INVALID_VALUE");
    row("name.given", u8("a\x7f"), "INVALID_VALUE");
    row("name.given", u8("a\u0085"), "INVALID_VALUE");
    row("name.given", u8("a\u2028b"), "INVALID_VALUE");
    row("name.given", u8("a\uffff"), "INVALID_VALUE");
    row("name.given", QString(QChar(0xd800)) + u'a', "INVALID_VALUE");
    row("name.given", QString(QChar(0xdc00)), "INVALID_VALUE");
    row("name.given", u8("a") + QChar(u'\0'), "INVALID_VALUE");
    row("name.given", u8(""), "INVALID_VALUE");

    row("email", u8("ann@example.com"));
    row("email", u8("ann.o'neill+tag@sub.example.co.uk"));
    row("email", u8("ann@lab"));
    row("email", u8("\"ann smith\"@example.com"));
    row("email", u8("\"a@b\"@example.com"));
    row("email", u8("jürgen@müller.example"));
    row("email", u8("用户@例子.广告"));
    row("email", u8("ann@[192.0.2.1]"));
    row("email", u8("ann@[IPv6:2001:db8::1]"));
    row("email", u8("ann"), "INVALID_VALUE");
    row("email", u8("@example.com"), "INVALID_VALUE");
    row("email", u8("ann@"), "INVALID_VALUE");
    row("email", u8("ann smith@example.com"), "INVALID_VALUE");
    row("email", u8("ann@exa mple.com"), "INVALID_VALUE");
    row("email", u8(".ann@example.com"), "INVALID_VALUE");
    row("email", u8("ann.@example.com"), "INVALID_VALUE");
    row("email", u8("a..b@example.com"), "INVALID_VALUE");
    row("email", u8("a@b@example.com"), "INVALID_VALUE");
    row("email", u8("Ann <ann@example.com>"), "INVALID_VALUE");
    row("email", u8("ann@example..com"), "INVALID_VALUE");
    row("email", u8("ann@example.com."), "INVALID_VALUE");
    row("email", u8("ann@-example.com"), "INVALID_VALUE");
    row("email", u8("ann@example.com,bob@example.com"), "INVALID_VALUE");
    row("email", u8("\"ann\"b\"@example.com"), "INVALID_VALUE");
    row("email", u8("\"ann\\\"@example.com"), "INVALID_VALUE");
    row("email", u8("ann@[192.0.2.1"), "INVALID_VALUE");
    row("email", u8("ann\u202Emoc.elpmaxe@example.com"), "INVALID_VALUE");
    row("email", u8("a\u200Bnn@example.com"), "INVALID_VALUE");
    row("email", u8("ann\U000E0041@example.com"), "INVALID_VALUE");
    row("email", QString(64, u'a') + u8("@example.com"));
    row("email", QString(65, u'a') + u8("@example.com"), "INVALID_VALUE");
    row("email", u8("ann@") + QString(64, u'a') + u8(".com"), "INVALID_VALUE");
    row("email", u8("a@") + QString(300, u'a'), "TOO_LONG");

    row("mobilePhone", u8("+49 30 123-456"));
    row("mobilePhone", u8("ext. 7"));
    row("mobilePhone", u8("٠١٢٣"));
    row("mobilePhone", u8("none"), "INVALID_VALUE");
    row("mobilePhone", QString(32, u'1'));
    row("mobilePhone", QString(33, u'1'), "TOO_LONG");
    row("primaryPhone", u8("1\n2"), "INVALID_VALUE");

    row("address.streetAddress", u8("Main St 1\r\n2nd floor"));
    row("address.streetAddress", u8("Main\x01St"), "INVALID_VALUE");
    row("address.postalCode", QString(40, u'1'));
    row("address.postalCode", QString(41, u'1'), "TOO_LONG");
    row("address.countryCode", u8("DE"));
    row("address.countryCode", u8("de"), "INVALID_VALUE");
    row("address.countryCode", u8("D"), "INVALID_VALUE");
    row("address.countryCode", u8("DEU"), "TOO_LONG");
    row("externalId", QString(1024, u'x'));
    row("externalId", QString(1025, u'x'), "TOO_LONG");

    row("locale", u8("en"));
    row("locale", u8("de-AT"));
    row("locale", u8("zh-Hant-TW"));
    row("locale", u8("sl-rozaj-biske"));
    row("locale", u8("de-CH-1996"));
    row("locale", u8("en-u-ca-gregory-x-priv"));
    row("locale", u8("x-whatever"));
    row("locale", u8("i-klingon"));
    row("locale", u8("es-419"));
    row("locale", u8("de_AT"), "INVALID_VALUE");
    row("locale", u8("d"), "INVALID_VALUE");
    row("locale", u8("de-"), "INVALID_VALUE");
    row("locale", u8("german language"), "INVALID_VALUE");
    row("locale", u8("en\n"), "INVALID_VALUE");

    row("preferredLanguage", u8("de"));
    row("preferredLanguage", u8("de-AT, en;q=0.8, *;q=0.1"));
    row("preferredLanguage", u8("da,en-gb;q=0.8,en;q=0.7"));
    row("preferredLanguage", u8("en;q=2"), "INVALID_VALUE");
    row("preferredLanguage", u8("en;;q=1"), "INVALID_VALUE");
    row("preferredLanguage", u8("de,"), "INVALID_VALUE");

    row("timezone", u8("Europe/Berlin"));
    row("timezone", u8("America/Argentina/Buenos_Aires"));
    row("timezone", u8("Etc/GMT+5"));
    row("timezone", u8("Berlin"), "INVALID_VALUE");
    row("timezone", u8("Europe/"), "INVALID_VALUE");
    row("timezone", u8("Europe/Ber lin"), "INVALID_VALUE");

    row("photo.href", u8("https://example.com/a.png"));
    row("photo.href", u8("HTTP://example.com/ä.png"));
    row("photo.href", u8("ftp://example.com/a.png"), "INVALID_VALUE");
    row("photo.href", u8("https://"), "INVALID_VALUE");
    row("photo.href", u8("https://exa mple.com"), "INVALID_VALUE");
    row("photo.href", u8("javascript:alert(1)"), "INVALID_VALUE");

    row("enabled", u8("true"), "INVALID_VALUE");
    QTest::newRow("enabled true") << u8("enabled") << Value(true) << QString();
    QTest::newRow("mfaEnabled false") << u8("mfaEnabled") << Value(false) << QString();
    QTest::newRow("boolean for text") << u8("title") << Value(true) << u8("INVALID_VALUE");
    QTest::newRow("list for text") << u8("title") << Value(QStringList{u8("a")}) << u8("INVALID_VALUE");
    QTest::newRow("absent email") << u8("email") << Value() << QString();
    QTest::newRow("absent enabled") << u8("enabled") << Value() << QString();
}

void TestAttributeCatalog::checksBuiltInAttributes()
{
    QFETCH(QString, name);
    QFETCH(Value, value);
    QFETCH(QString, problem);
    const AttributeCatalog catalog;
    const auto found = catalog.check(catalog.find(name), value);
    QCOMPARE(found ? codeName(found->code) : QString(), problem);
    if (found)
        QCOMPARE(found->attribute, name);
}

void TestAttributeCatalog::countsCharactersAsUtf16()
{
    const AttributeCatalog catalog;
    const int number = catalog.find(u8("address.postalCode"));
    QVERIFY(!catalog.check(number, u8("\U0001F600").repeated(20)));
    QCOMPARE(catalog.check(number, u8("\U0001F600").repeated(21))->code, ProblemCode::TooLong);
    QVERIFY(catalog.check(number, u8("\U0001F600").repeated(21))->message.contains(u8("42")));
}

void TestAttributeCatalog::asksForWhatIsRequired()
{
    AttributeDefinition badge = custom(u8("badge"));
    badge.required = true;
    AttributeDefinition sites = custom(u8("sites"));
    sites.required = true;
    sites.multiValued = true;
    const AttributeCatalog catalog({badge, sites});
    QCOMPARE(catalog.check(catalog.username(), {})->code, ProblemCode::RequiredValue);
    QCOMPARE(catalog.check(catalog.find(u8("badge")), {})->code, ProblemCode::RequiredValue);
    QCOMPARE(catalog.check(catalog.find(u8("badge")), QString())->code, ProblemCode::RequiredValue);
    QCOMPARE(catalog.check(catalog.find(u8("sites")), QStringList())->code, ProblemCode::RequiredValue);
    QVERIFY(!catalog.check(catalog.find(u8("badge")), u8("7")));
}

void TestAttributeCatalog::checksCustomAttributes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Value>("value");
    QTest::addColumn<QString>("problem");

    const auto row = [](const char *title, const char *name, const Value &value, const char *problem = "") {
        QTest::newRow(title) << u8(name) << value << u8(problem);
    };
    row("pattern holds", "badge", u8("AB-12"));
    row("pattern holds for a part only", "badge", u8("xAB-12"), "INVALID_VALUE");
    row("pattern and a line break", "badge", u8("AB-12\n"), "INVALID_VALUE");
    row("longer than allowed", "badge", u8("AB-123456"), "TOO_LONG");
    row("JSON object", "profile", u8("{\"a\":[1,2]}"));
    row("JSON number", "profile", u8("7"));
    row("JSON text", "profile", u8("\"x\""));
    row("no JSON", "profile", u8("{a:1}"), "INVALID_VALUE");
    row("two JSON values", "profile", u8("1,2"), "INVALID_VALUE");
    row("JSON too long", "profile", Value(QString(u'"' + QString(16'383, u'x') + u'"')), "TOO_LONG");
    row("JSON of 16 KB", "profile", Value(QString(u'"' + QString(16'382, u'x') + u'"')));
    row("flag", "remote", true);
    row("flag as text", "remote", u8("true"), "INVALID_VALUE");
    row("list", "sites", QStringList{u8("Berlin"), u8("Wien")});
    row("empty list", "sites", QStringList{});
    row("empty text in a list", "sites", QStringList{u8("Berlin"), QString()}, "INVALID_VALUE");
    row("text for a list", "sites", u8("Berlin"), "INVALID_VALUE");
    row("1000 values", "sites", QStringList(1000, u8("x")));
    row("1001 values", "sites", QStringList(1001, u8("x")), "TOO_LONG");
}

void TestAttributeCatalog::checksCustomAttributes()
{
    QFETCH(QString, name);
    QFETCH(Value, value);
    QFETCH(QString, problem);
    AttributeDefinition badge = custom(u8("badge"));
    badge.pattern = u8("[A-Z]{2}-\\d+");
    badge.maxLength = 8;
    AttributeDefinition sites = custom(u8("sites"));
    sites.multiValued = true;
    const AttributeCatalog catalog({badge, custom(u8("profile"), AttributeType::Json),
                                    custom(u8("remote"), AttributeType::Boolean), sites});
    const auto found = catalog.check(catalog.find(name), value);
    QCOMPARE(found ? codeName(found->code) : QString(), problem);
}

void TestAttributeCatalog::showsTheValueAtFault()
{
    const AttributeCatalog catalog;
    const auto message = [&](const char *name, const Value &value) { return catalog.check(catalog.find(u8(name)), value)->message; };
    QVERIFY(message("email", u8("zoe\u202Egro")).endsWith(u8("\"zoe<U+202E>gro\"")));
    QVERIFY(message("email", u8("zoe @example.com ")).contains(u8("<U+0020>")));
    const QString title = message("title", QString(300, u'x'));
    QVERIFY2(title.contains(u8("300 characters")) && title.contains(u8("\"xxx")) && title.size() < 250, qPrintable(title));
}

void TestAttributeCatalog::givesEveryProblemASentence()
{
    const AttributeCatalog catalog;
    for (int number = 0; number < catalog.size(); ++number) {
        const auto problem = catalog.check(number, u8("\x01"));
        QVERIFY(problem);
        QCOMPARE(problem->attribute, catalog.at(number).name);
        QVERIFY(problem->message.startsWith(catalog.at(number).displayName));
        QVERIFY(problem->message.size() > catalog.at(number).displayName.size() + 10);
    }
}

void TestAttributeCatalog::acceptsAnyPrintableName()
{
    const AttributeCatalog catalog;
    const int number = catalog.find(u8("name.formatted"));
    QVERIFY(rc::check("names hold any printable text", [&] {
        const QString text = *rc::gen::suchThat(test::text(), [](const QString &value) { return !value.isEmpty(); });
        RC_PRE(text.size() <= 256);
        RC_ASSERT(!catalog.check(number, text).has_value());
    }));
}

void TestAttributeCatalog::checkingIsFast()
{
    const AttributeCatalog catalog;
    std::vector<std::pair<int, Value>> values;
    const auto add = [&](const char *name, const Value &value) { values.emplace_back(catalog.find(u8(name)), value); };
    add("username", u8("ann-sophie.example"));
    add("email", u8("ann-sophie.example@corp.example.com"));
    add("enabled", true);
    add("name.given", u8("Ann-Sophie"));
    add("name.family", u8("Example"));
    add("name.formatted", u8("Ann-Sophie Example"));
    add("title", u8("Senior Engineer"));
    add("mobilePhone", u8("+49 30 1234567"));
    add("address.locality", u8("Berlin"));
    add("address.countryCode", u8("DE"));
    int problems = 0;
    QBENCHMARK {
        for (const auto &[number, value] : values)
            problems += catalog.check(number, value).has_value();
    }
    QCOMPARE(problems, 0);
}

CONSOLE_TEST(TestAttributeCatalog)
#include "tst_attributecatalog.moc"
