// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/identity.h"
#include "tests/core/generators.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::core;

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

class TestIdentity : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { test::checkProperties(500); }
    void keepsValuesSorted();
    void keysOfUsernames_data();
    void keysOfUsernames();
    void usernameKeyIsStable();
    void writesAUserAsTheApiDoes();
    void leavesOutWhatIsNotKnown();
};

void TestIdentity::keepsValuesSorted()
{
    AttributeValues values;
    QVERIFY(values.isEmpty());
    values.set(7, u8("seven"));
    values.set(2, true);
    values.set(9, QStringList{u8("a"), u8("b")});
    values.set(2, false);
    QCOMPARE(values.get(2), Value(false));
    QCOMPARE(values.text(7), u8("seven"));
    QCOMPARE(values.text(9), u8("a, b"));
    QVERIFY(isNull(values.get(3)));
    QVERIFY(isNull(values.get(100)));
    QList<int> numbers;
    for (const auto &[number, value] : values)
        numbers.append(number);
    QCOMPARE(numbers, (QList<int>{2, 7, 9}));

    AttributeValues other;
    other.set(9, QStringList{u8("a"), u8("b")});
    other.set(7, u8("seven"));
    other.set(2, false);
    QVERIFY(values == other);
    values.set(7, {});
    QVERIFY(isNull(values.get(7)));
    values.set(7, {});
    values.set(2, {});
    values.set(9, {});
    QVERIFY(values == AttributeValues());
}

void TestIdentity::keysOfUsernames_data()
{
    QTest::addColumn<QString>("username");
    QTest::addColumn<QString>("key");

    const auto row = [](const char *name, const char *username, const char *key) {
        QTest::newRow(name) << u8(username) << u8(key);
    };
    row("ASCII", "Ann.Smith@Example.COM", "ann.smith@example.com");
    row("composed", "René", "rené");
    row("decomposed", "Rene\u0301", "rené");
    row("sharp s", "Groß", "gross");
    row("capital sharp s", "GROẞ", "gross");
    row("final sigma", "ΣΊΣΥΦΟΣ", "σίσυφοσ");
    row("full width", "Ａｎｎ", "ann");
    row("ligature", "oﬃce", "office");
    row("soft hyphen", "an\u00adn", "ann");
    row("dotted capital I", "İ", "i̇");
    // Names that no list can tell apart are one name.
    row("a space within", "a b", "a b");
    row("double spaces", "a  b", "a b");
    row("outer spaces", " ann ", "ann");
    row("no-break space", "a\u00a0b", "a b");
    row("zero width space", "an\u200bn", "ann");
    row("direction mark", "\u200eann", "ann");
    row("annotation", "an\ufff9n", "ann");
}

void TestIdentity::keysOfUsernames()
{
    QFETCH(QString, username);
    QFETCH(QString, key);
    QCOMPARE(usernameKey(username), key);
}

void TestIdentity::usernameKeyIsStable()
{
    QVERIFY(rc::check("the key of a key is the key", [] {
        const QString key = usernameKey(*test::text());
        RC_ASSERT(usernameKey(key) == key);
    }));
    QVERIFY(rc::check("neither case nor form of normalisation counts", [] {
        const QString name = *test::text();
        RC_ASSERT(usernameKey(name.normalized(QString::NormalizationForm_D)) == usernameKey(name));
        RC_ASSERT(usernameKey(name.normalized(QString::NormalizationForm_D).toCaseFolded()) == usernameKey(name));
    }));
}

void TestIdentity::writesAUserAsTheApiDoes()
{
    AttributeDefinition sites = custom(u8("sites"));
    sites.multiValued = true;
    const AttributeCatalog catalog({sites, custom(u8("profile"), AttributeType::Json)});
    Population population;
    population.id = QUuid(u8("{11111111-1111-1111-1111-111111111111}"));
    population.name = u8("Employees");
    User user;
    user.id = QUuid(u8("{22222222-2222-2222-2222-222222222222}"));
    const auto set = [&](const char *name, const Value &value) { user.values.set(catalog.find(u8(name)), value); };
    set("username", u8("ann"));
    set("email", u8("ann@example.com"));
    set("enabled", true);
    set("name.given", u8("Ann"));
    set("name.family", u8("Smith"));
    set("address.countryCode", u8("DE"));
    set("photo.href", u8("https://example.com/a.png"));
    set("sites", QStringList{u8("Berlin"), u8("Wien")});
    set("profile", u8("{\"level\":3}"));
    user.authorityGateway = u8("Head office");
    user.authorityUserType = u8("Employees");
    user.createdAt = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5, 6), Qt::UTC);
    user.lastSignOnAt = QDateTime(QDate(2026, 2, 3), QTime(4, 5, 6), Qt::OffsetFromUTC, 3600);

    const QByteArray expected = R"({
        "id": "22222222-2222-2222-2222-222222222222",
        "population": {"id": "11111111-1111-1111-1111-111111111111", "name": "Employees"},
        "username": "ann", "email": "ann@example.com", "enabled": true,
        "name": {"given": "Ann", "family": "Smith"}, "address": {"countryCode": "DE"},
        "photo": {"href": "https://example.com/a.png"}, "sites": ["Berlin", "Wien"], "profile": {"level": 3},
        "password": {"external": {"gateway": {"type": "LDAP", "name": "Head office",
                                              "userType": {"name": "Employees"}}}},
        "createdAt": "2026-01-02T03:04:05.006Z", "lastSignOn": {"at": "2026-02-03T03:05:06.000Z"}})";
    QCOMPARE(QJsonDocument(toJson(user, catalog, population)), QJsonDocument::fromJson(expected));
}

void TestIdentity::leavesOutWhatIsNotKnown()
{
    const AttributeCatalog catalog;
    User user;
    user.values.set(catalog.username(), u8("ann"));
    user.values.set(catalog.size() + 5, u8("of an attribute that was removed"));
    const QJsonObject json = toJson(user, catalog, Population());
    QCOMPARE(json.keys(), (QStringList{u8("population"), u8("username")}));
}

CONSOLE_TEST(TestIdentity)
#include "tst_identity.moc"
