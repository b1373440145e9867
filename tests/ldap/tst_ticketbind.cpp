// SPDX-License-Identifier: GPL-3.0-or-later
//
// Binds with Kerberos tickets at a real Active Directory domain controller: sealed without TLS, tied to the channel with it,
// through a dialler as a gateway client gives it, and everything that can go wrong with the account, the service's name, the
// key distribution centre and the messages afterwards. What goes over the wire is looked at by a relay.
#include "tests/ldap/targets.h"
#include "tests/ldap/waiting.h"
#include "tests/support/sambadc.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QHostAddress>
#include <QTcpSocket>
#include <QTest>
#include <QThread>

#include <atomic>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;
using core::Code;
using core::ConnectionSecurity;
using test::SambaDc;

namespace {

const QByteArray kGood = "Good-password-1";
constexpr int kPeople = 300;

/// A relay in a thread of its own between a socket pair and a host, that shows and can spoil what passes.
class Relay {
public:
    enum class Spoil { Nothing, AnswersAfterBind };
    Relay(const QString &host, quint16 port, Spoil spoil) : m_spoil(spoil)
    {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return;
        m_ours = pair[0];
        m_thread = std::thread([this, theirs = pair[1], host, port] { run(theirs, host, port); });
    }
    ~Relay()
    {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    int socket() const { return m_ours; }
    /// Everything that passed, both ways.
    QByteArray seen() const { return m_seen; }
    void spoilFromNowOn() { m_spoils = true; }

private:
    void run(int theirs, const QString &host, quint16 port)
    {
        QTcpSocket server;
        server.connectToHost(host, port);
        if (server.waitForConnected(5'000)) {
            QByteArray buffer(64 * 1024, Qt::Uninitialized);
            while (!m_stop) {
                const ssize_t got = ::recv(theirs, buffer.data(), size_t(buffer.size()), MSG_DONTWAIT);
                if (got == 0)
                    break;
                if (got > 0) {
                    m_seen.append(buffer.constData(), got);
                    server.write(buffer.constData(), got);
                    server.waitForBytesWritten(1'000);
                }
                server.waitForReadyRead(1);
                QByteArray answer = server.readAll();
                m_seen += answer;
                if (m_spoil == Spoil::AnswersAfterBind && m_spoils && answer.size() > 60)
                    answer[answer.size() - 20] = char(answer.at(answer.size() - 20) ^ 0x20);
                if (!answer.isEmpty() && ::send(theirs, answer.constData(), size_t(answer.size()), MSG_NOSIGNAL) < 0)
                    break;
                if (server.state() != QAbstractSocket::ConnectedState)
                    break;
            }
        }
        ::close(theirs);
    }

    Spoil m_spoil;
    int m_ours = -1;
    std::atomic_bool m_stop{false};
    std::atomic_bool m_spoils{false};
    QByteArray m_seen; ///< looked at after the thread's end, or when nothing passes
    std::thread m_thread;
};

} // namespace

class TicketBindTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void bindsAndReads_data();
    void bindsAndReads();
    void whatIsSaidIsSealed();
    void manyInFlightSealed();
    void changedMessagesEndTheConnection();
    void anyNameOfTheAccount_data();
    void anyNameOfTheAccount();
    void refusals_data();
    void refusals();
    void wrongPasswordsCountOnce();
    void aServerOfAnotherName();
    void theCentreCannotBeReached_data();
    void theCentreCannotBeReached();
    void waitingForTheCentreIsCancelled();
    void noDomainController();
    void passwordsAreSetOverASealedConnection();

private:
    ldap::Target target(ConnectionSecurity security) const
    {
        ldap::Target target;
        target.host = m_directory.address();
        target.port = security == ConnectionSecurity::Tls ? 636 : 389;
        target.security = security;
        target.trust.caFile = m_directory.caFile();
        target.mechanism = core::BindMechanism::Gssapi;
        target.bindDn = QStringLiteral("svc@lab.example");
        target.password = core::Secret(kGood);
        return target;
    }
    SambaDc m_directory;
};

void TicketBindTest::initTestCase()
{
    REQUIRE_SERVER("samba");
    REQUIRE_ABILITY(SambaDc::mayServe(), "this process may not serve port 389, and unshare -rn is not allowed");
    QByteArray people;
    for (int i = 0; i < kPeople; ++i)
        people += "dn: CN=person" + QByteArray::number(i) + ",OU=Staff,DC=lab,DC=example\nobjectClass: contact\ndescription: "
                  + QByteArray(500, char('a' + i % 26)) + "\n\n";
    QVERIFY2(m_directory.start(SambaDc::user("svc", kGood) + SambaDc::user("disabled", kGood, 66050)
                               + SambaDc::user("expired", kGood, 66048, "accountExpires: 130000000000000000\n")
                               + SambaDc::user("stale", kGood, 512) + SambaDc::user("once", kGood)
                               + SambaDc::user("Other", kGood).replace("Other@lab.example", "other.name@elsewhere.example") + people),
             qPrintable(m_directory.errorText()));
}

void TicketBindTest::bindsAndReads_data()
{
    QTest::addColumn<int>("security");
    QTest::newRow("TLS") << int(ConnectionSecurity::Tls);
    QTest::newRow("StartTLS") << int(ConnectionSecurity::StartTls);
    QTest::newRow("sealed by Kerberos") << int(ConnectionSecurity::None);
}

void TicketBindTest::bindsAndReads()
{
    QFETCH(int, security);
    ldap::Session session;
    const auto opened = session.open(target(ConnectionSecurity(security)));
    VERIFY_RESULT(opened);
    QCOMPARE(opened->kerberosRealm, m_directory.realm());
    QVERIFY(session.isConfidential());
    // Nobody reads people without a bind; many pages of long entries go through every layer.
    test::Gathered found;
    auto request = test::requestFor({"cn", "description"}, "(objectClass=contact)", "OU=Staff,DC=lab,DC=example");
    request.pageSize = 70;
    const auto end = session.search(request, found.sink());
    VERIFY_RESULT(end);
    QVERIFY(end->complete);
    QCOMPARE(found.entries.size(), qsizetype(kPeople));
    QSet<QByteArray> names;
    for (const core::Entry &entry : std::as_const(found.entries)) {
        names.insert(entry.values("cn").value(0));
        QCOMPARE(entry.values("description").value(0).size(), 500);
    }
    QCOMPARE(names.size(), qsizetype(kPeople));
}

void TicketBindTest::whatIsSaidIsSealed()
{
    std::vector<std::unique_ptr<Relay>> relays;
    ldap::Target through = target(ConnectionSecurity::None);
    through.dialler = [&relays](const QString &host, quint16 port, std::chrono::milliseconds, const std::function<bool()> &) {
        relays.push_back(std::make_unique<Relay>(host, port, Relay::Spoil::Nothing));
        return core::Result<ldap::Dialled>(ldap::Dialled{relays.back()->socket(), QStringLiteral("relay"), {}});
    };
    {
        ldap::Session session;
        const auto opened = session.open(through);
        VERIFY_RESULT(opened);
        const auto entry = session.read("CN=person7,OU=Staff,DC=lab,DC=example", {"cn", "description"});
        VERIFY_RESULT(entry);
        QVERIFY(entry->values("description").value(0).contains(QByteArray(500, 'h')));
    }
    // The session itself, and one connection for each question to the centre on port 88.
    QVERIFY(relays.size() >= 3);
    for (const auto &relay : relays) {
        QVERIFY(!relay->seen().isEmpty());
        QVERIFY(!relay->seen().contains("hhhhhhhhhhhhhhhh"));
        QVERIFY(!relay->seen().contains("person7"));
        QVERIFY(!relay->seen().contains(kGood));
    }
}

// Sealed messages come in pieces of their own, which no end of an LDAP message has to meet.
void TicketBindTest::manyInFlightSealed()
{
    ldap::Session session;
    VERIFY_RESULT(session.open(target(ConnectionSecurity::None)));
    test::Outcomes outcomes;
    for (int i = 0; i < kPeople; ++i)
        outcomes.begin(*session.channel(), i, {ldap::SearchOperation{"CN=person" + QByteArray::number(i) + ",OU=Staff,DC=lab,DC=example"}});
    QVERIFY(outcomes.waitFor(kPeople));
    for (int i = 0; i < kPeople; ++i)
        VERIFY_RESULT(outcomes.at(i).orError(QStringLiteral("number %1").arg(i), {}));
}

void TicketBindTest::changedMessagesEndTheConnection()
{
    std::vector<std::unique_ptr<Relay>> relays;
    ldap::Target through = target(ConnectionSecurity::None);
    through.dialler = [&relays](const QString &host, quint16 port, std::chrono::milliseconds, const std::function<bool()> &) {
        relays.push_back(std::make_unique<Relay>(host, port, Relay::Spoil::AnswersAfterBind));
        return core::Result<ldap::Dialled>(ldap::Dialled{relays.back()->socket(), QStringLiteral("relay"), {}});
    };
    ldap::Session session;
    const auto opened = session.open(through);
    VERIFY_RESULT(opened);
    relays.front()->spoilFromNowOn();
    test::Gathered found;
    const auto end = session.search(test::requestFor({"cn", "description"}, "(objectClass=contact)", "OU=Staff,DC=lab,DC=example"),
                                    found.sink());
    QVERIFY(!end);
    QCOMPARE(end.error().code, Code::Unreachable);
    QVERIFY(found.entries.isEmpty());
}

void TicketBindTest::anyNameOfTheAccount_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("with the realm") << QStringLiteral("svc@LAB.EXAMPLE");
    QTest::newRow("in other letters") << QStringLiteral("SVC@lab.example");
    QTest::newRow("another suffix") << QStringLiteral("other.name@elsewhere.example");
}

void TicketBindTest::anyNameOfTheAccount()
{
    QFETCH(QString, name);
    ldap::Target named = target(ConnectionSecurity::None);
    named.bindDn = name;
    ldap::Session session;
    const auto opened = session.open(named);
    VERIFY_RESULT(opened);
}

void TicketBindTest::refusals_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *tag, const char *name, const QByteArray &password, const char *says) {
        QTest::newRow(tag) << QString::fromLatin1(name) << password << QString::fromLatin1(says);
    };
    row("wrong password", "svc@lab.example", "wrong", "the password is wrong");
    row("nobody", "nobody@lab.example", kGood, "knows no such account");
    row("disabled", "disabled@lab.example", kGood, "disabled, locked or expired");
    row("expired", "expired@lab.example", kGood, "disabled, locked or expired");
    row("expired password", "stale@lab.example", kGood, "the password has expired");
}

