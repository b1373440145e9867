// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/reservoir_p.h"

#include "ldap/watchdog_p.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>

#include <sys/socket.h>

namespace gatehouse::ldap {
namespace {

constexpr size_t kCapacity = 256 * 1024;
/// Pieces shorter than this, so many in a row, are a stream worth waiting for. A request starts anew.
constexpr ber_slen_t kSmallPiece = 8 * 1024;
constexpr int kStreamPieces = 8;
/// A local server fills about 30 entries in this time; a page is late by it once.
constexpr std::chrono::microseconds kPause{150};

struct Reservoir {
    Watchdog *watchdog = nullptr;
    std::array<char, kCapacity> octets;
    size_t begin = 0;
    size_t end = 0;
    int smallPieces = 0;
};

Reservoir &of(Sockbuf_IO_Desc *layer)
{
    return *static_cast<Reservoir *>(layer->sbiod_pvt);
}

int setUp(Sockbuf_IO_Desc *layer, void *watchdog)
{
    auto *reservoir = new (std::nothrow) Reservoir;
    layer->sbiod_pvt = reservoir;
    if (reservoir == nullptr)
        return -1;
    reservoir->watchdog = static_cast<Watchdog *>(watchdog);
    return 0;
}

int remove(Sockbuf_IO_Desc *layer)
{
    delete static_cast<Reservoir *>(layer->sbiod_pvt);
    layer->sbiod_pvt = nullptr;
    return 0;
}

int control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    // The socket blocks and the watchdog bounds it: there is no need to poll before a read.
    if (option == LBER_SB_OPT_DATA_READY)
        return 1;
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

ber_slen_t read(Sockbuf_IO_Desc *layer, void *target, ber_len_t length)
{
    Reservoir &reservoir = of(layer);
    if (reservoir.begin == reservoir.end) {
        if (reservoir.smallPieces >= kStreamPieces)
            std::this_thread::sleep_for(kPause);
        const ber_slen_t got = LBER_SBIOD_READ_NEXT(layer, reservoir.octets.data(), kCapacity);
        if (got <= 0)
            return got;
        reservoir.watchdog->heard(got);
        if (got < kSmallPiece)
            ++reservoir.smallPieces;
        reservoir.begin = 0;
        reservoir.end = size_t(got);
    }
    const size_t count = std::min<size_t>(length, reservoir.end - reservoir.begin);
    memcpy(target, reservoir.octets.data() + reservoir.begin, count);
    reservoir.begin += count;
    return ber_slen_t(count);
}

ber_slen_t write(Sockbuf_IO_Desc *layer, void *octets, ber_len_t length)
{
    of(layer).smallPieces = 0;
    ber_socket_t socket = -1;
    ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &socket);
    // liblber's own write() would end the whole program by SIGPIPE when the server is gone.
    return ::send(socket, octets, length, MSG_NOSIGNAL);
}

int close(Sockbuf_IO_Desc *)
{
    return 0;
}

} // namespace

bool addReservoir(Sockbuf *buffer, Watchdog &watchdog)
{
    static Sockbuf_IO kLayer{setUp, remove, control, read, write, close};
    return ber_sockbuf_add_io(buffer, &kLayer, LBER_SBIOD_LEVEL_PROVIDER, &watchdog) == 0;
}

} // namespace gatehouse::ldap
