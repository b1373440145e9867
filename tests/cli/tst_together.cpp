// SPDX-License-Identifier: GPL-3.0-or-later
//
// Several programs on one environment at once, as on a busy day: serve with its endpoint, the console, sign-ons, config
// apply, runs, plans, exports, some of them killed. Nothing is damaged, whatever a program said is done is there, and a
// revocation reaches the one that holds the link within a second. A few seconds; a minute in the long form.
#include "store/database.h"
#include "store/environment.h"
#include "tests/cli/office.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTimer>

#include <functional>
#include <numeric>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

constexpr int kPeople = 300;
constexpr int kGuests = 120;
const QByteArray kPassword = "Tulips-and-12-roses";

/// Runs one command after another, each a process, until it is told to stop.
class Lane : public QObject {
public:
    struct Command {
        QStringList arguments;
        QSet<int> exitCodes; ///< good ones
        int killAfterMs = -1;
    };
    using Next = std::function<Command(int)>;

    Lane(QString environment, Next next) : m_environment(std::move(environment)), m_next(std::move(next))
    {
        connect(&m_process, &QProcess::finished, this, &Lane::take);
        start();
    }
    void stop() { m_isStopping = true; }
    bool isIdle() const { return m_isStopping && m_process.state() == QProcess::NotRunning; }
    int count(int exitCode) const { return m_ended.value(exitCode); }
    int total() const { return m_number; }
    const QStringList &faults() const { return m_faults; }

private:
    void start()
    {
        m_command = m_next(m_number++);
        m_process.start(Ctl::program(), QStringList{QStringLiteral("--environment"), m_environment} + m_command.arguments);
        if (m_command.killAfterMs >= 0)
            QTimer::singleShot(m_command.killAfterMs, this, [this] { m_process.kill(); });
    }
    void take(int exitCode, QProcess::ExitStatus status)
    {
        const QByteArray said = m_process.readAllStandardOutput() + m_process.readAllStandardError();
        const bool wasKilled = status == QProcess::CrashExit && m_command.killAfterMs >= 0;
        if (!wasKilled) {
            ++m_ended[exitCode];
            if (status != QProcess::NormalExit || !m_command.exitCodes.contains(exitCode))
                m_faults.append(QStringLiteral("%1: exit code %2: %3").arg(m_command.arguments.join(u' ')).arg(exitCode)
                                    .arg(QString::fromUtf8(said.left(300))));
        }
        if (!m_isStopping)
            start();
    }

    QString m_environment;
    Next m_next;
    Command m_command;
    QProcess m_process;
    QHash<int, int> m_ended;
    QStringList m_faults;
    int m_number = 0;
    bool m_isStopping = false;
};

QStringList damageOf(const QString &path)
{
    auto environment = store::Environment::open(path, store::Environment::Access::ReadOnly);
    if (!environment)
        return {environment.error().text()};
    QStringList found;
    for (const char *check : {"PRAGMA foreign_key_check", "PRAGMA integrity_check"}) {
        store::Statement statement = (*environment)->database().prepare(check);
        for (;;) {
            const auto row = statement.step();
            if (!row)
                return {row.error().text()};
            if (!*row)
                break;
            if (statement.text(0) != QStringLiteral("ok"))
                found.append(statement.text(0));
        }
    }
    return found;
}

int auditRows(const QString &path, const QString &action)
{
    auto environment = store::Environment::open(path, store::Environment::Access::ReadOnly);
    if (!environment)
        return -1;
    store::Statement statement = (*environment)->database().prepare("SELECT count(*) FROM audit WHERE action = ?1 OR action LIKE ?1 || '.%'");
    const auto row = statement.bind(1, action).step();
    return row && *row ? int(statement.integer(0)) : -1;
}

} // namespace

class TogetherTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void severalPrograms();

private:
    /// A rule and a user type that read the directory straight, and a gateway that is reached through clients.
    bool configure();
    QJsonObject configuration(int number) const;
    std::unique_ptr<Slapd> m_slapd;
    Office m_office;
};

void TogetherTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    // Some are the rule's, others sign on.
    QByteArray guests = Slapd::people(kGuests, kPeople);
    guests.replace("objectClass: inetOrgPerson\n", QByteArray("objectClass: inetOrgPerson\nuserPassword: " + kPassword + '\n'));
    guests.replace("title: Engineer", "title: Guest");
    QVERIFY2(m_slapd->load(Slapd::people(kPeople) + guests) && m_slapd->start(), qPrintable(m_slapd->errorText()));
}

QJsonObject TogetherTest::configuration(int number) const
{
    QJsonObject root = Ctl::configuration(*m_slapd);
    QJsonObject direct = root.value(QStringLiteral("gateways")).toArray().at(0).toObject();
    QJsonObject clients = direct;
    clients.insert(QStringLiteral("name"), QStringLiteral("Branch"));
    clients.insert(QStringLiteral("mode"), QStringLiteral("clients"));
    direct.insert(QStringLiteral("userTypes"), QJsonDocument::fromJson(R"json([{
        "name": "Employees", "passwordAuthority": "PING_ONE", "searchBaseDn": "ou=people,dc=example,dc=com",
        "orderedCorrelationAttributes": ["entryUUID", "dn", "uid"],
        "newUserLookup": {"ldapFilterPattern": "(uid=${identifier})", "population": "People",
          "attributeMappings": [{"name": "username", "value": "${ldapAttributes.uid}"}]}}])json").array());
    root.insert(QStringLiteral("gateways"), QJsonArray{direct, clients});
    QJsonObject rule = root.value(QStringLiteral("rules")).toArray().at(0).toObject();
    rule.insert(QStringLiteral("userFilter"), QStringLiteral("(title=Engineer)"));
    rule.insert(QStringLiteral("description"), QStringLiteral("text %1 ").arg(number).repeated(40));
    rule.insert(QStringLiteral("schedule"), QJsonObject{{QStringLiteral("everySeconds"), 30}});
    root.insert(QStringLiteral("rules"), QJsonArray{rule});
    return root;
}

bool TogetherTest::configure()
{
    const Ctl &ctl = m_office.ctl;
    if (ctl.configure(configuration(0)).exitCode != 0)
        return false;
    const Printed endpoint = ctl.run({QStringLiteral("gateway"), QStringLiteral("endpoint"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1"),
                                      QStringLiteral("--host-name"), QStringLiteral("127.0.0.1"), QStringLiteral("--port"), QString::number(freePort())});
    const QJsonObject made = ctl.run({QStringLiteral("--json"), QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("create"),
                                      QStringLiteral("Branch")}).json();
    m_office.id = made.value(QStringLiteral("id")).toString();
    m_office.command = made.value(QStringLiteral("command")).toString().split(u' ');
    const QString file = ctl.write(QStringLiteral("credential"), made.value(QStringLiteral("credential")).toString().toLatin1());
    QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner);
    m_office.command.replaceInStrings(QStringLiteral("FILE"), file);
    return endpoint.exitCode == 0 && m_office.command.takeFirst() == QStringLiteral("gatehouse-gateway");
}

