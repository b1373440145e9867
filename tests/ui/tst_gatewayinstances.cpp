// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gateway clients in the window, with the real program and a real directory behind it: a credential made in the window
// lets one in, its instance is shown with what it does, alerts say what somebody should look at, one that ends is gone and
// comes back, and a credential that is revoked cuts the link at once.
#include "tests/link/linkfixture.h"
#include "tests/support/loopback.h"
#include "tests/support/testservers.h"
#include "tests/ui/gatewaywindow.h"

#include "app/roles.h"
#include "store/gatewaycredentials.h"
#include "tests/support/testmain.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/detailspanel.h"
#include "ui/widgets/note.h"
#include "ui/widgets/rowlist.h"

#include <QElapsedTimer>
#include <QListView>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRegularExpression>

using namespace gatehouse;
using namespace gatehouse::test;

namespace {

const QString kBranch = QStringLiteral("Branch");
const QString kProgram = QStringLiteral(GATEHOUSE_BIN_DIR "/gatehouse-gateway");
constexpr int kReports = 20'000; ///< a client reports every five seconds

} // namespace

class GatewayInstancesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase()
    {
        m_second.reset();
        m_client.reset();
        m_window.reset();
        m_slapd.reset();
    }

    void aCredentialLetsAClientIn();
    void whatItDoesIsShown();
    void itsServersAreWatched();
    void noTlsVerification();
    void olderVersions();
    void rulesSayWhatTheyNeed();
    void oneThatEndsIsGoneAndComesBack();
    void aRevokedCredentialCutsTheLink();
    void pictures();

private:
    QWidget *page() { return m_window->page(); }
    ui::RowList *rows(const char *list) { return seen<ui::RowList>(page(), QString::fromLatin1(list)); }
    QString cell(const char *list, int row, int role)
    {
        const QModelIndex index = rows(list)->view()->model()->index(row, 0);
        return index.data(role).toString();
    }
    int count(const char *list) { return rows(list)->view()->model()->rowCount(); }
    QString instance(int row = 0) { return cell("instances", row, app::SubtitleRole); }
    QString health() { return cell("instances", 0, app::StateTextRole); }
    QStringList badges(int row = 0) { return rows("instances")->view()->model()->index(row, 0).data(app::BadgesRole).toStringList(); }
    /// The number that stands before or behind @p word in the first instance's row; -1: none.
    double figure(const char *pattern)
    {
        const QRegularExpressionMatch found = QRegularExpression(QString::fromLatin1(pattern)).match(instance());
        return found.hasMatch() ? QLocale().toDouble(found.captured(1)) : -1;
    }
    QString alerts()
    {
        auto *note = seen<ui::Note>(page(), QStringLiteral("clientAlerts"));
        return note ? note->text() : QString();
    }
    QString pill() { return page()->findChild<ui::DetailsPanel *>()->state()->text(); }
    /// Presses Add Credential and keeps what is shown once: in a file, and the command.
    void addCredential(const QString &file, QStringList &command);
    std::unique_ptr<QProcess> start(const QStringList &command);
    link::ClientOptions olderClient(const QString &version);

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<GatewayWindow> m_window;
    QStringList m_command;
    QString m_credential;
    std::unique_ptr<QProcess> m_client;
    std::unique_ptr<QProcess> m_second;
};

