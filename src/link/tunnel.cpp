// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/tunnel_p.h"

#include "link/messages.h"

#include <QSocketNotifier>
#include <QSslSocket>
#include <QWebSocket>
#include <QtEndian>

#include <algorithm>

#include <sys/timerfd.h>
#include <unistd.h>

namespace gatehouse::link {

namespace {

constexpr size_t kRoundTrips = 4;
/// In this time a local server sends some 60 entries; the last of a page is late by it once. Of 150 to 1,000 µs this was
/// the fastest, at two thirds of the processor time that 150 µs took (tests/bench/link_bench.cpp).
constexpr long kRestNanoseconds = 600'000;
/// RFC 6455 7.1.5: a close frame's reason has at most 123 octets. Ours go as a frame, this is for other programs.
constexpr qsizetype kMaxCloseReason = 40;

} // namespace

Tunnel::Tunnel(QWebSocket *webSocket, QSslSocket *carrier, Side side, const Timing &timing, QObject *parent)
    : QObject(parent), m_webSocket(webSocket), m_carrier(carrier), m_side(side), m_timing(timing)
{
    m_webSocket->setParent(this);
    m_carrier->setParent(m_webSocket);
    const quint64 most = quint64(side == Side::Endpoint ? kFrameHeader + kMaxText : kMaxFrame);
    m_webSocket->setMaxAllowedIncomingFrameSize(most);
    m_webSocket->setMaxAllowedIncomingMessageSize(most);
    // Frames of entries are small beside what Nagle would wait for.
    m_carrier->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_webSocket, &QWebSocket::binaryMessageReceived, this, &Tunnel::onMessage);
    connect(m_webSocket, &QWebSocket::textMessageReceived, this, [this] {
        const QString why = QStringLiteral("a text message where only frames are spoken");
        m_begun ? close(why) : cut(why);
    });
    connect(m_webSocket, &QWebSocket::disconnected, this, [this] {
        const QString said = shown(m_webSocket->closeReason());
        end(said.isEmpty() ? QStringLiteral("the connection was lost") : said);
    });
    connect(m_carrier, &QSslSocket::encryptedBytesWritten, this, &Tunnel::resumeStreams, Qt::QueuedConnection);
    connect(&m_beat, &QTimer::timeout, this, &Tunnel::onBeat);
    // What the WebSocket answers by itself, to pings, is not sent through sendMessage().
    connect(m_carrier, &QSslSocket::readyRead, this, &Tunnel::boundQueue, Qt::QueuedConnection);
}

Tunnel::~Tunnel()
{
    m_closed = true;
    m_webSocket->disconnect(this);
    if (m_carrier)
        m_carrier->disconnect(this);
    m_streams.clear();
    m_retired.clear();
    m_rested.reset();
    if (m_restTimer >= 0)
        ::close(m_restTimer);
}

void Tunnel::begin()
{
    m_begun = true;
    m_webSocket->setMaxAllowedIncomingFrameSize(quint64(kMaxFrame));
    m_webSocket->setMaxAllowedIncomingMessageSize(quint64(kMaxFrame));
    m_restTimer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (m_restTimer >= 0) {
        m_rested = std::make_unique<QSocketNotifier>(m_restTimer, QSocketNotifier::Read);
        connect(m_rested.get(), &QSocketNotifier::activated, this, &Tunnel::onRested);
    }
    m_lastHeard = Clock::now();
    m_beat.start(m_timing.heartbeat);
    onBeat();
}

void Tunnel::send(FrameType type, quint32 stream, QByteArrayView payload)
{
    sendMessage(encode(type, stream, payload));
}

void Tunnel::sendMessage(const QByteArray &message)
{
    if (m_closed)
        return;
    m_webSocket->sendBinaryMessage(message);
    boundQueue();
}

void Tunnel::boundQueue()
{
    if (queued() > kMostQueued)
        cut(QStringLiteral("the other side does not read what it is sent"));
}

qint64 Tunnel::queued() const
{
    return m_carrier ? m_carrier->bytesToWrite() + m_carrier->encryptedBytesToWrite() : 0;
}

bool Tunnel::isCongested()
{
    const bool congested = queued() > kMaxQueued;
    m_hadToWait = m_hadToWait || congested;
    return congested;
}

