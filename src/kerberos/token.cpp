// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/token.h"

#include <optional>

namespace gatehouse::kerberos {

using core::Code;

namespace {

constexpr quint8 kApplication0 = 0x60;  // the frame of RFC 2743 3.1
constexpr quint8 kApplication14 = 0x6e; // AP-REQ
constexpr quint8 kObjectId = 0x06;
constexpr quint8 kSequence = 0x30;
constexpr quint8 kOctets = 0x04;
constexpr quint8 kContext = 0xa0; // + number
constexpr int kMechanismToken = 2;
constexpr int kTicket = 3;
const QByteArrayView kKerberos("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9); // 1.2.840.113554.1.2.2
const QByteArrayView kNegotiation("\x2b\x06\x01\x05\x05\x02", 6);          // 1.3.6.1.5.5.2
const QByteArrayView kRequest("\x01\x00", 2);                               // AP-REQ (RFC 4121 4.1)

/// A value of @p tag from the beginning of @p octets, which goes on behind it.
std::optional<QByteArrayView> take(QByteArrayView &octets, quint8 tag)
{
    if (octets.size() < 2 || quint8(octets.at(0)) != tag)
        return std::nullopt;
    quint64 length = quint8(octets.at(1));
    qsizetype header = 2;
    if (length >= 0x80) {
        const int more = int(length & 0x7f);
        if (more == 0 || more > 4 || octets.size() < 2 + more)
            return std::nullopt;
        length = 0;
        for (int i = 0; i < more; ++i)
            length = length << 8 | quint8(octets.at(2 + i));
        header += more;
    }
    if (length > quint64(octets.size() - header))
        return std::nullopt;
    const QByteArrayView value = octets.sliced(header, qsizetype(length));
    octets = octets.sliced(header + qsizetype(length));
    return value;
}

/// Element [@p number] of a sequence.
std::optional<QByteArrayView> element(QByteArrayView sequence, int number)
{
    while (!sequence.isEmpty()) {
        const quint8 tag = quint8(sequence.at(0));
        const auto value = take(sequence, tag);
        if (!value)
            return std::nullopt;
        if (tag == kContext + number)
            return value;
    }
    return std::nullopt;
}

/// What stands in the frame behind @p mechanism.
std::optional<QByteArrayView> unframed(QByteArrayView token, QByteArrayView mechanism)
{
    auto inner = take(token, kApplication0);
    if (!inner || !token.isEmpty())
        return std::nullopt;
    const auto named = take(*inner, kObjectId);
    return named && *named == mechanism ? inner : std::nullopt;
}

} // namespace

core::Result<QByteArray> kerberosToken(const QByteArray &token)
{
    const QString what = QStringLiteral("the ticket is not accepted");
    if (unframed(token, kKerberos))
        return token;
    auto negotiation = unframed(token, kNegotiation);
    if (!negotiation)
        return core::fail(Code::InvalidInput, what, QStringLiteral("it is not a Kerberos ticket"));
    const auto offer = take(*negotiation, kContext);
    QByteArrayView inOffer = offer.value_or(QByteArrayView());
    const auto sequence = take(inOffer, kSequence);
    const auto holder = sequence ? element(*sequence, kMechanismToken) : std::nullopt;
    QByteArrayView inHolder = holder.value_or(QByteArrayView());
    const auto inner = take(inHolder, kOctets);
    if (!inner || !unframed(*inner, kKerberos))
        return core::fail(Code::InvalidInput, what, QStringLiteral("it holds no Kerberos ticket, but only an offer to negotiate"));
    return inner->toByteArray();
}

QByteArray ticketOf(const QByteArray &kerberosToken)
{
    const auto body = unframed(kerberosToken, kKerberos);
    if (!body || !body->startsWith(kRequest))
        return {};
    QByteArrayView rest = body->sliced(kRequest.size());
    const auto request = take(rest, kApplication14);
    QByteArrayView inRequest = request.value_or(QByteArrayView());
    const auto sequence = take(inRequest, kSequence);
    const auto ticket = sequence ? element(*sequence, kTicket) : std::nullopt;
    return ticket ? ticket->toByteArray() : QByteArray();
}

} // namespace gatehouse::kerberos