void GatewayInstancesTest::initTestCase()
{
    REQUIRE_SERVER("slapd");
    m_slapd = std::make_unique<Slapd>();
    QVERIFY2(m_slapd->load(Slapd::people(500)), qPrintable(m_slapd->errorText()));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    m_window = std::make_unique<GatewayWindow>();
    QVERIFY(m_window->open());
    store::EndpointSettings settings;
    settings.listen = QStringLiteral("127.0.0.1");
    settings.hostName = QStringLiteral("127.0.0.1");
    {
        Listener free;
        QVERIFY(free.listen());
        settings.port = free.port();
    }
    bool set = false;
    m_window->console().write<core::Result<void>>(
        this,
        [settings](store::Environment &environment) {
            return store::GatewayCredentials(environment.database()).setEndpoint(settings);
        },
        app::Console::Touched::Configuration, [&set](const core::Result<void> &done) { set = done.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(set, kLong);
    core::Gateway branch = GatewayWindow::gatewayTo(*m_slapd, kBranch);
    branch.mode = core::GatewayMode::Clients;
    m_window->addGateway(branch);
    m_window->showTab(QStringLiteral("Overview"));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->console().gatewayClients().endpoint().isOpen, kLong);
}

void GatewayInstancesTest::addCredential(const QString &file, QStringList &command)
{
    auto *add = seen<QPushButton>(rows("credentials"), QStringLiteral("add"));
    QVERIFY(add);
    add->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->dialog(QStringLiteral("credentialDialog")), kLong);
    QWidget *shown = m_window->dialog(QStringLiteral("credentialDialog"));
    m_credential = seen<QPlainTextEdit>(shown, QStringLiteral("credential"))->toPlainText();
    command = seen<QPlainTextEdit>(shown, QStringLiteral("command"))->toPlainText().split(u' ');
    QFile out(m_window->file(file));
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(m_credential.toLatin1());
    out.close();
    QVERIFY(out.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    command.replaceInStrings(QStringLiteral("FILE"), out.fileName());
    QCOMPARE(command.takeFirst(), QStringLiteral("gatehouse-gateway"));
    seen<QPushButton>(shown, QStringLiteral("done"))->click();
    QTRY_VERIFY(!m_window->dialog());
}

std::unique_ptr<QProcess> GatewayInstancesTest::start(const QStringList &command)
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->start(kProgram, command + QStringList{QStringLiteral("--health-port"), QStringLiteral("0")});
    process->waitForStarted();
    return process;
}

link::ClientOptions GatewayInstancesTest::olderClient(const QString &version)
{
    const provision::EndpointState endpoint = m_window->console().gatewayClients().endpoint();
    link::ClientOptions options;
    options.host = QStringLiteral("127.0.0.1");
    options.port = endpoint.settings.port;
    options.fingerprint = endpoint.fingerprint;
    options.credential = *core::GatewayCredential::parse(m_credential.toLatin1());
    options.hostName = QStringLiteral("old-") + version;
    options.version = version;
    options.servers = {{QStringLiteral("127.0.0.1"), m_slapd->tlsPort()}};
    options.timing = briskTiming();
    return options;
}

void GatewayInstancesTest::aCredentialLetsAClientIn()
{
    QCOMPARE(count("instances"), 0);
    QTRY_VERIFY(alerts().contains(QStringLiteral("No instance connected")));
    QCOMPARE(pill(), QStringLiteral("No instance"));
    addCredential(QStringLiteral("first"), m_command);
    QTRY_COMPARE(count("credentials"), 1);
    QVERIFY(cell("credentials", 0, app::TitleRole).startsWith(QStringLiteral("Made ")));
    QVERIFY(cell("credentials", 0, app::SubtitleRole).contains(QStringLiteral("never used")));
    TestWindow::shoot(&m_window->window(), QStringLiteral("instances-none"));

    m_client = start(m_command);
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
    // That it was used is said without a look elsewhere and back.
    QTRY_VERIFY_WITH_TIMEOUT(cell("credentials", 0, app::SubtitleRole).contains(QStringLiteral("last used")), kLong);
    QCOMPARE(cell("instances", 0, app::TitleRole), QSysInfo::machineHostName());
    QVERIFY2(instance().contains(QStringLiteral("version ") + QString::fromLatin1(link::kClientVersion)), qPrintable(instance()));
    QTRY_COMPARE_WITH_TIMEOUT(health(), QStringLiteral("Healthy"), kReports);
    QTRY_COMPARE(pill(), QStringLiteral("Healthy"));
    QVERIFY2(alerts().startsWith(QStringLiteral("Single instance connected")), qPrintable(alerts()));
}

