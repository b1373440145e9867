// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/frame.h"

#include "link/limits.h"

#include <QtEndian>

namespace gatehouse::link {

using core::Code;

namespace {

constexpr qsizetype kPingOctets = 8;
constexpr qsizetype kCreditOctets = 4;

struct Form {
    bool isKnown = false;
    bool hasStream = false;
    qsizetype least = 0;
    qsizetype most = 0;
};

Form formOf(FrameType type)
{
    switch (type) {
    case FrameType::Hello:
    case FrameType::Welcome:
    case FrameType::Report:
        return {true, false, 2, kMaxText};
    case FrameType::Bye:
        return {true, false, 0, kMaxText};
    case FrameType::Ping:
    case FrameType::Pong:
        return {true, false, kPingOctets, kPingOctets};
    case FrameType::Open:
    case FrameType::Failed:
        return {true, true, 2, kMaxText};
    case FrameType::Opened:
    case FrameType::Reset:
        return {true, true, 0, kMaxText};
    case FrameType::Data:
        return {true, true, 1, kMaxChunk};
    case FrameType::Credit:
        return {true, true, kCreditOctets, kCreditOctets};
    case FrameType::End:
        return {true, true, 0, 0};
    }
    return {};
}

} // namespace

void writeHeader(QByteArray &message, FrameType type, quint32 stream)
{
    message[0] = char(type);
    qToBigEndian(stream, message.data() + 1);
}

QByteArray encode(FrameType type, quint32 stream, QByteArrayView payload)
{
    QByteArray message(kFrameHeader, Qt::Uninitialized);
    message.reserve(kFrameHeader + payload.size());
    writeHeader(message, type, stream);
    message.append(payload);
    return message;
}

QByteArray creditPayload(quint32 octets)
{
    QByteArray payload(kCreditOctets, Qt::Uninitialized);
    qToBigEndian(octets, payload.data());
    return payload;
}

quint32 creditOf(QByteArrayView payload)
{
    return qFromBigEndian<quint32>(payload.data());
}

core::Result<Frame> decode(QByteArrayView message)
{
    const auto broken = [](const QString &why) { return core::fail(Code::Protocol, why); };
    if (message.size() < kFrameHeader)
        return broken(QStringLiteral("a frame of %1 octets is too short").arg(message.size()));
    Frame frame{FrameType(quint8(message.at(0))), qFromBigEndian<quint32>(message.data() + 1), message.sliced(kFrameHeader)};
    const Form form = formOf(frame.type);
    if (!form.isKnown)
        return broken(QStringLiteral("there is no frame of type %1").arg(quint8(frame.type)));
    if (form.hasStream != (frame.stream != 0))
        return broken(QStringLiteral("a frame of type %1 on stream %2").arg(quint8(frame.type)).arg(frame.stream));
    if (frame.payload.size() < form.least || frame.payload.size() > form.most)
        return broken(QStringLiteral("a frame of type %1 with %2 octets").arg(quint8(frame.type)).arg(frame.payload.size()));
    if (frame.type == FrameType::Credit && (creditOf(frame.payload) == 0 || creditOf(frame.payload) > kWindow))
        return broken(QStringLiteral("a credit of %1 octets").arg(creditOf(frame.payload)));
    return frame;
}

} // namespace gatehouse::link
