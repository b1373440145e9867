// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every wait of a session ends: at its deadline, by cancel() from another thread, and by a cancelled token; in every
// state in which a server can fall silent.
#include "tests/ldap/nameservice.h"
#include "tests/ldap/targets.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/loopback.h"
#include "tests/support/stallingproxy.h"
#include "tests/support/testmain.h"
#include "tests/support/testservers.h"
#include "tests/support/verify.h"

#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;
using core::ConnectionSecurity;
using ldap::Session;
using std::chrono::milliseconds;

namespace {

enum class State {
    Resolve,
    Connect,
    TlsBeforeHandshake,
    TlsWithinHandshake,
    StartTlsAnswer,
    StartTlsHandshake,
    StartTlsWithinHandshake,
    Bind,
    BindOverTls,
    RootDse,
    SearchBeforeFirst,
    SearchWithinPage,
    SearchWithinPageOverTls,
    Read,
};

const std::pair<State, const char *> kStates[] = {
    {State::Resolve, "resolve"},
    {State::Connect, "connect"},
    {State::TlsBeforeHandshake, "TLS, accepted and silent"},
    {State::TlsWithinHandshake, "TLS, within the handshake"},
    {State::StartTlsAnswer, "StartTLS, no answer"},
    {State::StartTlsHandshake, "StartTLS, no handshake"},
    {State::StartTlsWithinHandshake, "StartTLS, within the handshake"},
    {State::Bind, "bind"},
    {State::BindOverTls, "bind over TLS"},
    {State::RootDse, "rootDSE"},
    {State::SearchBeforeFirst, "search, before the first entry"},
    {State::SearchWithinPage, "search, within a page"},
    {State::SearchWithinPageOverTls, "search, within a page over TLS"},
    {State::Read, "read"},
};

/// A port that is listened on, but whose queue is full, so that new connections get no answer.
class FullQueue {
public:
    FullQueue()
    {
        m_listener.listen(0);
        for (QTcpSocket &socket : m_fillers) {
            socket.connectToHost(QHostAddress::LocalHost, m_listener.port());
            socket.waitForConnected(100);
        }
    }
    quint16 port() const { return m_listener.port(); }

private:
    Listener m_listener;
    QTcpSocket m_fillers[4];
};

/// SIGSTOPs the server for as long as it lives.
class Frozen {
public:
    explicit Frozen(Slapd &slapd) : m_slapd(slapd) { m_slapd.freeze(); }
    ~Frozen() { m_slapd.resume(); }

private:
    Slapd &m_slapd;
};

} // namespace

class DeadlinesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Slapd> m_slapd;
    std::unique_ptr<FullQueue> m_full;

    static core::Error errorOf(const core::Result<ldap::SearchEnd> &end)
    {
        return end ? core::Error{Code::Internal, QStringLiteral("it ended well")} : end.error();
    }
    template <typename T>
    static core::Error errorOf(const core::Result<T> &result)
    {
        return result ? core::Error{Code::Internal, QStringLiteral("it ended well")} : result.error();
    }

    /// Brings @p session to @p state, in which the server falls silent; @p onSilence is called right before the wait
    /// that must end. Returns how that ended.
    core::Error runInto(State state, Session &session, const ldap::Deadlines &deadlines,
                        const std::function<void()> &onSilence)
    {
        ConnectionSecurity security = ConnectionSecurity::None;
        StallingProxy::Behaviour behaviour;
        switch (state) {
        case State::TlsBeforeHandshake:
            security = ConnectionSecurity::Tls;
            behaviour.forwards = false;
            break;
        case State::TlsWithinHandshake:
            security = ConnectionSecurity::Tls;
            behaviour.stallAfter = 90;
            break;
        case State::StartTlsAnswer:
            security = ConnectionSecurity::StartTls;
            behaviour.stallAfter = 0;
            break;
        case State::StartTlsHandshake:
            security = ConnectionSecurity::StartTls;
            behaviour.stallAfter = 14; // the answer to StartTLS has so many octets
            break;
        case State::StartTlsWithinHandshake:
            security = ConnectionSecurity::StartTls;
            behaviour.stallAfter = 104;
            break;
        case State::Bind:
            behaviour.stallAfter = 0;
            break;
        case State::SearchWithinPage:
            behaviour.stallAfter = 20'000;
            break;
        case State::SearchWithinPageOverTls:
            security = ConnectionSecurity::Tls;
            behaviour.stallAfter = 20'000;
            break;
        case State::BindOverTls:
        case State::RootDse:
        case State::Read:
            security = ConnectionSecurity::Tls;
            break;
        case State::Resolve:
        case State::Connect:
        case State::SearchBeforeFirst:
            break;
        }
        StallingProxy proxy(security == ConnectionSecurity::Tls ? m_slapd->tlsPort() : m_slapd->port(), behaviour);
        ldap::Target target = targetOf(*m_slapd, security);
        target.port = proxy.port();
        target.deadlines = deadlines;
        if (state == State::Resolve)
            target.host = QString::fromLatin1(kSilentName);
        if (state == State::Connect)
            target.port = m_full->port();

        if (state == State::Resolve) {
            onSilence();
            return errorOf(session.resolve(target));
        }
        if (const auto resolved = session.resolve(target); !resolved)
            return resolved.error().in(QStringLiteral("before: resolve"));
        if (state == State::Connect) {
            onSilence();
            return errorOf(session.connect());
        }
        if (const auto connected = session.connect(); !connected)
            return connected.error().in(QStringLiteral("before: connect"));
        if (state >= State::TlsBeforeHandshake && state <= State::StartTlsWithinHandshake) {
            onSilence();
            const core::Error error = errorOf(session.secure());
            // The bind must not leave over a channel that is not secured.
            if (session.bind() || proxy.fromClient().contains("secret"))
                return core::Error{Code::Internal, QStringLiteral("the bind left before the channel was secured")};
            return error;
        }
        if (const auto secured = session.secure(); !secured)
            return secured.error().in(QStringLiteral("before: secure"));
        std::optional<Frozen> frozen;
        if (state == State::Bind || state == State::BindOverTls) {
            if (state == State::BindOverTls)
                frozen.emplace(*m_slapd);
            onSilence();
            return errorOf(session.bind());
        }
        if (const auto bound = session.bind(); !bound)
            return bound.error().in(QStringLiteral("before: bind"));
        if (state == State::RootDse) {
            frozen.emplace(*m_slapd);
            onSilence();
            return errorOf(session.readServerInfo());
        }
        if (const auto info = session.readServerInfo(); !info)
            return info.error().in(QStringLiteral("before: rootDSE"));
        if (state == State::SearchBeforeFirst || state == State::Read)
            frozen.emplace(*m_slapd);
        onSilence();
        if (state == State::Read)
            return errorOf(session.read("dc=example,dc=com", {"dc"}));
        return errorOf(session.search(requestFor({"uid", "cn", "mail"}), [](core::EntryBatch &&) { return true; }));
    }

    static void allStates()
    {
        QTest::addColumn<State>("state");
        for (const auto &[state, name] : kStates)
            QTest::newRow(name) << state;
    }

