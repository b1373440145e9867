// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapping.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace gatehouse::core;

namespace {

std::shared_ptr<const AttributeCatalog> catalog()
{
    AttributeDefinition tags;
    tags.name = QStringLiteral("tags");
    tags.displayName = QStringLiteral("Tags");
    tags.schemaType = SchemaType::Custom;
    tags.multiValued = true;
    return std::make_shared<const AttributeCatalog>(QList<AttributeDefinition>{tags});
}

AttributeMapping row(const char *target, const char *source)
{
    return {QString::fromLatin1(target), QString::fromLatin1(source), {}, MappingWhen::Always};
}

MappedEntry map(const QList<AttributeMapping> &rows, const Entry &entry, bool active = true)
{
    const auto mapping = Mapping::compile(rows, catalog());
    Q_ASSERT(mapping);
    EntryBatch batch(std::make_shared<const SlotNames>(mapping->sources()));
    batch.append(entry);
    return mapping->evaluate(batch.at(0), active);
}

} // namespace

class MappingTest : public QObject {
    Q_OBJECT
private slots:
    void takesTheFirstValueOfMany()
    {
        const MappedEntry mapped = map({row("username", "uid"), row("email", "mail")},
                                       {"uid=a", {{"UID", {"anna"}}, {"mail", {"a@example.com", "b@example.com"}}}});
        QVERIFY(mapped.problems.isEmpty());
        const auto all = catalog();
        QCOMPARE(mapped.values.text(all->username()), QStringLiteral("anna"));
        QCOMPARE(mapped.values.text(all->email()), QStringLiteral("a@example.com"));
    }

    void takesAllValuesForAMultiValuedTarget()
    {
        const MappedEntry mapped = map({row("username", "uid"), row("tags", "departmentNumber")},
                                       {"uid=a", {{"uid", {"anna"}}, {"departmentNumber", {"7", "9"}}}});
        QCOMPARE(mapped.values.get(catalog()->find(QStringLiteral("tags"))), Value(QStringList({QStringLiteral("7"), QStringLiteral("9")})));
    }

    void takesTheNextValueForABlankOne()
    {
        const QByteArray blank = " \t";
        const QByteArray invisible = "\xe2\x80\x8b"; // U+200B, zero width space
        const MappedEntry mapped = map({row("username", "uid"), row("email", "mail"), row("tags", "departmentNumber"), row("title", "title"),
                                        {QStringLiteral("nickname"), {}, QStringLiteral("cn"), MappingWhen::Always},
                                        {QStringLiteral("type"), {}, QStringLiteral("title ?: 'none'"), MappingWhen::Always}},
                                       {"uid=a", {{"uid", {"", blank, "anna"}}, {"mail", {"", "b@example.com"}},
                                                  {"departmentNumber", {blank, "7", "", invisible, "9"}}, {"title", {blank}},
                                                  {"cn", {invisible, "Anna"}}}});
        const auto all = catalog();
        QVERIFY2(mapped.problems.isEmpty(), mapped.problems.isEmpty() ? "" : qPrintable(mapped.problems.first().message));
        QCOMPARE(mapped.values.text(all->username()), QStringLiteral("anna"));
        QCOMPARE(mapped.values.text(all->email()), QStringLiteral("b@example.com"));
        QCOMPARE(mapped.values.get(all->find(QStringLiteral("tags"))), Value(QStringList({QStringLiteral("7"), QStringLiteral("9")})));
        QVERIFY(isNull(mapped.values.get(all->find(QStringLiteral("title")))));
        QCOMPARE(mapped.values.text(all->find(QStringLiteral("nickname"))), QStringLiteral("Anna"));
        QCOMPARE(mapped.values.text(all->find(QStringLiteral("type"))), QStringLiteral("none"));
        // Nothing but blanks is no value at all.
        QCOMPARE(map({row("username", "uid")}, {"uid=a", {{"uid", {"", blank}}}}).problems.at(0).code, ProblemCode::RequiredValue);
        QVERIFY(isNull(map({row("username", "uid"), row("tags", "cn")}, {"uid=a", {{"uid", {"a"}}, {"cn", {blank}}}})
                           .values.get(all->find(QStringLiteral("tags")))));
    }

