// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/merge.h"
#include "core/config/validate.h"
#include "core/config/words.h"
#include "tests/core/completeconfig.h"
#include "tests/core/schemavalidator.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::core;

namespace {

QString u8(const char *text)
{
    return QString::fromUtf8(text);
}

QJsonObject loadObject(const QString &name)
{
    QFile file(QStringLiteral(GATEHOUSE_SOURCE_DIR "/") + name);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// Where in the configuration each schema of an object or value applies: "gateways[].name" -> schema.
using Places = QMap<QString, QJsonObject>;

void collect(const QJsonObject &root, const QJsonObject &schema, const QString &path, Places &places)
{
    QJsonObject resolved = schema;
    if (schema.contains(u8("$ref"))) {
        const QJsonObject definitions = root.value(u8("$defs")).toObject();
        const QJsonObject target = definitions.value(schema.value(u8("$ref")).toString().section(u'/', -1)).toObject();
        for (auto at = target.constBegin(); at != target.constEnd(); ++at) {
            if (!resolved.contains(at.key()))
                resolved.insert(at.key(), *at);
        }
    }
    places.insert(path, resolved);
    const QJsonObject properties = resolved.value(u8("properties")).toObject();
    for (auto at = properties.constBegin(); at != properties.constEnd(); ++at)
        collect(root, at->toObject(), path.isEmpty() ? at.key() : QString(path + u'.' + at.key()), places);
    if (resolved.contains(u8("items")))
        collect(root, resolved.value(u8("items")).toObject(), path + u8("[]"), places);
}

/// The value at "gateways[].userTypes[].name": in the first elements of arrays that have it.
QList<QJsonValue> valuesAt(const QJsonValue &json, const QString &path)
{
    if (path.isEmpty())
        return {json};
    if (path.startsWith(u8("[]"))) {
        QList<QJsonValue> values;
        for (const QJsonValue &element : json.toArray())
            values += valuesAt(element, path.mid(path.startsWith(u8("[].")) ? 3 : 2));
        return values;
    }
    const qsizetype separator = path.indexOf(QRegularExpression(u8("[.\\[]")));
    const qsizetype end = separator < 0 ? path.size() : separator;
    const QJsonObject object = json.toObject();
    const QString key = path.first(end);
    if (!object.contains(key))
        return {};
    const QString rest = path.mid(end);
    return valuesAt(object.value(key), rest.startsWith(u'.') ? rest.mid(1) : rest);
}

} // namespace

class TestConfigSchema : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void isWrittenFromTheTables();
    void isClosedAndDescribed();
    void knowsTheKeysOfTheParser();
    void completeFileHasEveryKey();
    void acceptsWhatTheParserWrites();
    void refusesWhatTheParserRefuses_data();
    void refusesWhatTheParserRefuses();
    void saysTheSameDefaults();
    void namesTheSameValues();

private:
    QJsonObject m_schema;
    Places m_places;
};

void TestConfigSchema::initTestCase()
{
    test::checkProperties(200);
    m_schema = loadObject(QStringLiteral("resources/gatehouse.schema.json"));
    QCOMPARE(m_schema.value(u8("$schema")).toString(), u8("https://json-schema.org/draft/2020-12/schema"));
    collect(m_schema, m_schema, QString(), m_places);
}

void TestConfigSchema::isWrittenFromTheTables()
{
    QVERIFY2(m_schema == configurationSchema(),
             "a key was changed: gatehousectl config schema > resources/gatehouse.schema.json");
}

void TestConfigSchema::isClosedAndDescribed()
{
    for (auto at = m_places.constBegin(); at != m_places.constEnd(); ++at) {
        if (at->value(u8("type")) == u8("object"))
            QVERIFY2(at->value(u8("additionalProperties")) == QJsonValue(false), qPrintable(at.key()));
        if (!at.key().endsWith(u8("[]")))
            QVERIFY2(at->value(u8("description")).toString().endsWith(u'.'), qPrintable(at.key()));
    }
}

void TestConfigSchema::knowsTheKeysOfTheParser()
{
    QStringList keys;
    for (const QString &place : m_places.keys()) {
        if (!place.isEmpty() && !place.endsWith(u8("[]")))
            keys.append(place);
    }
    keys.sort();
    QCOMPARE(keys, configurationKeys());
}

void TestConfigSchema::completeFileHasEveryKey()
{
    const QJsonObject complete = QJsonDocument::fromJson(test::completeConfiguration()).object();
    for (const QString &key : configurationKeys())
        QVERIFY2(!valuesAt(complete, key).isEmpty(), qPrintable(key));
}

