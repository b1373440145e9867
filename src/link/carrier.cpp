// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/carrier_p.h"

#include "link/limits.h"

#include <QtEndian>

#include <algorithm>

#include <netinet/in.h>
#include <linux/tcp.h>
#include <sys/socket.h>

namespace gatehouse::link {

namespace {

constexpr char kHeadEnd[] = "\r\n\r\n";
constexpr quint8 kPong = 0xa;    // RFC 6455 5.2
constexpr quint8 kLength = 0x7f; // 126 and 127: the length stands in the next 2 or 8 octets
constexpr quint8 kMasked = 0x80;
/// Octets that are read ahead. Before the hello one fits; afterwards two frames of data do.
constexpr qint64 kReadBefore = 2 * kMaxText;
constexpr qint64 kReadAfter = 4 * kMaxFrame;

qsizetype headerSize(const QByteArray &header)
{
    if (header.size() < 2)
        return 2;
    const quint8 second = quint8(header.at(1));
    const quint8 length = second & kLength;
    return 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + ((second & kMasked) != 0 ? 4 : 0);
}

quint64 payloadSize(const QByteArray &header)
{
    const quint8 length = quint8(header.at(1)) & kLength;
    if (length == 127)
        return qFromBigEndian<quint64>(header.constData() + 2);
    return length == 126 ? qFromBigEndian<quint16>(header.constData() + 2) : length;
}

} // namespace

Carrier::Carrier(QObject *parent) : QSslSocket(parent)
{
    setReadBufferSize(kReadBefore);
}

void Carrier::letIn()
{
    m_isIn = true;
    m_pings = 0;
    setReadBufferSize(kReadAfter);
}

qint64 Carrier::octetsReceived() const
{
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(int(socketDescriptor()), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0;
    return qint64(info.tcpi_bytes_received);
}

bool Carrier::put(const char *data, qint64 size)
{
    return size == 0 || QSslSocket::writeData(data, size) == size;
}

bool Carrier::mayAnswerPing()
{
    ++m_pings;
    if (!m_isIn) {
        if (m_pings == kMaxPingsBeforeHello)
            emit flooded();
        return false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (now - m_second > std::chrono::seconds(1)) {
        m_second = now;
        m_pings = 1;
    }
    if (m_pings == kMaxPings)
        emit flooded();
    return m_pings <= kMaxPongs && bytesToWrite() + encryptedBytesToWrite() < kMaxQueued;
}

/// False when the frame cannot be written.
bool Carrier::takeHeaderOctet(char octet)
{
    m_header.append(octet);
    if (m_header.size() < headerSize(m_header))
        return true;
    m_left = payloadSize(m_header);
    const bool isPong = (quint8(m_header.at(0)) & 0x0f) == kPong;
    const bool isDropped = isPong && !mayAnswerPing();
    const bool written = isDropped || put(m_header.constData(), m_header.size());
    m_header.clear();
    m_part = m_left == 0 ? Part::Header : isDropped ? Part::Dropped : Part::Payload;
    return written;
}

qint64 Carrier::writeData(const char *data, qint64 size)
{
    qint64 from = 0; // of what has been looked at and is to be written
    qint64 at = 0;
    while (at < size) {
        switch (m_part) {
        case Part::Head:
            m_headEnd = data[at] == kHeadEnd[m_headEnd] ? m_headEnd + 1 : data[at] == kHeadEnd[0] ? 1 : 0;
            ++at;
            if (m_headEnd == sizeof kHeadEnd - 1)
                m_part = Part::Header;
            break;
        case Part::Header:
            if (!put(data + from, at - from) || !takeHeaderOctet(data[at]))
                return -1;
            from = ++at;
            break;
        case Part::Payload:
        case Part::Dropped: {
            const qint64 some = qint64(std::min<quint64>(m_left, quint64(size - at)));
            at += some;
            m_left -= quint64(some);
            if (m_part == Part::Dropped)
                from = at;
            if (m_left == 0)
                m_part = Part::Header;
            break;
        }
        }
    }
    return put(data + from, size - from) ? size : -1;
}

} // namespace gatehouse::link