    void knowsWhatAsksTheClock()
    {
        const auto compiled = [](const char *expression) {
            return *Mapping::compile({row("username", "uid"), {QStringLiteral("enabled"), {}, QString::fromLatin1(expression), MappingWhen::Always}},
                                     catalog());
        };
        const Mapping clock = compiled("description > #datetime.now()");
        QVERIFY(clock.asksClock());
        QVERIFY(!compiled("description > '2026-01-01T12:00:00.000Z'").asksClock());
        EntryBatch batch(std::make_shared<const SlotNames>(clock.sources()));
        batch.append({"uid=a", {{"uid", {"anna"}}, {"description", {"2026-01-01T12:00:00.000Z"}}}});
        const qint64 noon = QDateTime(QDate(2026, 1, 1), QTime(12, 0), Qt::UTC).toMSecsSinceEpoch();
        const auto enabled = [&](qint64 now) { return clock.evaluate(batch.at(0), true, now).values.get(catalog()->enabled()); };
        QCOMPARE(enabled(noon - 1), Value(true));
        QCOMPARE(enabled(noon), Value(false));
        // The fingerprint follows the value, not the moment: whom nothing changes for is skipped.
        const auto fingerprint = [&](qint64 now) { return clock.clockFingerprint(batch.at(0), true, now); };
        QCOMPARE(fingerprint(noon - 5000), fingerprint(noon - 1));
        QVERIFY(fingerprint(noon - 1) != fingerprint(noon));
        QCOMPARE(fingerprint(noon), fingerprint(noon + 86'400'000));
    }

    void namesAMissingUsername()
    {
        const MappedEntry mapped = map({row("username", "uid")}, {"cn=a", {{"cn", {"a"}}}});
        QCOMPARE(mapped.problems.size(), 1);
        QCOMPARE(mapped.problems.at(0).code, ProblemCode::RequiredValue);
        QVERIFY(mapped.problems.at(0).message.contains(QStringLiteral("uid")));
    }