void TestConfigSchema::acceptsWhatTheParserWrites()
{
    test::SchemaValidator validator(m_schema);
    QCOMPARE(validator.check(QJsonDocument::fromJson(test::completeConfiguration()).object()), QStringList());
    QCOMPARE(validator.check(toJson(test::goodConfiguration())), QStringList());
    QCOMPARE(validator.check(loadObject(QStringLiteral("resources/sample/config.json"))), QStringList());
    QCOMPARE(validator.check(QJsonObject()), QStringList());
    QVERIFY(rc::check("what validates as a configuration validates by the schema", [&] {
        // A good configuration with something random changed: either something is wrong with it, or the schema
        // agrees.
        Configuration configuration = test::goodConfiguration();
        const Configuration random = test::drawConfiguration();
        const int part = *rc::gen::inRange(0, 6);
        if (part == 0 && !random.rules.isEmpty())
            configuration.rules[0].guards = random.rules[0].guards;
        if (part == 1 && !random.connections.isEmpty())
            configuration.connections[0].users.deprovision.removeAction =
                random.connections[0].users.deprovision.removeAction;
        if (part == 2)
            configuration.populations[1].description = test::drawName(1);
        if (part == 3)
            configuration = core::rename(configuration, u8("gateways"), u8("Branch"), test::drawName(1));
        if (part == 4)
            configuration.attributes[0].name = test::drawName(1);
        if (part == 5)
            configuration.gateways[0].connectionSecurity = ConnectionSecurity::StartTls;
        RC_PRE(validate(configuration).isEmpty());
        RC_ASSERT(validator.check(toJson(configuration)).isEmpty());
    }));
}

void TestConfigSchema::refusesWhatTheParserRefuses_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QJsonValue>("value");

    const auto row = [](const char *path, const QJsonValue &value) {
        QTest::newRow(qPrintable(u8(path) + u' ' + value.toVariant().toString().left(20))) << u8(path) << value;
    };
    const QJsonValue absent(QJsonValue::Undefined);
    row("populations.0.name", absent);
    row("populations.0.name", QString());
    row("populations.0.name", 7);
    row("populations.0.default", QStringLiteral("true"));
    row("populations.0.colour", QStringLiteral("red"));
    row("attributes.0.name", absent);
    row("attributes.0.name", QStringLiteral("1a"));
    row("attributes.0.type", QStringLiteral("string"));
    row("attributes.0.maxLength", 0);
    row("attributes.0.maxLength", 1.5);
    row("attributes.0.maxLength", 20000);
    row("attributes.0.regexValidation", QStringLiteral("x"));
    row("attributes.0.regexValidation.pattern", absent);
    row("gateways.0.name", QStringLiteral("a,b"));
    row("gateways.0.vendor", absent);
    row("gateways.0.vendor", QStringLiteral("OpenLDAP"));
    row("gateways.0.serversHostAndPort", absent);
    row("gateways.0.serversHostAndPort", QJsonArray());
    row("gateways.0.connectionSecurity", QStringLiteral("SSL"));
    row("gateways.0.pinnedCertificateSha256", QStringLiteral("00"));
    row("gateways.0.bindPassword", QStringLiteral("secret"));
    row("gateways.0.bindMechanism", QStringLiteral("DIGEST-MD5"));
    row("gateways.0.kerberos", true);
    row("gateways.0.kerberos.serviceAccountUserPrincipalName", absent);
    row("gateways.0.kerberos.serviceAccountPassword", QStringLiteral("secret"));
    row("gateways.0.kerberos.minutesToRetainPreviousCredentials", -1);
    row("gateways.0.kerberos.minutesToRetainPreviousCredentials", 10081);
    row("gateways.1.radiusClients.0.ip", absent);
    row("gateways.1.radiusClients.0.sharedSecret", QStringLiteral("secret"));
    row("gateways.1.radiusClients.0.blastRadiusMitigation", QStringLiteral("yes"));
    row("gateways.1.networkPolicyServer.ip", absent);
    row("gateways.1.networkPolicyServer.port", 65536);
    row("gateways.1.userTypes", (QJsonArray{QJsonObject()}));
    row("gateways.0.bindPassword", QJsonObject());
    row("gateways.0.bindPassword", (QJsonObject{{QStringLiteral("env"), QStringLiteral("A")},
                                                {QStringLiteral("keychain"), true}}));
    row("gateways.0.userTypes.0.searchBaseDn", absent);
    row("gateways.0.userTypes.0.orderedCorrelationAttributes", absent);
    row("gateways.0.userTypes.0.orderedCorrelationAttributes", (QJsonArray{QStringLiteral("a b")}));
    row("gateways.0.userTypes.1.newUserLookup.ldapFilterPattern", absent);
    row("gateways.0.userTypes.1.newUserLookup.ldapFilterPattern", QStringLiteral("(uid=*)"));
    row("gateways.0.userTypes.1.newUserLookup.population", absent);
    row("gateways.0.userTypes.1.newUserLookup.attributeMappings", absent);
    row("connections.0.gateway", absent);
    row("connections.0.users.deprovision.removeAction", QStringLiteral("delete"));
    row("connections.0.users.delete", true);
    row("rules.0.direction", absent);
    row("rules.0.direction", QStringLiteral("in"));
    row("rules.0.connection", absent);
    row("rules.0.baseDn", absent);
    row("rules.0.baseDn", QString());
    row("rules.0.attributeMappings", absent);
    row("rules.0.attributeMappings.0.source", absent);
    row("rules.0.attributeMappings.0.expression", QStringLiteral("'x'"));
    row("rules.0.attributeMappings.0.when", QStringLiteral("never"));
    row("rules.0.guards.maxDeprovisions", -2);
    row("rules.0.guards.maxDeprovisionPercent", 101);
    row("rules.0.guards.unitLoss", 1);
    row("rules.0.guards.missingForSeconds", -1);
    row("rules.0.guards.minReadPercent", 101);
    row("rules.0.schedule.everySeconds", 10);
    row("identityProviders", (QJsonArray{QJsonObject()}));
    row("gatways", QJsonArray());
}

