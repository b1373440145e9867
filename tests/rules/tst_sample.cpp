// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sample directory and its configuration: sound in themselves, and with the hard cases that quickstart shows.
#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/validate.h"
#include "tests/rules/sourcetree.h"
#include "tests/support/testmain.h"

#include <QHash>
#include <QSet>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

struct Record {
    QString dn;
    QHash<QString, QList<QByteArray>> values; ///< attribute names in lower case

    QString first(const char *name) const { return QString::fromUtf8(values.value(QString::fromLatin1(name)).value(0)); }
    bool has(const char *name, const char *value) const
    {
        return values.value(QString::fromLatin1(name)).contains(QByteArray(value));
    }
};

/// Content records of RFC 2849, as far as the sample has them: folding, base64, comments.
QList<Record> recordsOf(const QString &ldif)
{
    QString text = ldif;
    text.replace(QStringLiteral("\n "), QString());
    QList<Record> records;
    for (const QString &block : text.split(QStringLiteral("\n\n"), Qt::SkipEmptyParts)) {
        Record record;
        for (const QString &line : block.split(u'\n', Qt::SkipEmptyParts)) {
            if (line.startsWith(u'#'))
                continue;
            const QString name = line.section(u':', 0, 0).section(u';', 0, 0).toLower();
            const QString rest = line.mid(line.indexOf(u':') + 1);
            const QByteArray value = rest.startsWith(u':') ? QByteArray::fromBase64(rest.mid(1).trimmed().toLatin1())
                                                           : rest.trimmed().toUtf8();
            if (name == QStringLiteral("dn"))
                record.dn = QString::fromUtf8(value);
            else
                record.values[name].append(value);
        }
        if (!record.dn.isEmpty())
            records.append(record);
    }
    return records;
}

} // namespace

class Sample : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void configurationIsValid();
    void whatIsReferredToExists();
    void nobodyIsReachable();
    void hasTheHardCases();
    void photosArePictures();
    void groupsNestAndTurnInACircle();

private:
    QList<Record> people(const QString &below) const;
    QList<Record> m_records;
    QHash<QString, int> m_byDn;
};

void Sample::initTestCase()
{
    m_records = recordsOf(readText(QStringLiteral("resources/sample/directory.ldif")));
    for (int i = 0; i < m_records.size(); ++i) {
        QVERIFY2(!m_byDn.contains(m_records.at(i).dn), qPrintable(m_records.at(i).dn));
        // A parent comes before its children, as servers want it.
        if (i > 0) {
            const QString &dn = m_records.at(i).dn;
            qsizetype comma = dn.indexOf(u',');
            while (comma > 0 && dn.at(comma - 1) == u'\\')
                comma = dn.indexOf(u',', comma + 1);
            QVERIFY2(m_byDn.contains(dn.mid(comma + 1)), qPrintable(dn));
        }
        m_byDn.insert(m_records.at(i).dn, i);
    }
}

QList<Record> Sample::people(const QString &below) const
{
    QList<Record> found;
    for (const Record &record : m_records) {
        if (record.has("objectclass", "inetOrgPerson") && record.dn.endsWith(below))
            found.append(record);
    }
    return found;
}

void Sample::configurationIsValid()
{
    const auto parsed = core::parseConfiguration(readText(QStringLiteral("resources/sample/config.json")).toUtf8());
    if (!parsed)
        QFAIL(qPrintable(parsed.error().constFirst().text()));
    const QList<core::Error> faults = core::validate(*parsed);
    QVERIFY2(faults.isEmpty(), faults.isEmpty() ? "" : qPrintable(faults.constFirst().text()));
    const core::Rule *rule = parsed->rule(QStringLiteral("Staff in"));
    QVERIFY(rule);
    for (const QString &unit : rule->scope.userOrganizationalUnits)
        QVERIFY2(m_byDn.contains(unit), qPrintable(unit));
    QVERIFY(m_byDn.contains(parsed->gateways.constFirst().bindDn));
}

void Sample::whatIsReferredToExists()
{
    QStringList missing;
    for (const Record &record : std::as_const(m_records)) {
        for (const char *name : {"member", "uniquemember", "manager", "memberof"}) {
            for (const QByteArray &value : record.values.value(QString::fromLatin1(name))) {
                if (!m_byDn.contains(QString::fromUtf8(value)))
                    missing.append(record.dn + QStringLiteral("  ") + QString::fromUtf8(value));
            }
        }
        // memberOf is the other side of member; the server keeps it from then on.
        for (const QByteArray &group : record.values.value(QStringLiteral("memberof")))
            QVERIFY(m_records.at(m_byDn.value(QString::fromUtf8(group))).has("member", record.dn.toUtf8().constData()));
        for (const QByteArray &member : record.values.value(QStringLiteral("member")))
            QVERIFY(m_records.at(m_byDn.value(QString::fromUtf8(member))).has("memberof", record.dn.toUtf8().constData()));
    }
    HOLDS(QStringLiteral("References to entries that are not there"), missing);
}

