// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `config apply` makes of a file that calls things by other names, that has a rule no more, or that names attributes
// which the directory does not know.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QTest>

using namespace gatehouse::test;

namespace {

/// The first thing of @p section with @p key set; a path of keys goes down into objects.
QJsonObject edited(QJsonObject root, const QString &section, const QStringList &path, const QJsonValue &value)
{
    const std::function<QJsonObject(QJsonObject, QStringList)> set = [&](QJsonObject object, QStringList keys) {
        const QString key = keys.takeFirst();
        object.insert(key, keys.isEmpty() ? value : QJsonValue(set(object.value(key).toObject(), keys)));
        return object;
    };
    QJsonArray things = root.value(section).toArray();
    things.replace(0, set(things.at(0).toObject(), path));
    root.insert(section, things);
    return root;
}

QStringList paths(const Printed &printed)
{
    QStringList found;
    for (const QJsonValue &change : printed.json().value(QStringLiteral("changes")).toArray())
        found << change.toObject().value(QStringLiteral("path")).toString();
    return found;
}

} // namespace

class ConfigChangesTest : public QObject {
    Q_OBJECT

    Slapd m_slapd;
    std::unique_ptr<Ctl> m_ctl;
    QJsonObject m_configuration;

    Printed apply(const QJsonObject &configuration)
    {
        return m_ctl->run({QStringLiteral("--json"), QStringLiteral("config"), QStringLiteral("apply"),
                           m_ctl->write(QStringLiteral("config.json"), QJsonDocument(configuration).toJson())});
    }
    int enabledUsers()
    {
        int enabled = 0;
        for (const QJsonObject &user : m_ctl->run({QStringLiteral("--json"), QStringLiteral("user"), QStringLiteral("list")}).jsonLines())
            enabled += user.value(QStringLiteral("enabled")).toBool() ? 1 : 0;
        return enabled;
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        QVERIFY2(m_slapd.load(Slapd::people(12)) && m_slapd.start(), qPrintable(m_slapd.errorText()));
    }
    void init()
    {
        m_ctl = std::make_unique<Ctl>();
        m_configuration = edited(Ctl::configuration(m_slapd), QStringLiteral("connections"),
                                 {QStringLiteral("users"), QStringLiteral("deprovision"), QStringLiteral("onRuleDeletion")}, true);
        QCOMPARE(apply(m_configuration).exitCode, 0);
        QCOMPARE(m_ctl->run({QStringLiteral("apply"), QStringLiteral("People in")}).exitCode, 0);
        QCOMPARE(enabledUsers(), 12);
    }

    void anotherNameIsNothingElse()
    {
        QJsonObject renamed = edited(m_configuration, QStringLiteral("gateways"), {QStringLiteral("name")}, QStringLiteral("Main site"));
        renamed = edited(renamed, QStringLiteral("connections"), {QStringLiteral("gateway")}, QStringLiteral("Main site"));
        renamed = edited(renamed, QStringLiteral("rules"), {QStringLiteral("name")}, QStringLiteral("Staff in"));
        const Printed applied = apply(renamed);
        QCOMPARE(applied.exitCode, 0);
        QCOMPARE(paths(applied), (QStringList{QStringLiteral("gateways[Directory].name"), QStringLiteral("rules[People in].name")}));
        QVERIFY(!applied.json().contains(QStringLiteral("deletedRules")));
        QCOMPARE(enabledUsers(), 12);
        const QJsonObject counts =
            m_ctl->run({QStringLiteral("--json"), QStringLiteral("plan"), QStringLiteral("Staff in")}).json().value(QStringLiteral("counts")).toObject();
        QCOMPARE(counts.value(QStringLiteral("unchanged")).toInt(), 12); // by their links
    }

    void aGatewayThatGoesIsWarnedOf()
    {
        QJsonObject other = edited(m_configuration, QStringLiteral("gateways"), {QStringLiteral("name")}, QStringLiteral("Elsewhere"));
        other = edited(other, QStringLiteral("gateways"), {QStringLiteral("serversHostAndPort")}, QJsonArray{QStringLiteral("127.0.0.1:1")});
        other = edited(other, QStringLiteral("connections"), {QStringLiteral("gateway")}, QStringLiteral("Elsewhere"));
        const Printed applied = apply(other);
        QCOMPARE(applied.exitCode, 0);
        QVERIFY2(applied.err.contains("12 are linked"), applied.err.constData());
    }

    void aDeletedRuleDisablesItsPeople()
    {
        m_configuration.insert(QStringLiteral("rules"), QJsonArray());
        const Printed applied = apply(m_configuration);
        QCOMPARE(applied.exitCode, 0);
        const QJsonObject deleted = applied.json().value(QStringLiteral("deletedRules")).toArray().at(0).toObject();
        QCOMPARE(deleted.value(QStringLiteral("counts")).toObject().value(QStringLiteral("disable")).toInt(), 12);
        QCOMPARE(enabledUsers(), 0);
        const Printed run = m_ctl->run({QStringLiteral("run"), QStringLiteral("show"), deleted.value(QStringLiteral("run")).toString()});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.contains("user.3"));
    }

    void aGuardKeepsTheRule()
    {
        QCOMPARE(apply(edited(m_configuration, QStringLiteral("rules"), {QStringLiteral("guards"), QStringLiteral("maxDeprovisions")}, 11)).exitCode, 0);
        const QByteArray before = m_ctl->run({QStringLiteral("config"), QStringLiteral("export")}).out;
        m_configuration.insert(QStringLiteral("rules"), QJsonArray());
        const Printed applied = apply(m_configuration);
        QCOMPARE(applied.exitCode, 5);
        const QByteArray said = applied.out + applied.err;
        QVERIFY2(said.contains("maxDeprovisions"), said.constData());
        QCOMPARE(enabledUsers(), 12);
        QCOMPARE(m_ctl->run({QStringLiteral("config"), QStringLiteral("export")}).out, before);
    }

    void namesAreCheckedWithoutConnecting()
    {
        const QJsonObject mistyped = edited(m_configuration, QStringLiteral("rules"), {QStringLiteral("userFilter")}, QStringLiteral("(!(employeeTypo=x))"));
        // The run has read the schema: now nothing has to answer.
        const QJsonObject nowhere = edited(mistyped, QStringLiteral("gateways"), {QStringLiteral("serversHostAndPort")},
                                           QJsonArray{QStringLiteral("127.0.0.1:1")});
        const Printed applied = apply(nowhere);
        QCOMPARE(applied.exitCode, 0);
        QVERIFY2(applied.err.contains("employeeTypo") && applied.err.contains("employeeType\"?"), applied.err.constData());
        // Where none was read that is what is said.
        Ctl fresh;
        const Printed first = fresh.run({QStringLiteral("config"), QStringLiteral("apply"),
                                         fresh.write(QStringLiteral("config.json"), QJsonDocument(mistyped).toJson())});
        QCOMPARE(first.exitCode, 0);
        QVERIFY2(first.err.contains("not checked"), first.err.constData());
        QVERIFY(!first.err.contains("employeeTypo"));
        // A test of the gateway reads it.
        QCOMPARE(fresh.run({QStringLiteral("gateway"), QStringLiteral("test"), QStringLiteral("Directory")}).exitCode, 0);
        QVERIFY(fresh.run({QStringLiteral("config"), QStringLiteral("apply"), fresh.folder.filePath(QStringLiteral("config.json"))})
                    .err.contains("employeeTypo"));
    }
};

CONSOLE_TEST(ConfigChangesTest)
#include "tst_configchanges.moc"
