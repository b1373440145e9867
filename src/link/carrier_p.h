// SPDX-License-Identifier: GPL-3.0-or-later
//
// The secured connection below one of the endpoint's WebSockets. QWebSocket answers every ping by itself, however many come
// and whether or not the answers are read; so this looks at what it writes and drops the pongs that nobody needs: all of
// them before the client is let in, and beyond a rate afterwards. Lives in the link thread.
#pragma once

#include <QByteArray>
#include <QSslSocket>

#include <chrono>

namespace gatehouse::link {

class Carrier : public QSslSocket {
    Q_OBJECT
public:
    explicit Carrier(QObject *parent = nullptr);

    /// The client has shown who it is: pings are answered, and frames of data fit in.
    void letIn();
    /// Octets that have come over the network so far, as the kernel counts them.
    qint64 octetsReceived() const;

signals:
    /// Pings without measure. Queued connections only: the WebSocket is in the middle of reading.
    void flooded();

protected:
    qint64 writeData(const char *data, qint64 size) override;

private:
    /// What the next octet of the written stream belongs to.
    enum class Part { Head, Header, Payload, Dropped };
    bool put(const char *data, qint64 size);
    bool takeHeaderOctet(char octet);
    bool mayAnswerPing();

    Part m_part = Part::Head;
    int m_headEnd = 0;    ///< octets of the empty line that ends the HTTP head
    QByteArray m_header;  ///< of the frame that begins
    quint64 m_left = 0;   ///< octets of the payload
    bool m_isIn = false;
    std::chrono::steady_clock::time_point m_second; ///< in which pings are counted
    int m_pings = 0;
};

} // namespace gatehouse::link
