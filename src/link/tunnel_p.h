// SPDX-License-Identifier: GPL-3.0-or-later
//
// One end of a link that is open: the WebSocket, its heartbeat and its streams. Both sides use it; what only one side
// says (Hello, Open, Report …) goes to whoever owns it. Lives in the thread of its owner. A frame that breaks the
// protocol ends the link with a reason; it never takes more from the other side than limits.h allows.
#pragma once

#include "link/frame.h"
#include "link/limits.h"
#include "link/stream_p.h"

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <vector>

class QSslSocket;
class QSocketNotifier;
class QWebSocket;

namespace gatehouse::link {

class Tunnel : public QObject {
    Q_OBJECT
public:
    using Clock = std::chrono::steady_clock;
    enum class Side { Endpoint, Client };

    /// Takes the open @p webSocket over; @p carrier is the socket below it.
    Tunnel(QWebSocket *webSocket, QSslSocket *carrier, Side side, const Timing &timing, QObject *parent = nullptr);
    ~Tunnel() override;

    void send(FrameType type, quint32 stream, QByteArrayView payload = {});
    void sendMessage(const QByteArray &message);
    /// Starts the heartbeat and lets streams be. An endpoint's tunnel answers nothing before, and lets nothing but a hello
    /// through.
    void begin();
    /// Tells the other side why, then closes; closed() follows at once.
    void close(const QString &why);
    /// Without a word to the other side.
    void cut(const QString &why);
    /// After it closed: deletes itself when the last words are out, or the time for them is over. Closing at once
    /// would throw away what the other side has not read yet.
    void leave();
    bool isClosed() const { return m_closed; }
    /// Whether streams shall not be read now; those that ask are resumed when there is room again.
    bool isCongested();

    /// @p socket becomes stream @p id: what comes from it goes through the link, and the other way.
    Stream *addStream(quint32 id, int socket);
    Stream *stream(quint32 id) const;
    void reset(quint32 id, const QString &why);
    int streams() const { return int(m_streams.size()); }
    /// An endpoint's number for its next stream.
    quint32 nextStream() { return ++m_lastStream; }
    bool hasAskedFor(quint32 stream) const { return stream <= m_lastStream && !m_streams.contains(stream); }
    /// A client's check of a number that the endpoint gave.
    bool acceptStream(quint32 id);

    /// Reads @p stream again after a pause in which small pieces gather.
    void restBefore(Stream *stream);
    void forget(Stream *stream);

    /// The shortest of the last heartbeats': one that had to wait behind data says nothing of the way. 0: none yet.
    double roundTripMilliseconds() const;
    Clock::time_point lastHeard() const { return m_lastHeard; }
    const StreamStatistics &statistics() const { return m_statistics; }
    StreamStatistics &statistics() { return m_statistics; }

signals:
    /// Every frame but those of data, credit, ends and the heartbeat. The payload is valid during the call.
    void received(const gatehouse::link::Frame &frame);
    /// A stream has ended by itself or by the other side; @p why is empty when it ended in good order.
    void streamEnded(quint32 id, const QString &why);
    void heartbeat();
    /// The link is over, exactly once; streams have been cut.
    void closed(const QString &why);

private:
    void onMessage(const QByteArray &message);
    void onPing(const Frame &frame);
    void onStreamFrame(const Frame &frame, const QByteArray &message);
    void onBeat();
    void onRested();
    void end(const QString &why);
    void dropStream(quint32 id, const QString &why);
    void retire(std::unique_ptr<Stream> stream);
    void resumeStreams();
    qint64 queued() const;
    /// Cuts who does not read.
    void boundQueue();

    QWebSocket *m_webSocket;
    QPointer<QSslSocket> m_carrier; ///< the WebSocket deletes it when the connection ends
    const Side m_side;
    const Timing m_timing;
    QTimer m_beat;
    Clock::time_point m_lastHeard = Clock::now();
    std::deque<double> m_roundTrips; ///< milliseconds, the newest last
    std::map<quint32, std::unique_ptr<Stream>> m_streams;
    std::vector<std::unique_ptr<Stream>> m_retired; ///< over, but perhaps in the middle of a call
    quint32 m_lastStream = 0;
    StreamStatistics m_statistics;
    Clock::time_point m_pingSecond; ///< in which pings are counted
    int m_pings = 0;
    QSet<Stream *> m_resting;
    int m_restTimer = -1; ///< timerfd: QTimer knows nothing shorter than a millisecond
    std::unique_ptr<QSocketNotifier> m_rested;
    bool m_hadToWait = false; ///< a stream was not read because of the congestion
    bool m_begun = false;
    bool m_closed = false;
};

} // namespace gatehouse::link