namespace {

QJsonValue replaced(const QJsonValue &json, const QStringList &path, const QJsonValue &value)
{
    if (path.isEmpty())
        return value;
    const QStringList rest = path.mid(1);
    if (json.isArray()) {
        QJsonArray array = json.toArray();
        const int index = path.first().toInt();
        array.replace(index, replaced(array.at(index), rest, value));
        return array;
    }
    QJsonObject object = json.toObject();
    const QJsonValue inner = replaced(object.value(path.first()), rest, value);
    if (inner.isUndefined())
        object.remove(path.first());
    else
        object.insert(path.first(), inner);
    return object;
}

} // namespace

void TestConfigSchema::refusesWhatTheParserRefuses()
{
    QFETCH(QString, path);
    QFETCH(QJsonValue, value);
    const QJsonObject good = toJson(test::goodConfiguration());
    const QJsonValue bad = replaced(good, path.split(u'.'), value);
    QVERIFY(!test::SchemaValidator(m_schema).check(bad).isEmpty());
    const auto parsed = parseConfiguration(QJsonDocument(bad.toObject()).toJson());
    QVERIFY(!parsed || !validate(*parsed).isEmpty());
}

void TestConfigSchema::saysTheSameDefaults()
{
    Configuration defaults;
    defaults.populations.append(Population());
    AttributeDefinition attribute;
    attribute.name = attribute.displayName = u8("a");
    defaults.attributes.append(attribute);
    Gateway gateway;
    gateway.userTypes.append(UserType());
    gateway.userTypes.first().newUserLookup = NewUserLookup();
    gateway.kerberos = Kerberos();
    gateway.radiusClients.append(RadiusClient());
    gateway.networkPolicyServer = NetworkPolicyServer();
    defaults.gateways.append(gateway);
    defaults.connections.append(Connection());
    Rule rule;
    rule.mappings.users.append(AttributeMapping());
    defaults.rules.append(rule);
    const QJsonObject json = toJson(defaults);

    int compared = 0;
    for (auto at = m_places.constBegin(); at != m_places.constEnd(); ++at) {
        if (!at->contains(u8("default")))
            continue;
        const QList<QJsonValue> values = valuesAt(json, at.key());
        QVERIFY2(values.size() == 1, qPrintable(at.key()));
        QVERIFY2(values.first() == at->value(u8("default")), qPrintable(at.key()));
        ++compared;
    }
    QVERIFY(compared > 30);
}

void TestConfigSchema::namesTheSameValues()
{
    const auto values = [&](const char *place) {
        QStringList list;
        for (const QJsonValue &value : m_places.value(u8(place)).value(u8("enum")).toArray())
            list.append(value.toString());
        return list;
    };
    QCOMPARE(values("attributes[].type"), allWords(attributeTypeWords()));
    QCOMPARE(values("gateways[].type"), allWords(gatewayTypeWords()));
    QCOMPARE(values("gateways[].vendor"), allWords(vendorWords()));
    QCOMPARE(values("gateways[].mode"), allWords(gatewayModeWords()));
    QCOMPARE(values("gateways[].connectionSecurity"), allWords(connectionSecurityWords()));
    QCOMPARE(values("gateways[].userTypes[].passwordAuthority"), allWords(passwordAuthorityWords()));
    QCOMPARE(values("connections[].users.deprovision.removeAction"), allWords(removeActionWords()));
    QCOMPARE(values("rules[].direction"), allWords(directionWords()));
    QCOMPARE(values("rules[].attributeMappings[].when"), allWords(mappingWhenWords()));
    QCOMPARE(values("rules[].onboarding.mfaDeviceManagement"), allWords(mfaDeviceManagementWords()));
}

CONSOLE_TEST(TestConfigSchema)
#include "tst_configschema.moc"
