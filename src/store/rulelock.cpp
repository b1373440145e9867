// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rulelock.h"

#include "store/files.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSysInfo>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {

using core::Code;
using core::Result;

namespace {

constexpr size_t kMaxHolder = 512; // octets of what the file says

QString lockFile(const QString &environmentPath, const QUuid &rule)
{
    return environmentPath + u'.' + rule.toString(QUuid::WithoutBraces) + QStringLiteral(".lock");
}

/// Of the open file, not of the process: closing another descriptor of it drops nothing (fcntl(2), F_OFD_SETLK).
struct flock wholeFile()
{
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

QString holderOf(int descriptor)
{
    char text[kMaxHolder];
    const ssize_t length = ::pread(descriptor, text, sizeof(text), 0);
    return length > 0 ? QString::fromUtf8(text, length).trimmed() : QString();
}

void writeHolder(int descriptor)
{
    const QByteArray text = QStringLiteral("process %1 (%2) on %3\n")
                                .arg(QCoreApplication::applicationPid())
                                .arg(QCoreApplication::applicationName(), QSysInfo::machineHostName())
                                .toUtf8();
    // Only for people to read: whoever cannot write it (a full disk) holds the lock all the same.
    if (::ftruncate(descriptor, 0) == 0)
        [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, text.constData(), size_t(text.size()), 0);
}

/// False: somebody has removed the file meanwhile, or another stands under its name.
bool isStillNamed(int descriptor, const QByteArray &path)
{
    struct stat opened = {};
    struct stat named = {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.constData(), &named) == 0 && opened.st_dev == named.st_dev
           && opened.st_ino == named.st_ino;
}

} // namespace

Result<RuleLock> RuleLock::acquire(const QString &environmentPath, const QUuid &rule)
{
    return take(lockFile(environmentPath, rule), QStringLiteral("another run holds the rule"));
}

Result<RuleLock> RuleLock::forIndexes(const QString &environmentPath)
{
    return take(environmentPath + QStringLiteral(".indexes.lock"),
                QStringLiteral("another process is loading many users"));
}

bool RuleLock::isHeld(const QString &environmentPath, const QUuid &rule)
{
    const int descriptor = ::open(QFile::encodeName(lockFile(environmentPath, rule)).constData(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == EACCES; // somebody else's: it cannot be told, and it is not over as far as is known
    struct flock lock = wholeFile();
    const bool isHeld = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(descriptor);
    return isHeld;
}

Result<RuleLock> RuleLock::take(const QString &path, const QString &whenHeld)
{
    const auto failed = [&](int number) {
        return core::fail(fileError(number, QStringLiteral("the lock file beside the environment cannot be written"), path));
    };
    const QByteArray name = QFile::encodeName(path);
    const mode_t mode = fileModeIn(QFileInfo(path).absolutePath());
    for (;;) {
        int descriptor = ::open(name.constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (descriptor >= 0)
            ::fchmod(descriptor, mode); // whatever the umask is
        else if (errno == EEXIST)
            descriptor = ::open(name.constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (descriptor < 0 && errno == ENOENT && QFileInfo(QFileInfo(path).absolutePath()).isDir())
            continue; // its holder has removed it just now
        if (descriptor < 0)
            return failed(errno == ENOENT ? EACCES : errno);
        struct flock lock = wholeFile();
        if (::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
            const int number = errno;
            const QString holder = holderOf(descriptor);
            ::close(descriptor);
            if (number == EAGAIN || number == EACCES)
                return core::failLocally(Code::Locked, whenHeld, holder, path);
            return failed(number);
        }
        if (isStillNamed(descriptor, name)) {
            writeHolder(descriptor);
            return RuleLock(descriptor, name);
        }
        ::close(descriptor);
    }
}

RuleLock::RuleLock(RuleLock &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path))
{
}

RuleLock &RuleLock::operator=(RuleLock &&other) noexcept
{
    if (this != &other) {
        release();
        m_descriptor = std::exchange(other.m_descriptor, -1);
        m_path = std::move(other.m_path);
    }
    return *this;
}

RuleLock::~RuleLock()
{
    release();
}

void RuleLock::release()
{
    if (m_descriptor < 0)
        return;
    // While it is held: whoever opens the file now finds that it has no name any more, and tries again.
    ::unlink(m_path.constData());
    ::close(m_descriptor);
    m_descriptor = -1;
}

} // namespace gatehouse::store
