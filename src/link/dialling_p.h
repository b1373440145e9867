// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TCP connection to a server, under way: every address of its name is tried until the time is over. It gives away
// the connected socket and nothing is read from it before. Lives in the client's thread; never blocks.
#pragma once

#include "core/error.h"

#include <QObject>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>

namespace gatehouse::link {

class Dialling : public QObject {
    Q_OBJECT
public:
    Dialling(const QString &host, quint16 port, std::chrono::milliseconds allowed, QObject *parent);
    void start();

signals:
    /// Exactly one of the two. @p socket is the receiver's.
    void done(int socket, const QString &address);
    void failed(const gatehouse::core::Error &error);

private:
    void end(const core::Error &error);

    const QString m_host;
    const quint16 m_port;
    QTcpSocket m_socket;
    QTimer m_deadline;
    bool m_isOver = false;
};

} // namespace gatehouse::link
