// SPDX-License-Identifier: GPL-3.0-or-later
//
// Connections lent to other programs by a local socket: who may borrow, what is passed on, and that a program that
// ended stands in nobody's way. The borrower here is another descriptor of the same process, which the kernel does not
// mind.
#include "link/lending.h"
#include "tests/link/echoserver.h"
#include "tests/link/linkfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/verify.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

#include <thread>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::test;
using core::Code;

class LendingTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString socketPath() const { return m_folder.filePath(QStringLiteral("home.gatehouse-endpoint.sock")); }

    static int modeOf(const QString &path)
    {
        struct stat info = {};
        return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? int(info.st_mode & 07777) : -1;
    }

private slots:
    void lends()
    {
        EchoServer server;
        Tunnelled tunnel;
        const auto client = tunnel.connectClient({server.port()});
        QTRY_COMPARE(tunnel.clients(), 1);
        QVERIFY(!link::isLent(socketPath()));
        QCOMPARE(link::borrow(socketPath(), tunnel.request(server.port())).error().code, Code::NotFound);
        auto lender = link::Lender::open(socketPath(), tunnel.endpoint);
        VERIFY_RESULT(lender);
        QCOMPARE(modeOf(socketPath()), 0600);
        QVERIFY(link::isLent(socketPath()));
        const auto borrowed = link::borrow(socketPath(), tunnel.request(server.port()));
        VERIFY_RESULT(borrowed);
        QVERIFY(borrowed->by.contains(QStringLiteral("branch-1")));
        QCOMPARE(::send(borrowed->socket, "hello", 5, MSG_NOSIGNAL), 5);
        char answer[5] = {};
        QCOMPARE(::recv(borrowed->socket, answer, 5, MSG_WAITALL), 5);
        QCOMPARE(QByteArray(answer, 5), QByteArray("hello"));
        // What the client is not allowed, or nobody answers, is said as to the one who has the endpoint.
        QCOMPARE(link::borrow(socketPath(), tunnel.request(1)).error().code, tunnel.dial(1).error().code);
        link::DialRequest nobody = tunnel.request(server.port());
        nobody.gateway = QUuid::createUuid();
        QCOMPARE(link::borrow(socketPath(), nobody).error().code, Code::Unreachable);
        // What was lent stays when lending ends.
        lender->reset();
        QVERIFY(!QFileInfo::exists(socketPath()));
        QCOMPARE(::send(borrowed->socket, "still", 5, MSG_NOSIGNAL), 5);
        QCOMPARE(::recv(borrowed->socket, answer, 5, MSG_WAITALL), 5);
        ::close(borrowed->socket);
    }

    void aGroupsFolder()
    {
        QVERIFY(::chmod(QFile::encodeName(m_folder.path()).constData(), 02770) == 0);
        Tunnelled tunnel;
        VERIFY_RESULT(link::Lender::open(socketPath(), tunnel.endpoint));
        const auto lender = link::Lender::open(socketPath(), tunnel.endpoint); // over what another one left
        VERIFY_RESULT(lender);
        QCOMPARE(modeOf(socketPath()), 0660);
        QVERIFY(::chmod(QFile::encodeName(m_folder.path()).constData(), 0700) == 0);
    }

    void endsByCancel()
    {
        Tunnelled tunnel;
        const auto lender = link::Lender::open(socketPath(), tunnel.endpoint);
        VERIFY_RESULT(lender);
        link::DialRequest waits = tunnel.request(9);
        waits.patience = std::chrono::milliseconds(20'000); // for a first client, which never comes
        std::atomic<bool> isCancelled{false};
        std::thread canceller([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            isCancelled = true;
        });
        QElapsedTimer timer;
        timer.start();
        const auto borrowed = link::borrow(socketPath(), waits, [&] { return isCancelled.load(); });
        canceller.join();
        QCOMPARE(borrowed.error().code, Code::Cancelled);
        QVERIFY(timer.elapsed() < 5'000);
    }

    // The names that sockets may have are short.
    void wherePathsAreLong()
    {
        const QString folder = m_folder.filePath(QString(120, u'x'));
        QVERIFY(QDir().mkpath(folder));
        const QString environment = folder + QStringLiteral("/home.gatehouse");
        qputenv("XDG_RUNTIME_DIR", m_folder.path().toLocal8Bit());
        const QString path = link::lendingSocketOf(environment);
        QVERIFY2(path.startsWith(m_folder.path() + QStringLiteral("/gatehouse-")), qPrintable(path));
        QVERIFY(path != link::lendingSocketOf(folder + QStringLiteral("/other.gatehouse")));
        QCOMPARE(link::lendingSocketOf(QStringLiteral("/tmp/home.gatehouse")),
                 QStringLiteral("/tmp/home.gatehouse-endpoint.sock"));
    }

    void nonsenseIsRefused()
    {
        Tunnelled tunnel;
        const auto lender = link::Lender::open(socketPath(), tunnel.endpoint);
        VERIFY_RESULT(lender);
        link::DialRequest wrong = tunnel.request(0);
        QCOMPARE(link::borrow(socketPath(), wrong).error().code, Code::InvalidInput);
    }
};

CONSOLE_TEST(LendingTest)
#include "tst_lending.moc"
