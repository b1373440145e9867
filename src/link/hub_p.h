// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an Endpoint does in its thread: the links that are open, who they are, and streams that are asked for. Lives in
// the link thread, every function is called there, except those of PendingDial and of the snapshot.
#pragma once

#include "link/acceptor_p.h"
#include "link/carrier_p.h"
#include "link/endpoint.h"
#include "link/messages.h"
#include "link/tunnel_p.h"

#include <QDeadlineTimer>
#include <QMutex>
#include <QPointer>
#include <QTimer>
#include <QWaitCondition>

#include <map>
#include <memory>
#include <optional>

namespace gatehouse::link {

/// A dial that its caller waits for in another thread.
struct PendingDial {
    DialRequest request;

    QMutex mutex;
    QWaitCondition answered;
    bool isAbandoned = false; ///< the caller has gone: whatever comes is thrown away
    std::optional<core::Result<Dialled>> answer;

    // The rest belongs to the link thread.
    QDeadlineTimer deadline;
    QList<quint64> tried;             ///< guests
    std::optional<core::Error> last;  ///< of the one tried last

    ~PendingDial();
    void give(core::Result<Dialled> result);
    bool abandoned();
};

/// What callers in other threads may look at.
struct Snapshot {
    QMutex mutex;
    QWaitCondition changed;
    QList<Instance> instances;
};

/// One client that was let in, or that has still to show its credential.
struct Guest {
    std::unique_ptr<Tunnel> tunnel;
    QPointer<Carrier> carrier;     ///< until the credential is shown
    bool isAdmitted = false;
    Instance instance;
    std::map<quint32, std::shared_ptr<PendingDial>> opening;
    qint64 answersBefore = 0;  ///< at the last sample
    std::chrono::steady_clock::time_point sampledAt;
};

class Hub : public QObject {
    Q_OBJECT
public:
    Hub(const Timing &timing, std::shared_ptr<Snapshot> snapshot);
    ~Hub() override;

    [[nodiscard]] core::Result<quint16> listen(const QString &address, quint16 port, const TlsIdentity &identity);
    void close();
    void setAdmissions(const QList<Admission> &admissions);
    void dial(const std::shared_ptr<PendingDial> &pending);

signals:
    void instancesChanged();
    void credentialUsed(const QUuid &credential);
    void logged(const QString &line);

private:
    void onAccepted(QWebSocket *webSocket, Carrier *carrier);
    void onFrame(quint64 number, const Frame &frame);
    void onHello(quint64 number, const Frame &frame);
    void onOpened(quint64 number, const Frame &frame);
    void onOpenFailed(quint64 number, quint32 stream, const core::Error &error);
    void onClosed(quint64 number, const QString &why);
    void sendOff(std::unique_ptr<Tunnel> tunnel);
    void refuse(quint64 number, const QString &why);
    /// The same line at most once a minute, and few of them: whoever tries on fills no log.
    void logSparingly(const QString &line);
    void tryNext(const std::shared_ptr<PendingDial> &pending);
    /// Who is asked next, and among how many.
    struct Choice {
        std::optional<quint64> best;
        int candidates = 0;
        bool anyTooOld = false;
    };
    Choice choiceFor(const PendingDial &pending) const;
    void sample();
    void publish();
    Guest *guest(quint64 number);
    QString nameOf(const Guest &guest) const;

    const Timing m_timing;
    std::shared_ptr<Snapshot> m_snapshot;
    Acceptor m_acceptor;
    QList<Admission> m_admissions;
    std::map<quint64, Guest> m_guests;
    quint64 m_nextGuest = 1;
    QTimer m_sampling;
    QHash<QString, qint64> m_said; ///< line -> when last logged
};

} // namespace gatehouse::link
