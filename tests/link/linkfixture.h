// SPDX-License-Identifier: GPL-3.0-or-later
//
// Both ends of a tunnel in one test: an endpoint on a free loopback port with a certificate of its own, and clients
// with credentials that are admitted, each in a thread of its own as in its own program.
#pragma once

#include "link/client.h"
#include "link/endpoint.h"

#include <QElapsedTimer>
#include <QMutex>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <functional>
#include <memory>

namespace gatehouse::test {

inline core::GatewayCredential makeCredential()
{
    QByteArray bits(core::kCredentialOctets, '\0');
    QRandomGenerator::system()->fillRange(reinterpret_cast<quint32 *>(bits.data()), bits.size() / qsizetype(sizeof(quint32)));
    return {QUuid::createUuid(), core::Secret(bits)};
}

/// Deadlines that a test can wait for.
inline link::Timing briskTiming()
{
    using std::chrono::milliseconds;
    link::Timing timing;
    timing.heartbeat = milliseconds(100);
    timing.silence = milliseconds(1'000);
    timing.hello = milliseconds(2'000);
    timing.retryFirst = milliseconds(20);
    timing.retryMost = milliseconds(100);
    timing.farewell = milliseconds(100);
    return timing;
}

/// A client in a thread of its own.
class ClientThread {
public:
    explicit ClientThread(const link::ClientOptions &options)
    {
        m_thread.start();
        m_context.moveToThread(&m_thread);
        QMetaObject::invokeMethod(&m_context, [&] {
            m_client = new link::Client(options);
            QObject::connect(m_client, &link::Client::logged, &m_context, [this](const QString &line) {
                const QMutexLocker lock(&m_mutex);
                m_log.append(line);
            });
            m_client->start();
        }, Qt::BlockingQueuedConnection);
    }
    ~ClientThread() { end(); }

    link::Client::State state()
    {
        link::Client::State state;
        if (m_client)
            QMetaObject::invokeMethod(&m_context, [&] { state = m_client->state(); }, Qt::BlockingQueuedConnection);
        return state;
    }
    bool isConnected() { return state().isConnected; }
    QStringList log()
    {
        const QMutexLocker lock(&m_mutex);
        return m_log;
    }
    void setServerStates(const QList<link::ServerState> &states)
    {
        QMetaObject::invokeMethod(&m_context, [&] { m_client->setServerStates(states); }, Qt::BlockingQueuedConnection);
    }
    /// As a crash: no farewell.
    void end()
    {
        if (!m_client)
            return;
        QMetaObject::invokeMethod(&m_context, [this] { delete std::exchange(m_client, nullptr); }, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    }
    /// Blocks the client's thread, so that it neither hears nor says anything.
    void stall(int milliseconds)
    {
        QMetaObject::invokeMethod(&m_context, [milliseconds] { QThread::msleep(static_cast<unsigned long>(milliseconds)); }, Qt::QueuedConnection);
    }

private:
    QThread m_thread;
    QObject m_context;
    link::Client *m_client = nullptr;
    QMutex m_mutex;
    QStringList m_log;
};

class Tunnelled {
public:
    /// With a certificate of its own, or the one in these files.
    explicit Tunnelled(const QString &certificateFile = {}, const QString &keyFile = {})
        : m_timing(briskTiming()), endpoint(std::make_shared<link::Endpoint>(briskTiming()))
    {
        const auto made = certificateFile.isEmpty() ? link::ownIdentity(m_folder.filePath(QStringLiteral("endpoint.pem")))
                                                    : link::readIdentity(certificateFile, keyFile);
        if (!made)
            return;
        identity = *made;
        if (const auto listening = endpoint->listen(QStringLiteral("127.0.0.1"), 0, identity))
            port = *listening;
        admit();
    }

    void admit() { endpoint->setAdmissions({{credential.id, core::credentialHash(credential.secret), gateway}}); }

    link::ClientOptions options(const QList<quint16> &allowedPorts) const
    {
        link::ClientOptions options;
        options.host = QStringLiteral("127.0.0.1");
        options.port = port;
        options.fingerprint = identity.sha256;
        options.credential = credential;
        options.hostName = QStringLiteral("branch-1");
        options.timing = m_timing;
        for (const quint16 allowed : allowedPorts)
            options.servers.append({QStringLiteral("127.0.0.1"), allowed});
        return options;
    }
    std::unique_ptr<ClientThread> connectClient(const QList<quint16> &allowedPorts, const QString &host = QStringLiteral("127.0.0.1"))
    {
        link::ClientOptions chosen = options(allowedPorts);
        for (core::HostAndPort &server : chosen.servers)
            server.host = host;
        return std::make_unique<ClientThread>(chosen);
    }
    link::DialRequest request(quint16 to) const
    {
        link::DialRequest dialling;
        dialling.gateway = gateway;
        dialling.host = QStringLiteral("127.0.0.1");
        dialling.port = to;
        dialling.allowed = std::chrono::milliseconds(3'000);
        return dialling;
    }
    core::Result<link::Dialled> dial(quint16 to) { return endpoint->dial(request(to)); }
    qsizetype clients() const { return endpoint->instancesOf(gateway).size(); }

private:
    QTemporaryDir m_folder;
    link::Timing m_timing;

public:
    const QUuid gateway = QUuid::createUuid();
    const core::GatewayCredential credential = makeCredential();
    std::shared_ptr<link::Endpoint> endpoint;
    link::TlsIdentity identity;
    quint16 port = 0;
};

} // namespace gatehouse::test