double Tunnel::roundTripMilliseconds() const
{
    const auto shortest = std::min_element(m_roundTrips.begin(), m_roundTrips.end());
    return shortest == m_roundTrips.end() ? 0 : *shortest;
}

void Tunnel::resumeStreams()
{
    if (m_closed || !m_hadToWait || queued() > kMaxQueued / 2)
        return;
    m_hadToWait = false;
    QList<quint32> ids;
    for (const auto &[id, stream] : m_streams)
        ids.append(id);
    for (const quint32 id : ids) {
        if (Stream *const waiting = stream(id))
            waiting->resume();
    }
}

void Tunnel::close(const QString &why)
{
    if (m_closed)
        return;
    send(FrameType::Bye, 0, why.left(1'000).toUtf8());
    end(why); // before the WebSocket says that it closed
    m_webSocket->close(QWebSocketProtocol::CloseCodeNormal, why.left(kMaxCloseReason));
    if (m_carrier)
        m_carrier->flush(); // there may be no event loop any more to do it
}

void Tunnel::cut(const QString &why)
{
    if (m_closed)
        return;
    end(why);
    // Queued: it may be in the middle of reading, or of writing.
    QMetaObject::invokeMethod(m_webSocket, &QWebSocket::abort, Qt::QueuedConnection);
}

void Tunnel::leave()
{
    QTimer::singleShot(m_timing.farewell, this, &QObject::deleteLater);
    if (m_webSocket->state() == QAbstractSocket::UnconnectedState)
        deleteLater();
    else
        connect(m_webSocket, &QWebSocket::disconnected, this, &QObject::deleteLater);
}

void Tunnel::end(const QString &why)
{
    if (m_closed)
        return;
    m_closed = true;
    m_beat.stop();
    m_resting.clear();
    // Their sockets close, which is how whoever uses them learns of it.
    for (auto &[id, stream] : m_streams)
        retire(std::move(stream));
    m_streams.clear();
    emit closed(why);
}

Stream *Tunnel::addStream(quint32 id, int socket)
{
    auto stream = std::make_unique<Stream>(id, socket, *this, m_side == Side::Endpoint);
    // Queued: a stream may find its end in the middle of its own work.
    connect(stream.get(), &Stream::ended, this, [this](quint32 which, const QString &why) {
        if (!why.isEmpty() && m_streams.contains(which))
            send(FrameType::Reset, which, why.toUtf8().left(kMaxText));
        dropStream(which, why);
    }, Qt::QueuedConnection);
    return m_streams.insert_or_assign(id, std::move(stream)).first->second.get();
}

Stream *Tunnel::stream(quint32 id) const
{
    const auto found = m_streams.find(id);
    return found == m_streams.end() ? nullptr : found->second.get();
}

void Tunnel::reset(quint32 id, const QString &why)
{
    send(FrameType::Reset, id, why.toUtf8().left(kMaxText));
    dropStream(id, why);
}

bool Tunnel::acceptStream(quint32 id)
{
    if (id <= m_lastStream)
        return false;
    m_lastStream = id;
    return true;
}

void Tunnel::dropStream(quint32 id, const QString &why)
{
    const auto found = m_streams.find(id);
    if (found == m_streams.end())
        return;
    retire(std::move(found->second));
    m_streams.erase(found);
    if (!why.isEmpty())
        ++m_statistics.errors;
    emit streamEnded(id, why);
}

void Tunnel::retire(std::unique_ptr<Stream> stream)
{
    stream->stop();
    m_retired.push_back(std::move(stream));
    QMetaObject::invokeMethod(this, [this] { m_retired.clear(); }, Qt::QueuedConnection);
}

void Tunnel::restBefore(Stream *stream)
{
    const bool isFirst = m_resting.isEmpty();
    m_resting.insert(stream);
    if (!isFirst)
        return;
    if (m_restTimer < 0) { // no descriptor was left for it
        QMetaObject::invokeMethod(this, &Tunnel::onRested, Qt::QueuedConnection);
        return;
    }
    const itimerspec pause{{0, 0}, {0, kRestNanoseconds}};
    ::timerfd_settime(m_restTimer, 0, &pause, nullptr);
}

void Tunnel::forget(Stream *stream)
{
    m_resting.remove(stream);
}

void Tunnel::onRested()
{
    quint64 times = 0;
    if (m_restTimer >= 0)
        [[maybe_unused]] const ssize_t got = ::read(m_restTimer, &times, sizeof times);
    const QSet<Stream *> rested = std::exchange(m_resting, {});
    for (Stream *stream : rested)
        stream->resume();
}

void Tunnel::onBeat()
{
    if (m_closed)
        return;
    const auto now = Clock::now();
    if (now - m_lastHeard > m_timing.silence)
        return close(QStringLiteral("nothing was heard for %1 s").arg(double(m_timing.silence.count()) / 1000));
    QByteArray stamp(sizeof(qint64), Qt::Uninitialized);
    qToBigEndian(qint64(now.time_since_epoch().count()), stamp.data());
    send(FrameType::Ping, 0, stamp);
    QList<quint32> left;
    for (const auto &[id, stream] : m_streams) {
        if (stream->isLeftBehind(now, m_timing.linger))
            left.append(id);
    }
    for (const quint32 id : left)
        reset(id, QStringLiteral("one side had ended, and nothing came from the other"));
    emit heartbeat();
}

void Tunnel::onMessage(const QByteArray &message)
{
    if (m_closed)
        return;
    m_lastHeard = Clock::now();
    const auto frame = decode(message);
    if (m_side == Side::Endpoint && !m_begun) {
        // A stranger. Whatever it is told costs, and it learns nothing.
        if (!frame || frame->type != FrameType::Hello)
            return cut(frame ? QStringLiteral("a credential must be shown first") : frame.error().what);
        emit received(*frame);
        return;
    }
    if (!frame)
        return close(frame.error().what);
    switch (frame->type) {
    case FrameType::Ping:
        return onPing(*frame);
    case FrameType::Pong: {
        const Clock::time_point sent{Clock::duration(qFromBigEndian<qint64>(frame->payload.data()))};
        if (sent > m_lastHeard)
            return;
        m_roundTrips.push_back(std::chrono::duration<double, std::milli>(m_lastHeard - sent).count());
        if (m_roundTrips.size() > kRoundTrips)
            m_roundTrips.pop_front();
        return;
    }
    case FrameType::Bye: {
        const QString why = shown(QString::fromUtf8(frame->payload), 1'000);
        end(why.isEmpty() ? QStringLiteral("the other side ended the link") : why);
        return m_webSocket->close();
    }
    case FrameType::Data:
    case FrameType::Credit:
    case FrameType::End:
    case FrameType::Reset:
        return onStreamFrame(*frame, message);
    default:
        emit received(*frame);
    }
}

void Tunnel::onPing(const Frame &frame)
{
    if (m_lastHeard - m_pingSecond > std::chrono::seconds(1)) {
        m_pingSecond = m_lastHeard;
        m_pings = 0;
    }
    if (++m_pings > kMaxPings)
        return close(QStringLiteral("more than %1 pings in a second").arg(kMaxPings));
    // A heartbeat needs few, and is no use where answers wait to be read.
    if (m_pings <= kMaxPongs && queued() <= kMaxQueued)
        send(FrameType::Pong, 0, frame.payload);
}

void Tunnel::onStreamFrame(const Frame &frame, const QByteArray &message)
{
    if (!m_begun || frame.stream > m_lastStream)
        return close(QStringLiteral("a frame for stream %1, which there never was").arg(frame.stream));
    Stream *const target = stream(frame.stream);
    if (!target) {
        // One that this side has ended: what was under way still comes. For one that is being opened the owner knows.
        if (frame.type == FrameType::Reset)
            emit received(frame);
        return;
    }
    switch (frame.type) {
    case FrameType::Data:
        if (!target->take(message))
            close(QStringLiteral("more octets on stream %1 than there was credit for").arg(frame.stream));
        return;
    case FrameType::Credit:
        if (!target->addCredit(creditOf(frame.payload)))
            close(QStringLiteral("more credit for stream %1 than was used").arg(frame.stream));
        return;
    case FrameType::End:
        return target->takeEnd();
    default: {
        const QString why = shown(QString::fromUtf8(frame.payload), 512);
        dropStream(frame.stream, why.isEmpty() ? QStringLiteral("reset by the other side") : why);
    }
    }
}

} // namespace gatehouse::link