    void refusesWhatDoesNotFit_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("code");
        QTest::newRow("not UTF-8") << "name.given" << QByteArray("Zo\xeb") << int(ProblemCode::InvalidValue);
        QTest::newRow("a cut sequence") << "name.given" << QByteArray("\xc3") << int(ProblemCode::InvalidValue);
        QTest::newRow("an overlong form") << "name.given" << QByteArray("\xc0\xaf") << int(ProblemCode::InvalidValue);
        QTest::newRow("a control character") << "name.given" << QByteArray("a\x01") << int(ProblemCode::InvalidValue);
        QTest::newRow("too long") << "title" << QByteArray(257, 'x') << int(ProblemCode::TooLong);
        QTest::newRow("no phone") << "primaryPhone" << QByteArray("on request") << int(ProblemCode::InvalidValue);
        QTest::newRow("no mail") << "email" << QByteArray("nobody") << int(ProblemCode::InvalidValue);
        QTest::newRow("no boolean") << "enabled" << QByteArray("perhaps") << int(ProblemCode::InvalidValue);
    }
    void refusesWhatDoesNotFit()
    {
        QFETCH(QString, target);
        QFETCH(QByteArray, value);
        QFETCH(int, code);
        const MappedEntry mapped = map({row("username", "uid"), {target, QStringLiteral("x"), {}, MappingWhen::Always}},
                                       {"uid=a", {{"uid", {"anna"}}, {"x", {value}}}});
        QCOMPARE(mapped.problems.size(), 1);
        QCOMPARE(int(mapped.problems.at(0).code), code);
        QCOMPARE(mapped.problems.at(0).attribute, target);
        QVERIFY(isNull(mapped.values.get(catalog()->find(target))));
    }

    void computesActive()
    {
        const QList<AttributeMapping> rows = {row("username", "uid"), row("enabled", "active")};
        const Entry entry{"uid=a", {{"uid", {"anna"}}}};
        QCOMPARE(map(rows, entry, true).values.get(catalog()->enabled()), Value(true));
        QCOMPARE(map(rows, entry, false).values.get(catalog()->enabled()), Value(false));
    }

    void evaluatesExpressions_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("fails");
        QTest::newRow("joins") << "name.formatted" << "#string.join({givenName, sn}, ' ')" << "Zoë Müller" << false;
        QTest::newRow("absent is null") << "nickname" << "displayName ?: 'nobody'" << "nobody" << false;
        QTest::newRow("several values are a list") << "title" << "#string.join(mail, '; ')" << "a@example.com; b@example.com" << false;
        QTest::newRow("first of a list") << "email" << "mail" << "a@example.com" << false;
        QTest::newRow("a name with a hyphen") << "title" << "#root['x-title']" << "Baker" << false;
        QTest::newRow("binary as base64") << "nickname" << "jpegPhoto" << "/9j/4A==" << false;
        QTest::newRow("active is a boolean") << "enabled" << "not active" << "false" << false;
        QTest::newRow("a text for a boolean") << "enabled" << "'yes'" << "true" << false;
        QTest::newRow("a number as text") << "externalId" << "7 * 6" << "42" << false;
        QTest::newRow("an empty text is absence") << "title" << "''" << "" << false;
        QTest::newRow("a fault") << "title" << "3 + displayName" << "" << true;
        QTest::newRow("no boolean") << "enabled" << "'perhaps'" << "" << true;
        QTest::newRow("a map for a text") << "title" << "{'a': 1}" << "" << true;
        QTest::newRow("too long") << "address.postalCode" << "sn + sn + sn + sn + sn + sn + sn + sn" << "" << true;
    }
    void evaluatesExpressions()
    {
        QFETCH(QString, target);
        QFETCH(QString, expression);
        QFETCH(QString, value);
        QFETCH(bool, fails);
        const MappedEntry mapped = map({row("username", "uid"), {target, {}, expression, MappingWhen::Always}},
                                       {"uid=z", {{"uid", {"z"}}, {"givenName", {"Zoë"}}, {"SN", {"Müller"}}, {"x-title", {"Baker"}},
                                                  {"mail", {"a@example.com", "b@example.com"}}, {"jpegPhoto", {"\xff\xd8\xff\xe0"}}}});
        QCOMPARE(!mapped.problems.isEmpty(), fails);
        QCOMPARE(mapped.values.text(catalog()->find(target)), value);
    }

    void asksForWhatExpressionsRead()
    {
        const auto mapping = Mapping::compile({row("username", "uid"),
                                               {QStringLiteral("name.formatted"), {}, QStringLiteral("UID + ' ' + sn + active"), MappingWhen::Always}},
                                              catalog());
        QVERIFY(mapping);
        QCOMPARE(mapping->sources(), (SlotNames{"uid", "sn"}));
        const auto whole = Mapping::compile({{QStringLiteral("title"), {}, QStringLiteral("#data.size({#root})"), MappingWhen::Always}}, catalog());
        QVERIFY(!whole);
        QCOMPARE(whole.error().at(0).code, Code::Syntax);
        const auto wrong = Mapping::compile({{QStringLiteral("title"), {}, QStringLiteral("1+2 + )"), MappingWhen::Always}}, catalog());
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().at(0).where, QStringLiteral("attributeMappings[0].expression"));
        QVERIFY(wrong.error().at(0).offset >= 0);
    }

    void namesEveryBadRow()
    {
        const auto mapping = Mapping::compile({row("nobody", "uid"), row("username", "")}, catalog());
        QVERIFY(!mapping);
        QCOMPARE(mapping.error().size(), 2);
        QCOMPARE(mapping.error().at(0).where, QStringLiteral("attributeMappings[0].target"));
        QCOMPARE(mapping.error().at(1).where, QStringLiteral("attributeMappings[1].source"));
    }

    void fingerprintFollowsTheMapping()
    {
        const auto fingerprint = [](const QList<AttributeMapping> &rows) { return Mapping::compile(rows, catalog())->fingerprint(); };
        const quint64 first = fingerprint({row("username", "uid"), row("email", "mail")});
        QCOMPARE(fingerprint({row("username", "UID"), row("email", "mail")}), first);
        QVERIFY(fingerprint({row("username", "uid"), row("email", "otherMail")}) != first);
        QVERIFY(fingerprint({row("username", "uid")}) != first);
    }

    void fingerprintOfAnEntryIgnoresOrder()
    {
        const auto names = std::make_shared<const SlotNames>(SlotNames{"a", "b"});
        const auto fingerprint = [&](const Entry &entry) {
            EntryBatch batch(names);
            batch.append(entry);
            return batch.at(0).fingerprint();
        };
        const quint64 first = fingerprint({"dn", {{"a", {"1", "2"}}, {"b", {"3"}}}});
        QCOMPARE(fingerprint({"dn", {{"b", {"3"}}, {"a", {"2", "1"}}}}), first);
        QVERIFY(fingerprint({"dn", {{"a", {"1"}}, {"b", {"3", "2"}}}}) != first);
        QVERIFY(fingerprint({"dn2", {{"a", {"1", "2"}}, {"b", {"3"}}}}) != first);
        QVERIFY(fingerprint({"dn", {{"a", {"1", "2"}}}}) != first);
    }
};

CONSOLE_TEST(MappingTest)
#include "tst_mapping.moc"
