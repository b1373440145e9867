// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzers of what strangers send through the tunnel.
#include "tests/fuzz/target.h"

#include "link/frame.h"
#include "link/messages.h"

using namespace gatehouse;
using fuzz::require;
using fuzz::Target;

namespace {

void frame(QByteArrayView input)
{
    const auto read = link::decode(input);
    if (read) {
        require(link::encode(read->type, read->stream, read->payload) == input);
        if (read->type == link::FrameType::Credit)
            require(link::creditOf(read->payload) > 0);
    }
    const QByteArrayView payload = read ? read->payload : input;
    if (const auto hello = link::parseHello(payload))
        require(hello->version.size() <= 32);
    [[maybe_unused]] const auto report = link::parseReport(payload);
    if (const auto open = link::parseOpen(payload))
        require(open->port > 0 && open->milliseconds > 0);
    [[maybe_unused]] const auto welcome = link::parseWelcome(payload);
    [[maybe_unused]] const core::Error error = link::parseError(payload);
}

} // namespace

QList<Target> gatehouse::fuzz::linkTargets()
{
    const auto made = [](link::FrameType type, quint32 stream, QByteArrayView payload) { return link::encode(type, stream, payload); };
    return {{"frame", &frame,
             {made(link::FrameType::Open, 7, R"({"host":"dc1.example.com","port":636,"milliseconds":5000})"),
              made(link::FrameType::Report, 0, R"({"busy":5,"servers":[{"server":"a:1","up":true,"detail":"x"}]})"),
              made(link::FrameType::Welcome, 0, R"({"protocol":1})"), made(link::FrameType::Credit, 3, link::creditPayload(65536)),
              made(link::FrameType::Failed, 3, R"({"code":"TIMEOUT","what":"a","detail":"b"})"), made(link::FrameType::Data, 1, "x"),
              made(link::FrameType::Ping, 0, "12345678")},
             {"{", "}", "\"", "\"host\":", "\"port\":-1", "1e308", "[", "]", "\\ud800", "null"}}};
}
