// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tunnel between a gateway client and its endpoint allows, and how long it waits. Both sides keep to these
// numbers, and neither believes that the other does. Constants and values, any thread.
#pragma once

#include <QtGlobal>

#include <chrono>

namespace gatehouse::link {

inline constexpr int kProtocolVersion = 1;
/// What this program's client says it is; see versions.h for what depends on it.
inline constexpr char kClientVersion[] = "4.0.0";
inline constexpr quint16 kEndpointPort = 8443;
inline constexpr quint16 kHealthPort = 8080;

inline constexpr qsizetype kFrameHeader = 5;      ///< octets: type, stream
inline constexpr qsizetype kMaxChunk = 64 * 1024; ///< octets of a stream in one frame
inline constexpr qsizetype kMaxFrame = kFrameHeader + kMaxChunk;
inline constexpr qsizetype kMaxText = 8 * 1024;   ///< octets of any other payload
/// Octets of one stream that may be under way or waiting in one direction: enough for 100 Mbit/s at 80 ms.
inline constexpr quint32 kWindow = 1024 * 1024;
/// Octets waiting in the WebSocket from which on no stream is read: what waits there waits for all, heartbeat too.
inline constexpr qint64 kMaxQueued = 512 * 1024;
/// Octets waiting there from which on the other side does not read, and is cut. Only what is no stream's gets beyond
/// kMaxQueued: answers, credit, farewells.
inline constexpr qint64 kMostQueued = 2 * 1024 * 1024;
inline constexpr int kMaxStreams = 64; ///< of one link
inline constexpr int kMaxLinks = 64;   ///< of one endpoint
/// Connections that have not shown a credential yet: all, and of one address. Whoever comes when there are so many gets
/// in all the same, and the oldest that says nothing goes.
inline constexpr int kMaxKnocking = 256;
inline constexpr int kMaxKnockingOfAddress = 64;
/// Octets that somebody may send before the credential: TLS, the HTTP head and one hello are a quarter of it.
inline constexpr qint64 kMaxBeforeHello = 64 * 1024;
inline constexpr int kMaxPingsBeforeHello = 16; ///< none of them is answered
inline constexpr int kMaxPongs = 50;            ///< answers to pings, a second
inline constexpr int kMaxPings = 2'000;         ///< a second; more of them end the link
inline constexpr int kMaxServers = 64; ///< that a client may allow

struct Timing {
    std::chrono::milliseconds heartbeat{5'000};
    std::chrono::milliseconds silence{15'000}; ///< a link that says nothing for so long is cut
    std::chrono::milliseconds hello{10'000};   ///< TLS, WebSocket and credential together
    std::chrono::milliseconds retryFirst{500}; ///< doubles with each failure
    std::chrono::milliseconds retryMost{15'000};
    std::chrono::milliseconds linger{60'000}; ///< for the other direction of a stream of which one has ended
    std::chrono::milliseconds farewell{2'000}; ///< for the last words of a link that ends in good order
};

} // namespace gatehouse::link
