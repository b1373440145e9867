// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/planblocks.h"

#include "store/files.h"
#include "store/outputfile.h"

#include <QFileInfo>
#include <QTemporaryFile>
#include <QtEndian>

#include <algorithm>
#include <cerrno>

#include <unistd.h>
#include <zlib.h>

namespace gatehouse::provision {

namespace {

constexpr quint64 kDeflateAtBest = 1032; ///< no more octets come out of one that was packed

/// As the system's other programs take it; Qt would go to the root of all folders where it names none.
QString temporaryFolder()
{
    const QString named = qEnvironmentVariable("TMPDIR");
    return named.isEmpty() ? QStringLiteral("/tmp") : named;
}

QByteArray toOctets(const BlockFile::Head &head)
{
    QByteArray octets(BlockFile::kHeadSize, Qt::Uninitialized);
    qToLittleEndian(head.stored, octets.data());
    qToLittleEndian(head.unpacked, octets.data() + 4);
    qToLittleEndian(head.count, octets.data() + 8);
    octets[10] = char(head.kind);
    octets[11] = char(head.isPacked);
    return octets;
}

} // namespace

QString BlockFile::place() const
{
    return m_isTemporary ? temporaryFolder() : m_file->fileName();
}

core::Error BlockFile::damaged(const QString &detail) const
{
    core::Error error{core::Code::Corrupt, QStringLiteral("This is not a whole plan"), detail, place()};
    error.isLocal = true;
    return error;
}

core::Error BlockFile::writeError(int number) const
{
    const bool isFull = number == ENOSPC || number == EDQUOT;
    core::Error error{isFull ? core::Code::LimitExceeded : core::Code::Denied,
                      QStringLiteral("The plan cannot be written to the temporary folder"),
                      QStringLiteral("%1; the variable TMPDIR names another").arg(qt_error_string(number)),
                      temporaryFolder()};
    error.isLocal = true;
    return error;
}

core::Result<quint64> BlockFile::append(quint8 kind, quint16 count, QByteArrayView octets)
{
    if (!m_file) {
        auto made = std::make_unique<QTemporaryFile>(temporaryFolder() + QStringLiteral("/gatehouse-plan.XXXXXX"));
        if (!made->open())
            return core::fail(writeError(errno));
        // Without a name it goes with the process, however that ends.
        QFile::remove(made->fileName());
        m_file = std::move(made);
    }
    const quint64 at = m_size;
    const Head head{quint32(octets.size()), quint32(octets.size()), count, kind, false};
    for (const QByteArrayView part : {QByteArrayView(toOctets(head)), octets}) {
        if (const int number = store::writeAll(m_file->handle(), part); number != 0)
            return core::fail(writeError(number));
        m_size += quint64(part.size());
    }
    return at;
}

core::Result<void> BlockFile::open(const QString &path)
{
    m_isTemporary = false;
    m_file = std::make_unique<QFile>(path);
    // Opening a pipe would wait for somebody who writes.
    if (const QFileInfo info(path); info.exists() && !info.isFile())
        return core::fail(damaged(QStringLiteral("It is no ordinary file")));
    if (!m_file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return core::fail(store::fileError(errno, QStringLiteral("The plan cannot be read"), path));
    m_size = quint64(m_file->size());
    return {};
}

core::Result<QByteArray> BlockFile::octets(quint64 at, qsizetype length) const
{
    if (at > m_size || quint64(length) > m_size - at)
        return core::fail(damaged(QStringLiteral("It ends too early")));
    // pread, not a mapping: pages read once must not count as this program's memory.
    QByteArray octets(length, Qt::Uninitialized);
    for (qsizetype got = 0; got < octets.size();) {
        const ssize_t n = ::pread(m_file->handle(), octets.data() + got, size_t(octets.size() - got), off_t(at) + got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return core::fail(
                store::fileError(n < 0 ? errno : EIO, QStringLiteral("The plan cannot be read back"), place()));
        got += n;
    }
    return octets;
}

core::Result<BlockFile::Head> BlockFile::head(quint64 at, quint64 end) const
{
    if (at > end || end - at < quint64(kHeadSize))
        return core::fail(damaged(QStringLiteral("A block ends too early")));
    const auto octets = this->octets(at, kHeadSize);
    if (!octets)
        return core::fail(octets.error());
    const char *data = octets->constData();
    Head head;
    head.stored = qFromLittleEndian<quint32>(data);
    head.unpacked = qFromLittleEndian<quint32>(data + 4);
    head.count = qFromLittleEndian<quint16>(data + 8);
    head.kind = quint8(data[10]);
    head.isPacked = data[11] != 0;
    const bool fits = head.isPacked ? head.unpacked <= head.stored * kDeflateAtBest : head.unpacked == head.stored;
    if (!fits || head.unpacked > quint64(kLongestBlock) || head.stored > end - at - quint64(kHeadSize))
        return core::fail(damaged(QStringLiteral("A block's length is wrong")));
    return head;
}

core::Result<QByteArray> BlockFile::block(quint64 at, quint64 end) const
{
    const auto head = this->head(at, end);
    if (!head)
        return core::fail(head.error());
    auto stored = octets(at + quint64(kHeadSize), head->stored);
    if (!stored || !head->isPacked)
        return stored;
    QByteArray unpacked(head->unpacked, Qt::Uninitialized);
    uLongf length = uLongf(unpacked.size());
    const int done = ::uncompress(reinterpret_cast<Bytef *>(unpacked.data()), &length,
                                  reinterpret_cast<const Bytef *>(stored->constData()), uLong(stored->size()));
    if (done != Z_OK || qsizetype(length) != unpacked.size())
        return core::fail(damaged(QStringLiteral("A block cannot be unpacked")));
    return unpacked;
}

QByteArray BlockFile::packed(quint8 kind, quint16 count, QByteArrayView octets)
{
    Head head{0, quint32(octets.size()), count, kind, true};
    QByteArray out(kHeadSize + qsizetype(::compressBound(uLong(octets.size()))), Qt::Uninitialized);
    uLongf length = uLongf(out.size() - kHeadSize);
    const int done = ::compress2(reinterpret_cast<Bytef *>(out.data() + kHeadSize), &length,
                                 reinterpret_cast<const Bytef *>(octets.data()), uLong(octets.size()), Z_BEST_SPEED);
    head.isPacked = done == Z_OK && qsizetype(length) < octets.size();
    head.stored = head.isPacked ? quint32(length) : head.unpacked;
    const QByteArray first = toOctets(head);
    std::copy(first.cbegin(), first.cend(), out.begin());
    if (!head.isPacked)
        std::copy(octets.cbegin(), octets.cend(), out.begin() + kHeadSize);
    out.truncate(kHeadSize + qsizetype(head.stored));
    return out;
}

} // namespace gatehouse::provision
