// SPDX-License-Identifier: GPL-3.0-or-later
//
// A TCP proxy before a test's server that does what networks do: accepts and says nothing, stalls or cuts after so
// many octets from the server, delays. It remembers what the client sent, so that a test can say what never left.
// Runs in threads of its own; settings may be changed at any time and count for new connections.
#pragma once

#include <QByteArray>
#include <QString>

#include <memory>

namespace gatehouse::test {

class StallingProxy {
public:
    struct Behaviour {
        bool forwards = true;      ///< false: accepts and says nothing, and the server is never reached
        qint64 stallAfter = -1;    ///< octets from the server after which nothing more comes; -1: never
        qint64 cutAfter = -1;      ///< octets from the server after which the connection ends; -1: never
        int delayMilliseconds = 0; ///< before each piece from the server
        qint64 trickle = 0;        ///< octets a piece, to make the server slow but never silent; 0: as they come
        qint64 tricklesAfter = 0;  ///< octets from the server that come as they are before that
    };

    /// Before the server at @p port on the loopback.
    explicit StallingProxy(quint16 port);
    StallingProxy(quint16 port, const Behaviour &behaviour);
    ~StallingProxy();
    StallingProxy(const StallingProxy &) = delete;
    StallingProxy &operator=(const StallingProxy &) = delete;

    void setBehaviour(const Behaviour &behaviour);
    quint16 port() const;
    QString hostAndPort() const; ///< "127.0.0.1:PORT"
    int connections() const;     ///< accepted so far
    QByteArray fromClient() const; ///< all octets that clients sent so far
    qint64 fromServer() const;     ///< octets passed on to clients so far

private:
    struct State;
    std::shared_ptr<State> d;
};

} // namespace gatehouse::test