void TicketBindTest::refusals()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, password);
    QFETCH(QString, says);
    ldap::Target wrong = target(ConnectionSecurity::Tls);
    wrong.bindDn = name;
    wrong.password = core::Secret(password);
    ldap::Session session;
    const auto opened = session.open(wrong);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Code::Unauthenticated);
    QVERIFY2(opened.error().detail.contains(says), qPrintable(opened.error().text()));
    QVERIFY(!opened.error().text().contains(QString::fromLatin1(kGood)));
}

void TicketBindTest::wrongPasswordsCountOnce()
{
    // Three lock the account: two bad binds must leave it open.
    ldap::Target once = target(ConnectionSecurity::Tls);
    once.bindDn = QStringLiteral("once@lab.example");
    once.password = core::Secret("wrong");
    for (int i = 0; i < 2; ++i) {
        ldap::Session session;
        QVERIFY(!session.open(once));
    }
    once.password = core::Secret(kGood);
    ldap::Session session;
    const auto opened = session.open(once);
    VERIFY_RESULT(opened);
}

void TicketBindTest::aServerOfAnotherName()
{
    ldap::Target other = target(ConnectionSecurity::None);
    const QString real = other.host;
    other.host = QStringLiteral("127.0.0.1");
    other.dialler = [real](const QString &, quint16 port, std::chrono::milliseconds, const std::function<bool()> &) -> core::Result<ldap::Dialled> {
        const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(QHostAddress(real).toIPv4Address());
        if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
            return core::fail(Code::Unreachable, QStringLiteral("not connected"));
        return ldap::Dialled{descriptor, QStringLiteral("test"), {}};
    };
    ldap::Session session;
    const auto opened = session.open(other);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Code::NotFound);
    QVERIFY2(opened.error().what.contains(QStringLiteral("ldap/127.0.0.1@LAB.EXAMPLE")), qPrintable(opened.error().text()));
}