void TogetherTest::severalPrograms()
{
    QVERIFY(configure());
    const Ctl &ctl = m_office.ctl;
    const QString rule = QStringLiteral("People in");
    const QString password = ctl.write(QStringLiteral("password"), kPassword);
    QFile::setPermissions(password, QFile::ReadOwner | QFile::WriteOwner);
    const auto serve = start(QStringLiteral("gatehousectl"), {QStringLiteral("--environment"), ctl.environment, QStringLiteral("serve")});
    QByteArray log;
    QVERIFY2(waitForText(*serve, log, "endpoint listens", 60'000), log.constData());
    const auto client = startClient(m_office.command);
    QByteArray clientLog;
    QVERIFY2(waitForText(*client, clientLog, "connected", 60'000), clientLog.constData());
    QProcess console;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    console.setProcessEnvironment(variables);
    console.setProcessChannelMode(QProcess::MergedChannels);
    console.start(QStringLiteral(GATEHOUSE_BIN_DIR "/gatehouse"), {QStringLiteral("--environment"), ctl.environment});
    const bool hasConsole = console.waitForStarted();

    std::vector<std::unique_ptr<Lane>> lanes;
    const auto lane = [&](Lane::Next next) { return lanes.emplace_back(std::make_unique<Lane>(ctl.environment, std::move(next))).get(); };
    const auto signOn = [&](int first) {
        return lane([=](int number) -> Lane::Command {
            return {{QStringLiteral("signon"), QStringLiteral("Directory"), QStringLiteral("user.%1").arg(kPeople + first + number % 40),
                     QStringLiteral("--password-file"), password}, {0}};
        });
    };
    const Lane *signOns[] = {signOn(0), signOn(40), signOn(80)};
    const Lane *configurations = lane([&](int number) -> Lane::Command {
        return {{QStringLiteral("config"), QStringLiteral("apply"),
                 ctl.write(QStringLiteral("config-%1.json").arg(number % 2), QJsonDocument(configuration(number + 1)).toJson())}, {0}};
    });
    // Locked while serve or the other lane has the rule.
    lane([&](int) -> Lane::Command { return {{QStringLiteral("apply"), rule}, {0, 4, 6}}; });
    lane([&](int number) -> Lane::Command { return {{QStringLiteral("apply"), rule, QStringLiteral("--full")}, {0, 4, 6}, 40 * (number % 12)}; });
    lane([&](int number) -> Lane::Command {
        return number % 2 ? Lane::Command{{QStringLiteral("plan"), rule}, {0}}
                          : Lane::Command{{QStringLiteral("user"), QStringLiteral("export"), QStringLiteral("--out"),
                                           ctl.folder.filePath(QStringLiteral("people.csv"))}, {0}};
    });
    QElapsedTimer timer;
    timer.start();
    const qint64 length = isLong() ? 60'000 : 4'000;
    QTest::qWait(int(length));
    // However slow this machine is just now.
    const auto signedOnSoFar = [&] {
        return std::accumulate(std::begin(signOns), std::end(signOns), 0, [](int sum, const Lane *one) { return sum + one->count(0); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(signedOnSoFar() >= 6 && configurations->count(0) >= 3, 120'000);
    for (const auto &one : lanes)
        one->stop();
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(lanes.begin(), lanes.end(), [](const auto &one) { return one->isIdle(); }), 120'000);

    // Whoever holds the link hears of it at once, after all that.
    QCOMPARE(ctl.run({QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("revoke"), m_office.id}).exitCode, 0);
    timer.restart();
    QVERIFY2(waitForText(*serve, log, "the credential was revoked", 30'000), log.constData());
    const qint64 cutAfter = timer.elapsed();

    QStringList faults;
    for (const auto &one : lanes)
        faults += one->faults();
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    const int signedOn = signedOnSoFar();
    QVERIFY2(hasConsole == (console.state() == QProcess::Running), console.readAll().constData());
    console.kill();
    console.waitForFinished();
    QVERIFY2(end(*serve).contains("stopped"), log.constData());
    QCOMPARE(damageOf(ctl.environment), QStringList());
    QCOMPARE(auditRows(ctl.environment, QStringLiteral("signon")), signedOn);
    QCOMPARE(auditRows(ctl.environment, QStringLiteral("configuration.apply")), configurations->count(0) + 1);
    for (const QJsonObject &run : ctl.run({QStringLiteral("--json"), QStringLiteral("run"), QStringLiteral("list")}).jsonLines())
        QVERIFY(run.value(QStringLiteral("status")).toString() != QStringLiteral("running"));
    const Printed exported = ctl.run({QStringLiteral("config"), QStringLiteral("export")});
    QVERIFY(exported.out.contains(QStringLiteral("text %1 ").arg(configurations->total()).toUtf8()));
    end(*client);
    qInfo("%d sign-ons, %d configurations, cut %lld ms after the revocation", signedOn, configurations->total(), cutAfter);
    // serve looks every second; what more it takes is this machine's load.
    QVERIFY2(cutAfter < (isLong() ? 1'500 : 5'000), qPrintable(QString::number(cutAfter)));
}

CONSOLE_TEST(TogetherTest)
#include "tst_together.moc"
