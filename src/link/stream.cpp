// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/stream_p.h"

#include "link/tunnel_p.h"

#include <algorithm>
#include <system_error>

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gatehouse::link {

namespace {

constexpr int kChunksAtOnce = 4; ///< then other streams and the heartbeat get their turn
/// Pieces shorter than this, so many in a row, are a server that sends entry by entry: they are worth gathering.
constexpr qsizetype kSmallPiece = 8 * 1024;
constexpr int kStreamPieces = 8;
constexpr double kSmoothing = 0.1;

QString errnoText(int number)
{
    return QString::fromStdString(std::system_category().message(number));
}

} // namespace

Stream::Stream(quint32 id, int socket, Tunnel &tunnel, bool isNear)
    : m_id(id), m_socket(socket), m_tunnel(tunnel), m_isNear(isNear), m_readable(socket, QSocketNotifier::Read),
      m_writable(socket, QSocketNotifier::Write)
{
    ::fcntl(m_socket, F_SETFL, ::fcntl(m_socket, F_GETFL) | O_NONBLOCK);
    m_writable.setEnabled(false);
    connect(&m_readable, &QSocketNotifier::activated, this, &Stream::readSocket);
    connect(&m_writable, &QSocketNotifier::activated, this, &Stream::writeSocket);
}

Stream::~Stream()
{
    m_tunnel.forget(this);
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    ::close(m_socket);
}

void Stream::fail(const QString &why)
{
    if (m_isOver)
        return;
    m_isOver = true;
    emit ended(m_id, why);
}

void Stream::failSocket(int number)
{
    // Whoever had the other end of the pair here closed it before everything was read: that is no error of the client.
    if (m_isNear && (number == ECONNRESET || number == EPIPE)) {
        if (!m_isOver)
            m_tunnel.reset(m_id, {});
        return;
    }
    fail(errnoText(number));
}

void Stream::stop()
{
    m_isOver = true;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
}

bool Stream::isLeftBehind(std::chrono::steady_clock::time_point now, std::chrono::milliseconds linger) const
{
    return m_hasSentEnd && now - m_lastWord > linger;
}

void Stream::finishIfBothEnded()
{
    if (m_isOver || !m_hasSentEnd || !m_hasShutDown)
        return;
    m_isOver = true;
    emit ended(m_id, {});
}

void Stream::setReading()
{
    m_readable.setEnabled(!m_isOver && !m_hasSentEnd && !m_rests && m_maySend > 0 && !m_tunnel.isCongested());
}

void Stream::resume()
{
    m_rests = false;
    if (!m_isOver && !m_hasSentEnd && m_maySend > 0 && !m_tunnel.isCongested())
        readSocket();
    else
        setReading();
}

void Stream::readSocket()
{
    for (int i = 0; i < kChunksAtOnce && !m_isOver && !m_hasSentEnd && m_maySend > 0 && !m_tunnel.isCongested(); ++i) {
        const qsizetype most = std::min<qsizetype>(kMaxChunk, qsizetype(m_maySend));
        QByteArray message(kFrameHeader + most, Qt::Uninitialized);
        ssize_t got;
        do
            got = ::recv(m_socket, message.data() + kFrameHeader, size_t(most), 0);
        while (got < 0 && errno == EINTR);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (got < 0)
            return failSocket(errno);
        if (got == 0) {
            m_hasSentEnd = true;
            m_lastWord = std::chrono::steady_clock::now();
            m_tunnel.send(FrameType::End, m_id);
            setReading();
            return finishIfBothEnded();
        }
        message.truncate(kFrameHeader + got);
        writeHeader(message, FrameType::Data, m_id);
        m_maySend -= got;
        if (m_isNear && !m_awaitsAnswer) {
            m_awaitsAnswer = true;
            m_asked = std::chrono::steady_clock::now();
        }
        m_tunnel.sendMessage(message);
        if (got < most) {
            m_smallPieces = got < kSmallPiece ? m_smallPieces + 1 : m_smallPieces;
            // What is there has been read. In a stream of small pieces the next one is not worth a frame of its own.
            if (m_smallPieces > kStreamPieces) {
                m_rests = true;
                m_tunnel.restBefore(this);
            }
            break;
        }
    }
    setReading();
}

bool Stream::take(const QByteArray &message)
{
    const qsizetype octets = message.size() - kFrameHeader;
    if (octets > m_mayCome || m_hasTakenEnd)
        return false;
    m_mayCome -= octets;
    if (m_hasSentEnd)
        m_lastWord = std::chrono::steady_clock::now();
    m_smallPieces = 0; // a request: its answer is a stream of its own
    if (m_awaitsAnswer) {
        m_awaitsAnswer = false;
        StreamStatistics &statistics = m_tunnel.statistics();
        const double took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_asked).count();
        statistics.responseMilliseconds = statistics.answers == 0 ? took : statistics.responseMilliseconds * (1 - kSmoothing) + took * kSmoothing;
        ++statistics.answers;
    }
    m_waiting.push_back(message);
    if (m_waiting.size() == 1) {
        m_offset = kFrameHeader;
        writeSocket();
    }
    return true;
}

void Stream::writeSocket()
{
    qsizetype written = 0;
    while (!m_waiting.empty() && !m_isOver) {
        const QByteArray &message = m_waiting.front();
        const ssize_t put = ::send(m_socket, message.constData() + m_offset, size_t(message.size() - m_offset), MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (put < 0)
            return failSocket(errno);
        written += put;
        m_offset += put;
        if (m_offset == message.size()) {
            m_waiting.pop_front();
            m_offset = kFrameHeader;
        }
    }
    m_writable.setEnabled(!m_waiting.empty() && !m_isOver);
    giveCredit(written);
    if (m_waiting.empty() && m_hasTakenEnd && !m_hasShutDown) {
        m_hasShutDown = true;
        ::shutdown(m_socket, SHUT_WR);
        finishIfBothEnded();
    }
}

void Stream::giveCredit(qsizetype written)
{
    m_written += written;
    if (m_written < kWindow / 4 || m_hasTakenEnd || m_isOver)
        return;
    m_mayCome += m_written;
    m_tunnel.send(FrameType::Credit, m_id, creditPayload(quint32(m_written)));
    m_written = 0;
}

bool Stream::addCredit(quint32 octets)
{
    if (m_maySend + octets > kWindow)
        return false;
    m_maySend += octets;
    setReading();
    return true;
}

void Stream::takeEnd()
{
    if (m_hasTakenEnd)
        return;
    m_hasTakenEnd = true;
    writeSocket();
}

} // namespace gatehouse::link
