// SPDX-License-Identifier: GPL-3.0-or-later
//
// One stream of a link: a socket on this side, numbered frames on the other. The same on both sides: what the socket
// gives is sent as far as the other side has given credit, what the other side sends is written to the socket, and
// credit is given back when it is written. Half-close (RFC 9293 3.6) passes through. Belongs to its Tunnel and thread.
#pragma once

#include "link/frame.h"
#include "link/limits.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <chrono>
#include <deque>
#include <memory>

namespace gatehouse::link {

class Tunnel;

/// What the streams of a link have done since it began.
struct StreamStatistics {
    qint64 answers = 0;          ///< requests that got an answer
    double responseMilliseconds = 0; ///< smoothed
    qint64 errors = 0;
};

class Stream : public QObject {
    Q_OBJECT
public:
    /// Takes @p socket over and makes it non-blocking. @p isNear: the side on which requests are made, which measures
    /// how long answers take.
    Stream(quint32 id, int socket, Tunnel &tunnel, bool isNear);
    ~Stream() override;

    quint32 id() const { return m_id; }
    /// A whole Data message. False when the other side had no credit for it.
    [[nodiscard]] bool take(const QByteArray &message);
    /// False when there would be more credit than a window.
    [[nodiscard]] bool addCredit(quint32 octets);
    /// Nothing more comes from the other side.
    void takeEnd();
    /// Does nothing more.
    void stop();
    /// This side ended, and for @p linger nothing came from the other.
    bool isLeftBehind(std::chrono::steady_clock::time_point now, std::chrono::milliseconds linger) const;
    /// Reads what may be read, after a pause or when the link has room again.
    void resume();

signals:
    /// The stream is over on this side. Empty: both directions ended in good order.
    void ended(quint32 id, const QString &why);

private:
    void readSocket();
    void writeSocket();
    void setReading();
    void giveCredit(qsizetype written);
    void finishIfBothEnded();
    void fail(const QString &why);
    void failSocket(int number);

    const quint32 m_id;
    int m_socket;
    Tunnel &m_tunnel;
    const bool m_isNear;
    QSocketNotifier m_readable;
    QSocketNotifier m_writable;
    qint64 m_maySend = kWindow;    ///< credit from the other side
    qint64 m_mayCome = kWindow;    ///< credit that the other side has
    qint64 m_written = 0;          ///< not yet given back as credit
    std::deque<QByteArray> m_waiting; ///< messages for the socket, the first from m_offset on
    qsizetype m_offset = 0;
    int m_smallPieces = 0;
    bool m_rests = false;
    bool m_hasSentEnd = false;
    bool m_hasTakenEnd = false;
    bool m_hasShutDown = false;
    bool m_isOver = false;
    bool m_awaitsAnswer = false;
    std::chrono::steady_clock::time_point m_asked;
    std::chrono::steady_clock::time_point m_lastWord; ///< End sent, or data taken after it
};

} // namespace gatehouse::link
