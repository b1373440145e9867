// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody at an endpoint's door who speaks TLS, HTTP and WebSocket by hand, octet by octet, and does with them what no
// gateway client would. Blocks; belongs to the thread that made it.
#pragma once

#include "link/frame.h"
#include "link/messages.h"
#include "tests/link/linkfixture.h"

#include <QSslSocket>

namespace gatehouse::test {

class Stranger {
public:
    QSslSocket socket;

    bool secure(quint16 port)
    {
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        return socket.waitForEncrypted(10'000);
    }
    bool upgrade()
    {
        socket.write("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        QByteArray head;
        while (!head.contains("\r\n\r\n")) {
            if (!socket.waitForReadyRead(10'000))
                return false;
            head += socket.readAll();
        }
        return head.startsWith("HTTP/1.1 101");
    }
    /// Shows @p credential and reads the welcome.
    bool greet(const core::GatewayCredential &credential)
    {
        const core::Secret hello =
            link::print(link::Hello{1, QStringLiteral("4.0.0"), QStringLiteral("x"), QUuid::createUuid(), credential});
        socket.write(webSocketFrame(2, link::encode(link::FrameType::Hello, 0, hello.reveal())));
        return socket.waitForReadyRead(10'000);
    }
    /// Masked with zeros (RFC 6455 5.2), @p payload shorter than 65,536 octets.
    static QByteArray webSocketFrame(int opcode, const QByteArray &payload)
    {
        QByteArray frame(1, char(0x80 | opcode));
        if (payload.size() < 126) {
            frame += char(0x80 | payload.size());
        } else {
            frame += char(0x80 | 126);
            frame += char(payload.size() >> 8);
            frame += char(payload.size() & 0xff);
        }
        return frame + QByteArray(4, '\0') + payload;
    }
    /// What comes until the other side has closed; the time may be up before.
    QByteArray toEnd(int milliseconds = 10'000)
    {
        QElapsedTimer timer;
        timer.start();
        QByteArray all = socket.readAll();
        while (socket.state() == QAbstractSocket::ConnectedState && timer.elapsed() < milliseconds) {
            socket.waitForReadyRead(100);
            all += socket.readAll();
        }
        return all;
    }
    bool isCut() const { return socket.state() != QAbstractSocket::ConnectedState; }
    /// Sends @p frame over and over and never reads, for @p milliseconds or until it is cut. Megabytes sent.
    double flood(const QByteArray &frame, int milliseconds)
    {
        const QByteArray block = frame.repeated(200);
        QElapsedTimer timer;
        timer.start();
        qint64 sent = 0;
        socket.setReadBufferSize(1);
        while (!isCut() && timer.elapsed() < milliseconds) {
            if (socket.bytesToWrite() + socket.encryptedBytesToWrite() < 1'000'000)
                sent += socket.write(block);
            socket.waitForBytesWritten(50);
        }
        return double(sent) / 1e6;
    }
};

} // namespace gatehouse::test
