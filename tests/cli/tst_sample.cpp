// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sample directory as quickstart and the README use it: it starts by itself, the first sync creates nearly
// everybody and says of each of the others why not, the second one has nothing to do, and what changes in the
// directory is noticed.
#include "tests/cli/ctl.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>
#include <QTest>

using namespace gatehouse::test;

namespace {

constexpr int kDeadlineMs = 60'000;

/// A directory started by packaging/sample-directory; stops with the object.
class SampleDirectory {
public:
    explicit SampleDirectory(const QString &folder) : m_folder(folder) {}
    ~SampleDirectory() { stop(); }

    bool start() { return call(QStringLiteral("start")); }
    bool stop() { return call(QStringLiteral("stop")); }
    QString configuration() const { return m_folder + QStringLiteral("/config.json"); }
    const QByteArray &said() const { return m_said; }

    QString setting(const QString &name) const
    {
        QFile file(m_folder + QStringLiteral("/env"));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QRegularExpression line(QStringLiteral("^%1=(.*)$").arg(name), QRegularExpression::MultilineOption);
        return line.match(QString::fromUtf8(file.readAll())).captured(1);
    }

    /// ldapmodify as the administrator.
    bool modify(const QByteArray &ldif)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("LDAPNOINIT"));
        environment.insert(QStringLiteral("LDAPTLS_CACERT"), setting(QStringLiteral("CA_FILE")));
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral("ldapmodify"),
                      {QStringLiteral("-x"), QStringLiteral("-ZZ"), QStringLiteral("-H"), setting(QStringLiteral("LDAP_URL")),
                       QStringLiteral("-D"), setting(QStringLiteral("ADMIN_DN")), QStringLiteral("-y"),
                       setting(QStringLiteral("ADMIN_PASSWORD_FILE"))});
        process.write(ldif);
        process.closeWriteChannel();
        const bool ended = process.waitForFinished(kDeadlineMs);
        m_said = process.readAllStandardError();
        return ended && process.exitCode() == 0;
    }

private:
    bool call(const QString &verb)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(GATEHOUSE_SOURCE_DIR "/packaging/sample-directory"), {verb, m_folder});
        const bool ended = process.waitForFinished(kDeadlineMs);
        m_said = process.readAll();
        return ended && process.exitCode() == 0;
    }

    QString m_folder;
    QByteArray m_said;
};

} // namespace

class SampleTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        QVERIFY(m_folder.isValid());
    }

    void firstSyncAndAfter()
    {
        SampleDirectory directory(m_folder.filePath(QStringLiteral("one")));
        QVERIFY2(directory.start(), directory.said().constData());
        Ctl ctl;
        const Printed configured = ctl.run({QStringLiteral("config"), QStringLiteral("apply"), directory.configuration()});
        QVERIFY2(configured.exitCode == 0, configured.err.constData());

        const QStringList plan = {QStringLiteral("plan"), QStringLiteral("Staff in"), QStringLiteral("--json")};
        const QJsonObject first = ctl.run(plan).json();
        QVERIFY(first.value(QStringLiteral("counts")).toObject().value(QStringLiteral("create")).toInt() >= 290);
        QHash<QString, QString> failed; // first RDN -> attribute and code
        for (const QJsonValue &value : first.value(QStringLiteral("changes")).toArray()) {
            const QJsonObject change = value.toObject();
            const QJsonObject problem = change.value(QStringLiteral("problems")).toArray().at(0).toObject();
            if (change.value(QStringLiteral("action")).toString() == QStringLiteral("failed")) {
                failed.insert(change.value(QStringLiteral("source")).toObject().value(QStringLiteral("dn")).toString().section(u',', 0, 0),
                              QString(problem.value(QStringLiteral("attribute")).toString() + u' ' + problem.value(QStringLiteral("code")).toString()));
            }
        }
        QCOMPARE(failed.size(), 6);
        QCOMPARE(failed.value(QStringLiteral("uid=cornelius.applewhaite")), QStringLiteral("title TOO_LONG"));
        QCOMPARE(failed.value(QStringLiteral("uid=wilhelmina.oosterdijksen")), QStringLiteral("address.postalCode TOO_LONG"));
        QCOMPARE(failed.value(QStringLiteral("uid=ferdinand.zwetschgenbaum")), QStringLiteral("primaryPhone INVALID_VALUE"));
        QCOMPARE(failed.value(QStringLiteral("uid=oluwadamilare.fashola-bright")), QStringLiteral("email INVALID_VALUE"));
        QCOMPARE(failed.value(QStringLiteral("uid=j.moreauville")), QStringLiteral("username UNIQUENESS_VIOLATION"));
        QVERIFY(failed.values().contains(QStringLiteral("username REQUIRED_VALUE")));

        QCOMPARE(ctl.run({QStringLiteral("apply"), QStringLiteral("Staff in")}).exitCode, 4);
        const Printed second = ctl.run(plan + QStringList{QStringLiteral("--exit-code")});
        QCOMPARE(second.exitCode, 0);
        QCOMPARE(second.json().value(QStringLiteral("changes")).toArray().size(), 6);

        // Somebody is repaired, somebody locked, somebody moves and marries, somebody leaves.
        QVERIFY2(directory.modify("dn: uid=ferdinand.zwetschgenbaum,ou=Sales,ou=Staff,dc=example,dc=com\n"
                                  "changetype: modify\nreplace: telephoneNumber\ntelephoneNumber: +1 617 555 0100\n\n"
                                  "dn: uid=zoe.groessling,ou=Research\\, Design,ou=Staff,dc=example,dc=com\n"
                                  "changetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n"
                                  "dn: uid=gideon.thornbury,ou=Engineering,ou=Staff,dc=example,dc=com\n"
                                  "changetype: modrdn\nnewrdn: uid=gideon.oxtoby\ndeleteoldrdn: 1\nnewsuperior: ou=Sales,ou=Staff,dc=example,dc=com\n\n"
                                  "dn: uid=alden.ashcombe,ou=Engineering,ou=Staff,dc=example,dc=com\nchangetype: delete\n"),
                 directory.said().constData());
        const QJsonObject third = ctl.run(plan).json();
        const QJsonObject counts = third.value(QStringLiteral("counts")).toObject();
        QCOMPARE(counts.value(QStringLiteral("create")).toInt(), 1);
        QCOMPARE(counts.value(QStringLiteral("update")).toInt(), 1);
        QCOMPARE(counts.value(QStringLiteral("disable")).toInt(), 2);
        QCOMPARE(counts.value(QStringLiteral("failed")).toInt(), 5);
    }

    void twoStandBesideEachOther()
    {
        SampleDirectory one(m_folder.filePath(QStringLiteral("left")));
        SampleDirectory other(m_folder.filePath(QStringLiteral("right")));
        QVERIFY2(one.start(), one.said().constData());
        QVERIFY2(other.start(), other.said().constData());
        QVERIFY(one.setting(QStringLiteral("LDAP_URL")) != other.setting(QStringLiteral("LDAP_URL")));
        QVERIFY2(!one.start(), "the second start in one folder must be refused");
        QVERIFY(one.stop());
        QVERIFY2(one.modify({}) == false, "it was stopped");
        QVERIFY2(one.start(), one.said().constData()); // with the people that it had
    }

    void secretsAreTheirOwners()
    {
        SampleDirectory directory(m_folder.filePath(QStringLiteral("secrets")));
        QVERIFY2(directory.start(), directory.said().constData());
        for (const char *name : {"BIND_PASSWORD_FILE", "ADMIN_PASSWORD_FILE", "PEOPLE_PASSWORD_FILE"}) {
            const QFileInfo file(directory.setting(QString::fromLatin1(name)));
            QVERIFY(file.size() >= 20);
            QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
        }
    }

    void refusesAFolderThatIsInUse()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("mine/letters")));
        SampleDirectory directory(m_folder.filePath(QStringLiteral("mine")));
        QVERIFY(!directory.start());
        QVERIFY(QFileInfo::exists(m_folder.filePath(QStringLiteral("mine/letters"))));
    }

private:
    QTemporaryDir m_folder;
};

CONSOLE_TEST(SampleTest)
#include "tst_sample.moc"