private slots:
    void initTestCase()
    {
        REQUIRE_SERVER("slapd");
        m_slapd = std::make_unique<Slapd>();
        QVERIFY2(m_slapd->load(Slapd::people(400)), qPrintable(m_slapd->errorText()));
        QVERIFY2(m_slapd->start(), qPrintable(m_slapd->errorText()));
        m_full = std::make_unique<FullQueue>();
    }

    void endsAtItsDeadline_data() { allStates(); }
    void endsAtItsDeadline()
    {
        QFETCH(State, state);
        // Only the deadline that belongs to the state is short.
        ldap::Deadlines deadlines = longDeadlines();
        const milliseconds brief(kDeadlineMilliseconds);
        if (state == State::Resolve)
            deadlines.resolve = brief;
        else if (state == State::Connect)
            deadlines.connect = brief;
        else if (state <= State::StartTlsWithinHandshake)
            deadlines.secure = brief;
        else if (state <= State::BindOverTls)
            deadlines.bind = brief;
        else
            deadlines.silence = brief;
        Session session;
        QElapsedTimer timer;
        const core::Error error = runInto(state, session, deadlines, [&] { timer.start(); });
        QVERIFY2(error.code == Code::Timeout, qPrintable(error.text()));
        QVERIFY2(!error.where.startsWith(QLatin1String("before")), qPrintable(error.text()));
        const qint64 took = timer.elapsed();
        QVERIFY2(took >= kDeadlineMilliseconds - 5, qPrintable(QString::number(took)));
        QVERIFY2(took < kDeadlineMilliseconds + kGraceMilliseconds, qPrintable(QString::number(took)));
        QVERIFY(!error.what.isEmpty());

        // The same session can be opened again.
        const auto again = session.open(targetOf(*m_slapd));
        VERIFY_RESULT(again);
    }

    void endsByCancel_data() { allStates(); }
    void endsByCancel()
    {
        QFETCH(State, state);
        Session session;
        QElapsedTimer timer;
        std::thread canceller;
        const core::Error error = runInto(state, session, longDeadlines(), [&] {
            timer.start();
            canceller = std::thread([&session] {
                std::this_thread::sleep_for(milliseconds(150));
                session.cancel();
            });
        });
        const qint64 took = timer.elapsed();
        if (canceller.joinable())
            canceller.join();
        QVERIFY2(error.code == Code::Cancelled, qPrintable(error.text()));
        QVERIFY2(took >= 100 && took < kGraceMilliseconds, qPrintable(QString::number(took)));
        // Every later wait too.
        QCOMPARE(session.open(targetOf(*m_slapd)).error().code, Code::Cancelled);
        QCOMPARE(session.read("dc=example,dc=com", {"dc"}).error().code, Code::Cancelled);
    }

    void endsByToken_data() { allStates(); }
    void endsByToken()
    {
        QFETCH(State, state);
        const core::CancelToken token;
        Session session;
        session.cancelWith(core::CancelToken()); // another one, which is not cancelled
        session.cancelWith(token);
        QElapsedTimer timer;
        std::thread canceller;
        const core::Error error = runInto(state, session, longDeadlines(), [&] {
            timer.start();
            canceller = std::thread([token] {
                std::this_thread::sleep_for(milliseconds(150));
                token.cancel();
            });
        });
        const qint64 took = timer.elapsed();
        if (canceller.joinable())
            canceller.join();
        QVERIFY2(error.code == Code::Cancelled, qPrintable(error.text()));
        QVERIFY2(took < kGraceMilliseconds, qPrintable(QString::number(took)));
    }

    void cancelledBeforeItBegan()
    {
        const core::CancelToken token;
        token.cancel();
        Session byToken;
        byToken.cancelWith(token);
        QCOMPARE(byToken.open(targetOf(*m_slapd)).error().code, Code::Cancelled);
        Session byCall;
        byCall.cancel();
        QCOMPARE(byCall.open(targetOf(*m_slapd)).error().code, Code::Cancelled);
    }

    void cancelBetweenPages()
    {
        Session session;
        VERIFY_RESULT(session.open(targetOf(*m_slapd)));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 50;
        int batches = 0;
        const auto end = session.search(request, [&](core::EntryBatch &&) {
            if (++batches == 2)
                session.cancel();
            return true;
        });
        QVERIFY(!end);
        QCOMPARE(end.error().code, Code::Cancelled);
        QCOMPARE(batches, 2);
    }

    // A server that sends little by little is slow, not silent.
    void slowIsNotSilent()
    {
        StallingProxy::Behaviour behaviour;
        behaviour.trickle = 600;
        behaviour.delayMilliseconds = 15;
        StallingProxy proxy(m_slapd->port(), behaviour);
        ldap::Target target = targetOf(*m_slapd);
        target.port = proxy.port();
        target.deadlines = longDeadlines();
        target.deadlines.silence = milliseconds(kDeadlineMilliseconds);
        Session session;
        VERIFY_RESULT(session.open(target));
        QElapsedTimer timer;
        timer.start();
        const auto end = session.search(requestFor({"uid", "cn", "mail"}), [](core::EntryBatch &&) { return true; });
        VERIFY_RESULT(end);
        QVERIFY(end->complete);
        QCOMPARE(end->entries, 400);
        QVERIFY(timer.elapsed() > 2 * kDeadlineMilliseconds);
    }

    // What the sink takes is not the server's time.
    void slowSinkIsNoTimeout()
    {
        ldap::Target target = targetOf(*m_slapd);
        target.deadlines.silence = milliseconds(kDeadlineMilliseconds);
        Session session;
        VERIFY_RESULT(session.open(target));
        ldap::SearchRequest request = requestFor({"uid"});
        request.pageSize = 150;
        const auto end = session.search(request, [](core::EntryBatch &&) {
            std::this_thread::sleep_for(milliseconds(kDeadlineMilliseconds * 2));
            return true;
        });
        VERIFY_RESULT(end);
        QCOMPARE(end->entries, 400);
    }

    void addressesShareTheTime()
    {
        // "localhost" has two addresses; ::1 refuses, 127.0.0.1 does not answer.
        ldap::Target target = plainTarget(m_full->port());
        target.host = QStringLiteral("localhost");
        target.deadlines = longDeadlines();
        target.deadlines.connect = milliseconds(kDeadlineMilliseconds);
        Session session;
        QElapsedTimer timer;
        timer.start();
        const auto opened = session.open(target);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, Code::Timeout);
        QVERIFY(timer.elapsed() < kDeadlineMilliseconds + kGraceMilliseconds);
    }

    void closingDoesNotHang()
    {
        QElapsedTimer timer;
        {
            Session session;
            VERIFY_RESULT(session.open(targetOf(*m_slapd, ConnectionSecurity::Tls)));
            m_slapd->freeze();
            timer.start();
        }
        m_slapd->resume();
        QVERIFY(timer.elapsed() < kGraceMilliseconds);
    }
};

CONSOLE_TEST(DeadlinesTest)
#include "tst_deadlines.moc"