void TicketBindTest::theCentreCannotBeReached_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("refused") << 0 << int(Code::Denied);
    QTest::newRow("silent") << 1 << int(Code::Timeout);
    QTest::newRow("hangs up") << 2 << int(Code::Unreachable);
    QTest::newRow("speaks something else") << 3 << int(Code::Protocol);
}

void TicketBindTest::theCentreCannotBeReached()
{
    QFETCH(int, kind);
    QFETCH(int, code);
    const QString real = m_directory.address();
    int theirs = -1;
    ldap::Target without = target(ConnectionSecurity::None);
    without.deadlines.bind = std::chrono::milliseconds(test::kDeadlineMilliseconds);
    std::vector<std::unique_ptr<Relay>> relays;
    without.dialler = [&](const QString &host, quint16 port, std::chrono::milliseconds, const std::function<bool()> &) -> core::Result<ldap::Dialled> {
        if (port != 88) {
            relays.push_back(std::make_unique<Relay>(host, port, Relay::Spoil::Nothing));
            return ldap::Dialled{relays.back()->socket(), QStringLiteral("relay"), {}};
        }
        if (kind == 0)
            return core::fail(Code::Denied, QStringLiteral("the gateway client does not connect to port 88"));
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return core::fail(Code::Internal, QStringLiteral("no sockets"));
        theirs = pair[1];
        if (kind == 2)
            ::close(std::exchange(theirs, -1));
        if (kind == 3 && ::send(theirs, "HTTP/1.1 400 Bad Request\r\n\r\n", 28, MSG_NOSIGNAL) != 28)
            return core::fail(Code::Internal, QStringLiteral("not sent"));
        return ldap::Dialled{pair[0], QStringLiteral("test"), {}};
    };
    QElapsedTimer timer;
    timer.start();
    ldap::Session session;
    const auto opened = session.open(without);
    const qint64 took = timer.elapsed();
    if (theirs >= 0)
        ::close(theirs);
    QVERIFY(!opened);
    QVERIFY2(int(opened.error().code) == code, qPrintable(core::codeName(opened.error().code) + u' ' + opened.error().text()));
    QVERIFY2(opened.error().what.contains(QStringLiteral("key distribution centre")), qPrintable(opened.error().text()));
    QCOMPARE(opened.error().where, real + QStringLiteral(":88"));
    QVERIFY2(took < test::kDeadlineMilliseconds + test::kGraceMilliseconds, qPrintable(QString::number(took)));
}

