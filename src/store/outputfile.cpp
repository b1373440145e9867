// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/outputfile.h"

#include "store/files.h"

#include <QFile>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {

using core::Result;

namespace {
constexpr qsizetype kFlushAt = 256 * 1024; // octets

/// By its first octets (https://www.sqlite.org/fileformat2.html, 1.3). Never asked of the environment that is open here: to
/// close it would drop its locks.
bool isDatabase(const QByteArray &path)
{
    constexpr char kMagic[] = "SQLite format 3"; // its closing null is the sixteenth octet
    char start[sizeof kMagic] = {};
    const int descriptor = ::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return false;
    const ssize_t got = ::read(descriptor, start, sizeof start);
    ::close(descriptor);
    return got == sizeof start && memcmp(start, kMagic, sizeof kMagic) == 0;
}
}

int writeAll(int descriptor, QByteArrayView octets)
{
    while (!octets.isEmpty()) {
        const ssize_t written = ::write(descriptor, octets.data(), size_t(octets.size()));
        if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            // Somebody else has made it non-blocking: terminals and pipes are shared.
            pollfd ready{descriptor, POLLOUT, 0};
            ::poll(&ready, 1, -1);
            continue;
        }
        if (written < 0 && errno != EINTR)
            return errno;
        octets = octets.sliced(qMax(ssize_t(0), written));
    }
    return 0;
}

OutputFile::~OutputFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_passing.isEmpty())
        ::unlink(m_passing.constData());
}

core::Error OutputFile::error(int number) const
{
    return fileError(number, QStringLiteral("The file cannot be written"), m_path);
}

Result<void> OutputFile::open(const QString &environmentPath)
{
    const QFileInfo info(m_path);
    // As a link leads, also where nothing is yet.
    const QString target = info.isSymLink() ? info.symLinkTarget() : info.absoluteFilePath();
    m_target = QFile::encodeName(target);
    struct stat there = {};
    const bool exists = ::stat(m_target.constData(), &there) == 0;
    if (!environmentPath.isEmpty() && belongsTo(environmentPath, target))
        return core::failLocally(core::Code::InvalidInput, QStringLiteral("The environment itself cannot be written over"),
                                 QStringLiteral("give another file"), m_path);
    if (exists && S_ISDIR(there.st_mode))
        return core::fail(error(EISDIR));
    // Without knowing which environment is open nothing may be opened to look: it might be that one.
    if (!environmentPath.isEmpty() && exists && S_ISREG(there.st_mode) && isDatabase(m_target))
        return core::failLocally(core::Code::InvalidInput, QStringLiteral("A database, such as an environment, is not written over"),
                                 QStringLiteral("give another file, or remove this one first"), m_path);
    if (exists && !S_ISREG(there.st_mode)) {
        // A named pipe that nobody reads is refused instead of waited for.
        m_descriptor = ::open(m_target.constData(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        return m_descriptor >= 0 ? Result<void>() : core::fail(error(errno));
    }
    const mode_t mode = fileModeIn(QFileInfo(target).absolutePath());
    m_passing = m_target + '.' + QUuid::createUuid().toByteArray(QUuid::Id128) + ".new";
    m_descriptor = ::open(m_passing.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (m_descriptor < 0) {
        const int number = errno;
        m_passing.clear();
        return core::fail(error(number));
    }
    if (::fchmod(m_descriptor, mode) != 0) // whatever the umask is
        return core::fail(error(errno));
    return {};
}

void OutputFile::write(QByteArrayView octets)
{
    if (m_fault != 0)
        return;
    m_buffer.append(octets);
    if (m_buffer.size() >= kFlushAt)
        flush();
}

void OutputFile::flush()
{
    if (m_fault == 0)
        m_fault = writeAll(m_descriptor, m_buffer);
    m_buffer.clear();
}

Result<void> OutputFile::commit()
{
    flush();
    const bool isWhole = !m_passing.isEmpty();
    if (m_fault == 0 && isWhole && ::fsync(m_descriptor) != 0)
        m_fault = errno;
    if (::close(std::exchange(m_descriptor, -1)) != 0 && m_fault == 0)
        m_fault = errno;
    if (m_fault == 0 && isWhole) {
        if (::rename(m_passing.constData(), m_target.constData()) == 0)
            m_passing.clear();
        else
            m_fault = errno;
    }
    return m_fault == 0 ? Result<void>() : core::fail(error(m_fault));
}

} // namespace gatehouse::store
