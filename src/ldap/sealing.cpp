// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/sealing_p.h"

#include <QtEndian>

#include <algorithm>
#include <new>

#include <errno.h>
#include <string.h>

namespace gatehouse::ldap {
namespace {

struct Sealing {
    std::shared_ptr<kerberos::Initiator> initiator;
    qsizetype longestPlain = 0;
    quint32 longestToTake = 0;
    QByteArray plain; ///< unsealed and not handed on yet
    qsizetype begin = 0;
    /// What has come of the next message, its length of four octets first: it may come in parts.
    QByteArray sealed = {};
};

Sealing &of(Sockbuf_IO_Desc *layer)
{
    return *static_cast<Sealing *>(layer->sbiod_pvt);
}

int setUp(Sockbuf_IO_Desc *layer, void *sealing)
{
    layer->sbiod_pvt = sealing;
    return 0;
}

int remove(Sockbuf_IO_Desc *layer)
{
    delete static_cast<Sealing *>(layer->sbiod_pvt);
    layer->sbiod_pvt = nullptr;
    return 0;
}

int control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    if (option == LBER_SB_OPT_DATA_READY && of(layer).begin < of(layer).plain.size())
        return 1;
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

/// Reads on until `sealed` has @p count octets; what the layer below says where it has no more now.
ber_slen_t readUpTo(Sockbuf_IO_Desc *layer, qsizetype count)
{
    QByteArray &sealed = of(layer).sealed;
    while (sealed.size() < count) {
        const qsizetype had = sealed.size();
        sealed.resize(count);
        const ber_slen_t got = LBER_SBIOD_READ_NEXT(layer, sealed.data() + had, ber_len_t(count - had));
        sealed.resize(had + std::max<qsizetype>(0, got));
        if (got <= 0)
            return got;
    }
    return ber_slen_t(count);
}

/// Unseals the next message, which may be empty; 0 or less when there is none.
ber_slen_t refill(Sockbuf_IO_Desc *layer)
{
    constexpr qsizetype kLength = 4;
    Sealing &sealing = of(layer);
    if (const ber_slen_t got = readUpTo(layer, kLength); got <= 0)
        return got;
    const quint32 size = qFromBigEndian<quint32>(sealing.sealed.constData());
    if (size == 0 || size > sealing.longestToTake) {
        errno = EMSGSIZE;
        return -1;
    }
    if (const ber_slen_t got = readUpTo(layer, kLength + qsizetype(size)); got <= 0)
        return got;
    auto plain = sealing.initiator->unwrap(QByteArray(sealing.sealed.constData() + kLength, qsizetype(size)), true);
    if (!plain) {
        errno = EBADMSG;
        return -1;
    }
    sealing.plain = *std::move(plain);
    sealing.begin = 0;
    sealing.sealed.clear();
    return 1;
}

ber_slen_t read(Sockbuf_IO_Desc *layer, void *target, ber_len_t length)
{
    Sealing &sealing = of(layer);
    while (sealing.begin == sealing.plain.size()) {
        if (const ber_slen_t got = refill(layer); got <= 0)
            return got;
    }
    const auto count = std::min<qsizetype>(qsizetype(length), sealing.plain.size() - sealing.begin);
    memcpy(target, sealing.plain.constData() + sealing.begin, size_t(count));
    sealing.begin += count;
    return ber_slen_t(count);
}

ber_slen_t write(Sockbuf_IO_Desc *layer, void *octets, ber_len_t length)
{
    Sealing &sealing = of(layer);
    const auto count = std::min<qsizetype>(qsizetype(length), sealing.longestPlain);
    const auto sealed = sealing.initiator->wrap(QByteArrayView(static_cast<const char *>(octets), count), true);
    if (!sealed) {
        errno = EBADMSG;
        return -1;
    }
    QByteArray message(4, Qt::Uninitialized);
    qToBigEndian(quint32(sealed->size()), message.data());
    message += *sealed;
    // The socket blocks: either all of it goes, or the connection is lost.
    qsizetype done = 0;
    while (done < message.size()) {
        const ber_slen_t sent = LBER_SBIOD_WRITE_NEXT(layer, message.data() + done, ber_len_t(message.size() - done));
        if (sent <= 0)
            return -1;
        done += sent;
    }
    return ber_slen_t(count);
}

int close(Sockbuf_IO_Desc *)
{
    return 0;
}

} // namespace

bool addSealing(Connection &connection, std::shared_ptr<kerberos::Initiator> initiator, quint32 longestToSend, quint32 longestToTake)
{
    static Sockbuf_IO kLayer{setUp, remove, control, read, write, close};
    Sockbuf *buffer = nullptr;
    if (ldap_get_option(connection.ld, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || buffer == nullptr)
        return false;
    const qsizetype longestPlain = initiator->longestPlain(longestToSend);
    if (longestPlain <= 0)
        return false;
    auto sealing = std::make_unique<Sealing>(Sealing{std::move(initiator), longestPlain, longestToTake, {}, 0});
    if (ber_sockbuf_add_io(buffer, &kLayer, LBER_SBIOD_LEVEL_APPLICATION, sealing.get()) != 0)
        return false;
    [[maybe_unused]] Sealing *ownedByTheLayer = sealing.release();
    return true;
}

} // namespace gatehouse::ldap