void TicketBindTest::waitingForTheCentreIsCancelled()
{
    core::CancelToken cancel;
    int theirs = -1;
    ldap::Target silent = target(ConnectionSecurity::None);
    silent.deadlines = test::longDeadlines();
    std::vector<std::unique_ptr<Relay>> relays;
    silent.dialler = [&](const QString &host, quint16 port, std::chrono::milliseconds, const std::function<bool()> &) -> core::Result<ldap::Dialled> {
        if (port != 88) {
            relays.push_back(std::make_unique<Relay>(host, port, Relay::Spoil::Nothing));
            return ldap::Dialled{relays.back()->socket(), QStringLiteral("relay"), {}};
        }
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return core::fail(Code::Internal, QStringLiteral("no sockets"));
        theirs = pair[1];
        return ldap::Dialled{pair[0], QStringLiteral("test"), {}};
    };
    std::thread canceller([cancel] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        cancel.cancel();
    });
    QElapsedTimer timer;
    timer.start();
    ldap::Session session;
    session.cancelWith(cancel);
    const auto opened = session.open(silent);
    canceller.join();
    if (theirs >= 0)
        ::close(theirs);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Code::Cancelled);
    QVERIFY(timer.elapsed() < 5'000);
}

void TicketBindTest::noDomainController()
{
    REQUIRE_SERVER("slapd");
    test::Slapd slapd;
    QVERIFY2(slapd.start(), qPrintable(slapd.errorText()));
    ldap::Target other = test::targetOf(slapd);
    other.mechanism = core::BindMechanism::Gssapi;
    other.bindDn = QStringLiteral("svc@lab.example");
    ldap::Session session;
    const auto opened = session.open(other);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, Code::Unsupported);
    QVERIFY2(opened.error().what.contains(QStringLiteral("names no Kerberos realm")), qPrintable(opened.error().text()));
}

void TicketBindTest::passwordsAreSetOverASealedConnection()
{
    ldap::Target admin = target(ConnectionSecurity::None);
    admin.bindDn = QStringLiteral("Administrator@lab.example");
    admin.password = core::Secret(m_directory.password());
    ldap::Session session;
    const auto opened = session.open(admin);
    VERIFY_RESULT(opened);
    const auto changed = session.changePassword({"CN=once,OU=Staff,DC=lab,DC=example", {}, core::Secret("Another-password-3"), true});
    VERIFY_RESULT(changed);
}

SAMBA_TEST(TicketBindTest, QCoreApplication)
#include "tst_ticketbind.moc"