void Sample::nobodyIsReachable()
{
    static const QRegularExpression fictitious(QStringLiteral("^\\+1 \\d{3} 555 01\\d\\d( ext \\d+)?$"));
    for (const Record &record : std::as_const(m_records)) {
        for (const QByteArray &mail : record.values.value(QStringLiteral("mail")))
            QVERIFY2(mail.endsWith("example.com"), mail.constData());
        for (const char *name : {"telephonenumber", "mobile"}) {
            for (const QByteArray &number : record.values.value(QString::fromLatin1(name)))
                QVERIFY2(number == "via reception" || fictitious.match(QString::fromUtf8(number)).hasMatch(), number.constData());
        }
    }
}

void Sample::hasTheHardCases()
{
    QList<Record> inScope;
    for (const char *unit : {"ou=Staff,dc=example,dc=com", "ou=Contractors,dc=example,dc=com"}) {
        for (const Record &record : people(QString::fromLatin1(unit))) {
            if (!record.has("employeetype", "Shared mailbox"))
                inScope.append(record);
        }
    }
    QVERIFY(inScope.size() > 290);
    int withoutUid = 0, withoutMail = 0, badMail = 0, longTitle = 0, longPostalCode = 0, wordsForPhone = 0, disabled = 0, otherScript = 0;
    QHash<QString, int> names;
    for (const Record &record : std::as_const(inScope)) {
        withoutUid += record.first("uid").isEmpty();
        withoutMail += record.first("mail").isEmpty();
        badMail += !record.first("mail").isEmpty() && !record.first("mail").contains(u'@');
        longTitle += record.first("title").size() > 256;
        longPostalCode += record.first("postalcode").size() > 40;
        wordsForPhone += !record.first("telephonenumber").contains(QRegularExpression(QStringLiteral("\\d")));
        disabled += record.has("pwdaccountlockedtime", "000001010000Z");
        otherScript += record.first("cn") != QString::fromLatin1(record.first("cn").toLatin1());
        if (!record.first("uid").isEmpty())
            ++names[record.first("uid").toCaseFolded()];
    }
    QCOMPARE(withoutUid, 1);
    QCOMPARE(badMail, 1);
    QCOMPARE(longTitle, 1);
    QCOMPARE(longPostalCode, 1);
    QCOMPARE(wordsForPhone, 1);
    QVERIFY(withoutMail >= 5);
    QVERIFY(disabled >= 3);
    QVERIFY(otherScript >= 50);
    QStringList shared;
    for (auto it = names.cbegin(); it != names.cend(); ++it) {
        if (it.value() > 1)
            shared.append(QStringLiteral("%1 %2").arg(it.key()).arg(it.value()));
    }
    QCOMPARE(shared, QStringList{QStringLiteral("j.moreauville 2")});
    for (const char *escaped : {"\\,", "\\\"", "\\\\", "\\+", "\\#"}) {
        QVERIFY2(std::any_of(m_records.cbegin(), m_records.cend(),
                             [&](const Record &record) { return record.dn.contains(QLatin1String(escaped)); }),
                 escaped);
    }
}

void Sample::photosArePictures()
{
    int photos = 0;
    for (const Record &record : std::as_const(m_records)) {
        for (const QByteArray &photo : record.values.value(QStringLiteral("jpegphoto"))) {
            ++photos;
            QVERIFY(photo.startsWith("\xff\xd8\xff") && photo.endsWith("\xff\xd9"));
        }
    }
    QVERIFY(photos >= 3);
}

void Sample::groupsNestAndTurnInACircle()
{
    const auto members = [this](const QString &dn) { return m_records.at(m_byDn.value(dn)).values.value(QStringLiteral("member")); };
    // Organisation > Engineering > Platform Team > people
    const QString organisation = QStringLiteral("cn=Organisation,ou=Groups,dc=example,dc=com");
    const QString department = QStringLiteral("cn=Engineering,ou=Departments,ou=Groups,dc=example,dc=com");
    const QString team = QStringLiteral("cn=Platform Team,ou=Teams,ou=Groups,dc=example,dc=com");
    QVERIFY(members(organisation).contains(department.toUtf8()));
    QVERIFY(members(department).contains(team.toUtf8()));
    QVERIFY(members(team).constFirst().startsWith("uid="));
    const QString one = QStringLiteral("cn=Aurora,ou=Projects,ou=Groups,dc=example,dc=com");
    const QString other = QStringLiteral("cn=Aurora Reviewers,ou=Projects,ou=Groups,dc=example,dc=com");
    QVERIFY(members(one).contains(other.toUtf8()));
    QVERIFY(members(other).contains(one.toUtf8()));
}

CONSOLE_TEST(Sample)
#include "tst_sample.moc"