void GatewayInstancesTest::whatItDoesIsShown()
{
    m_window->showTab(QStringLiteral("Connection"));
    auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
    QElapsedTimer timer;
    timer.start();
    // The test reads through the link; what it asks for is counted.
    bool counted = false;
    while (!counted && timer.elapsed() < kReports) {
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
        m_window->showTab(QStringLiteral("Overview"));
        counted = QTest::qWaitFor([this] { return figure("([0-9.]+) operations/s") > 0; }, 3'000);
        m_window->showTab(QStringLiteral("Connection"));
    }
    m_window->showTab(QStringLiteral("Overview"));
    QVERIFY2(counted, qPrintable(instance()));
    QVERIFY2(figure("([0-9.]+) ms") >= 0, qPrintable(instance()));
    QVERIFY2(figure("busy ([0-9]+) %") >= 0, qPrintable(instance()));
    QVERIFY2(instance().contains(QStringLiteral("no errors")), qPrintable(instance()));
    TestWindow::shoot(&m_window->window(), QStringLiteral("instances-one"));
    // What the test looked at came from the client's end of the link.
    QVERIFY(seen<QWidget>(page(), QStringLiteral("clients"))->isVisible());
}

void GatewayInstancesTest::itsServersAreWatched()
{
    m_slapd->stop();
    QTRY_COMPARE_WITH_TIMEOUT(health(), QStringLiteral("Unhealthy"), 2 * kReports);
    QVERIFY2(instance().contains(m_slapd->tlsHostAndPort() + QStringLiteral(": ")), qPrintable(instance()));
    QTRY_COMPARE(pill(), QStringLiteral("Unhealthy"));
    // A test now fails, and the stream that could not be opened is counted.
    m_window->showTab(QStringLiteral("Connection"));
    auto *button = seen<QPushButton>(page(), QStringLiteral("testConnection"));
    button->click();
    QTRY_VERIFY_WITH_TIMEOUT(button->text().contains(QStringLiteral("again")), kLong);
    m_window->showTab(QStringLiteral("Overview"));
    QTRY_VERIFY_WITH_TIMEOUT(figure("([0-9]+) errors?") >= 1, kReports);
    TestWindow::shoot(&m_window->window(), QStringLiteral("instances-unhealthy"));
    QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
    QTRY_COMPARE_WITH_TIMEOUT(health(), QStringLiteral("Healthy"), 2 * kReports);
    QTRY_COMPARE(pill(), QStringLiteral("Healthy"));
}

void GatewayInstancesTest::noTlsVerification()
{
    m_window->change([](core::Configuration &configuration) { configuration.gateways[0].validateTlsCertificates = false; });
    QTRY_VERIFY_WITH_TIMEOUT(alerts().contains(QStringLiteral("No TLS verification")), kLong);
    m_window->change([](core::Configuration &configuration) { configuration.gateways[0].validateTlsCertificates = true; });
    QTRY_VERIFY_WITH_TIMEOUT(!alerts().contains(QStringLiteral("No TLS verification")), kLong);
}

void GatewayInstancesTest::olderVersions()
{
    {
        ClientThread deprecated(olderClient(QStringLiteral("3.1.2")));
        QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 2, kLong);
        QTRY_VERIFY2(alerts().startsWith(QStringLiteral("Gateway version deprecated")), qPrintable(alerts()));
        QVERIFY(!alerts().contains(QStringLiteral("Single instance")));
        ClientThread ancient(olderClient(QStringLiteral("2.3.2")));
        QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 3, kLong);
        QTRY_VERIFY2(alerts().contains(QStringLiteral("Gateway version too old")), qPrintable(alerts()));
        // Each says itself what it is refused for.
        for (int row = 0; row < 3; ++row) {
            const QString host = cell("instances", row, app::TitleRole);
            if (host.endsWith(QStringLiteral("3.1.2")))
                QCOMPARE(badges(row), QStringList{QStringLiteral("Too old for group memberships (4.0 or later)")});
            else if (host.endsWith(QStringLiteral("2.3.2")))
                QCOMPARE(badges(row), QStringList{QStringLiteral("Too old for provisioning (2.3.3 or later)")});
            else
                QCOMPARE(badges(row), QStringList());
        }
        TestWindow::shoot(&m_window->window(), QStringLiteral("instances-older"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
    QTRY_VERIFY(alerts().startsWith(QStringLiteral("Single instance connected")));
}

void GatewayInstancesTest::rulesSayWhatTheyNeed()
{
    m_window->change([](core::Configuration &configuration) {
        core::Connection connection;
        connection.name = QStringLiteral("Branch people");
        connection.gateway = kBranch;
        connection.groups.memberships = true;
        configuration.connections.append(connection);
        core::Rule rule;
        rule.name = QStringLiteral("Branch in");
        rule.connection = connection.name;
        rule.scope.baseDn = QStringLiteral("dc=example,dc=com");
        rule.scope.userOrganizationalUnits = {QStringLiteral("ou=people,dc=example,dc=com")};
        rule.scope.groupOrganizationalUnits = {QStringLiteral("ou=groups,dc=example,dc=com")};
        rule.mappings.users = core::defaultInboundMappings(core::Vendor::Ldapv3);
        configuration.rules.append(rule);
    });
    QTRY_VERIFY(m_window->configuration().rule(QStringLiteral("Branch in")));
    const auto shown = [this](const QString &words) {
        const QList<QLabel *> labels = page()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel *label) { return label->isVisible() && label->text().contains(words); });
    };
    const QString needed = QStringLiteral("4.0 or later, for group memberships");
    for (const char *thing : {"Branch in", "Branch people"}) {
        m_window->goTo(QStringLiteral("provisioning"), QString::fromLatin1(thing));
        QTRY_VERIFY(shown(needed + QStringLiteral(" · the connected client will do")));
    }
    m_client->terminate();
    QVERIFY(m_client->waitForFinished(10'000));
    QTRY_VERIFY_WITH_TIMEOUT(shown(QStringLiteral("no client is connected")), kLong);
    {
        ClientThread older(olderClient(QStringLiteral("3.1.2")));
        for (const char *thing : {"Branch people", "Branch in"}) {
            m_window->goTo(QStringLiteral("provisioning"), QString::fromLatin1(thing));
            QTRY_VERIFY_WITH_TIMEOUT(shown(QStringLiteral("the connected client is too old")), kLong);
            QVERIFY(shown(QStringLiteral("No connected gateway client is new enough: group memberships need version 4.0")));
            TestWindow::shoot(&m_window->window(), QStringLiteral("needs-") + QString::fromLatin1(thing).section(u' ', 1));
        }
        // A preview is refused as a run would be, with the reason.
        m_window->showTab(QStringLiteral("Preview"));
        seen<QPushButton>(page(), QStringLiteral("startPreview"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(shown(QStringLiteral("the provisioning of group memberships needs version 4.0 or later")), kLong);
        TestWindow::shoot(&m_window->window(), QStringLiteral("needs-preview"));
    }
    m_client = start(m_command);
    m_window->select(kBranch);
    m_window->showTab(QStringLiteral("Overview"));
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
}

void GatewayInstancesTest::oneThatEndsIsGoneAndComesBack()
{
    m_client->terminate();
    QVERIFY(m_client->waitForFinished(10'000));
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 0, kLong);
    QTRY_COMPARE(pill(), QStringLiteral("No instance"));
    QVERIFY(alerts().contains(QStringLiteral("No instance connected")));
    m_client = start(m_command);
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(pill(), QStringLiteral("Healthy"), kReports);
    // Killed it is gone as well, at once: its connection ends with it.
    m_client->kill();
    QVERIFY(m_client->waitForFinished(10'000));
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 0, 5'000);
    m_client = start(m_command);
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
}

void GatewayInstancesTest::aRevokedCredentialCutsTheLink()
{
    // A second client with a credential of its own, so that one can be revoked alone.
    QStringList command;
    addCredential(QStringLiteral("second"), command);
    QTRY_COMPARE(count("credentials"), 2);
    m_second = start(command);
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 2, kLong);
    QTRY_COMPARE(alerts(), QString());
    const QString id = core::GatewayCredential::parse(m_credential.toLatin1())->id.toString(QUuid::WithoutBraces);
    auto *list = rows("credentials")->view();
    for (int row = 0; row < 2; ++row) {
        if (list->model()->index(row, 0).data(app::IdRole).toString() == id)
            list->setCurrentIndex(list->model()->index(row, 0));
    }
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Delete);
    QTRY_VERIFY(m_window->dialog(QStringLiteral("ask")));
    QElapsedTimer timer;
    timer.start();
    seen<QPushButton>(m_window->dialog(QStringLiteral("ask")), QStringLiteral("confirm"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(count("instances"), 1, kLong);
    QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
    QTRY_COMPARE(count("credentials"), 1);
    QVERIFY(!cell("credentials", 0, app::SubtitleRole).contains(id));
    // The client is told why, and does not come in again.
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += m_second->readAll()).contains("revoked"), kLong);
    QVERIFY(!said.contains(m_credential.right(30).toLatin1()));
    QTest::qWait(1'500);
    QCOMPARE(count("instances"), 1);
}

void GatewayInstancesTest::pictures()
{
    m_window->shootAll(QStringLiteral("instances"));
}

WINDOW_TEST(GatewayInstancesTest)
#include "tst_gatewayinstances.moc"
