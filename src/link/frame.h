// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frames of the tunnel: one binary WebSocket message each, a type (1 octet), a stream number (4, big-endian; 0 for
// what concerns the whole link) and a payload. Pure functions; decode() believes nothing.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::link {

enum class FrameType : quint8 {
    Hello = 1,   ///< client: JSON, see messages.h
    Welcome = 2, ///< endpoint: JSON
    Bye = 3,     ///< either: why the link ends, in words
    Ping = 4,    ///< either: 8 octets that come back
    Pong = 5,
    Report = 6,  ///< client: JSON, how it is
    Open = 16,   ///< endpoint: JSON, a stream to a server
    Opened = 17, ///< client: the address reached
    Failed = 18, ///< client: JSON, an error
    Data = 19,   ///< either: octets of the stream
    Credit = 20, ///< either: so many octets more may be sent (4 octets, big-endian)
    End = 21,    ///< either: nothing more comes from this side
    Reset = 22,  ///< either: the stream is over for both sides; why, in words
};

struct Frame {
    FrameType type = FrameType::Bye;
    quint32 stream = 0;
    QByteArrayView payload; ///< a view into the message
};

QByteArray encode(FrameType type, quint32 stream, QByteArrayView payload = {});
/// Writes the header into the first kFrameHeader octets of @p message.
void writeHeader(QByteArray &message, FrameType type, quint32 stream);
QByteArray creditPayload(quint32 octets);
quint32 creditOf(QByteArrayView payload);

/// Protocol when the message is no frame; `what` says why. The frame's payload is a view into @p message.
[[nodiscard]] core::Result<Frame> decode(QByteArrayView message);

} // namespace gatehouse::link
