// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/files.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::store {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr mode_t kOwn = S_IRUSR | S_IWUSR;
constexpr mode_t kShared = kOwn | S_IRGRP | S_IWGRP;

QByteArray encoded(const QString &path)
{
    return QFile::encodeName(path);
}

QString folderOf(const QString &path)
{
    return QFileInfo(path).absolutePath();
}

} // namespace

unsigned int fileModeIn(const QString &folder)
{
    struct stat status = {};
    const bool isShared = ::stat(encoded(folder).constData(), &status) == 0 && (status.st_mode & S_ISGID) != 0;
    return isShared ? kShared : kOwn;
}

bool canWrite(const QString &path)
{
    return ::faccessat(AT_FDCWD, encoded(path).constData(), W_OK, AT_EACCESS) == 0;
}

bool canRead(const QString &path)
{
    return ::faccessat(AT_FDCWD, encoded(path).constData(), R_OK, AT_EACCESS) == 0;
}

bool isSameFile(const QString &path, const QString &other)
{
    struct stat one = {};
    struct stat two = {};
    return ::stat(encoded(path).constData(), &one) == 0 && ::stat(encoded(other).constData(), &two) == 0
           && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool belongsTo(const QString &environmentPath, const QString &path)
{
    const QFileInfo info(path);
    // As a link leads, also where nothing is yet.
    const QString target = info.isSymLink() ? info.symLinkTarget() : info.absoluteFilePath();
    for (const char *suffix : {"", "-wal", "-shm", "-journal", "-endpoint.pem"}) {
        const QString file = environmentPath + QLatin1String(suffix);
        if (isSameFile(target, file) || target == QFileInfo(file).absoluteFilePath())
            return true;
    }
    const QString own = QFileInfo(environmentPath).absoluteFilePath();
    return target.startsWith(own + u'.') && target.endsWith(u".lock");
}

Error fileError(int number, const QString &what, const QString &path)
{
    const bool isFull = number == ENOSPC || number == EDQUOT || number == EFBIG;
    const Code code = isFull ? Code::LimitExceeded : number == ENOENT || number == ENOTDIR ? Code::NotFound : Code::Denied;
    Error error{code, what, qt_error_string(number), path, number};
    error.isLocal = true;
    return error;
}

Result<void> makeEmptyFile(const QString &path)
{
    const auto failed = [&](int number) {
        return core::fail(fileError(number, QStringLiteral("the environment's file cannot be made"), path));
    };
    const QString passing = path + u'.' + QUuid::createUuid().toString(QUuid::Id128) + QStringLiteral(".new");
    const mode_t mode = fileModeIn(folderOf(path));
    const int descriptor = ::open(encoded(passing).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (descriptor < 0)
        return failed(errno);
    // Whatever the umask is.
    const bool isMade = ::fchmod(descriptor, mode) == 0;
    int number = isMade ? 0 : errno;
    ::close(descriptor);
    if (isMade && ::renameat2(AT_FDCWD, encoded(passing).constData(), AT_FDCWD, encoded(path).constData(), RENAME_NOREPLACE) == 0)
        return {};
    if (isMade)
        number = errno;
    // File systems that know no such renaming know links.
    if (isMade && number == EINVAL)
        number = ::link(encoded(passing).constData(), encoded(path).constData()) == 0 ? 0 : errno;
    ::unlink(encoded(passing).constData());
    if (number == 0 || number == EEXIST)
        return {};
    return failed(number);
}

Result<void> makeFoldersFor(const QString &path)
{
    QStringList missing;
    for (QString folder = folderOf(path); !QFileInfo::exists(folder); folder = folderOf(folder))
        missing.prepend(folder);
    for (const QString &folder : std::as_const(missing)) {
        if (::mkdir(encoded(folder).constData(), S_IRWXU) != 0 && errno != EEXIST)
            return core::fail(fileError(errno, QStringLiteral("the folder for the environment cannot be made"), folder));
    }
    return {};
}

Result<void> makeFolder(const QString &path)
{
    const bool isShared = fileModeIn(folderOf(path)) == kShared;
    if (::mkdir(encoded(path).constData(), S_IRWXU) == 0) {
        // Whatever the umask is; the bit that hands the group on comes from the folder above.
        if (!isShared || ::chmod(encoded(path).constData(), S_ISGID | S_IRWXU | S_IRWXG) == 0)
            return {};
    } else if (errno == EEXIST) {
        return {};
    }
    return core::fail(fileError(errno, QStringLiteral("the folder cannot be made"), path));
}

QString defaultEnvironment()
{
    const QString named = qEnvironmentVariable("GATEHOUSE_ENVIRONMENT");
    if (!named.isEmpty())
        return named;
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
           + QStringLiteral("/gatehouse/default.gatehouse");
}

QList<Error> looseFiles(const QString &environmentPath)
{
    QList<Error> warnings;
    const mode_t allowed = fileModeIn(folderOf(environmentPath));
    for (const char *suffix : {"", "-wal", "-shm"}) {
        const QString path = environmentPath + QLatin1String(suffix);
        struct stat status = {};
        if (::stat(encoded(path).constData(), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO) & ~allowed) == 0)
            continue;
        Error warning{Code::Denied, QStringLiteral("others may read or write a file of the environment, with people's data in it"),
                      QStringLiteral("allow only its owner%1: chmod %2 '%3'")
                          .arg(allowed == kShared ? QStringLiteral(" and its group") : QString())
                          .arg(allowed, 0, 8).arg(path),
                      path};
        warning.isLocal = true;
        warnings.append(warning);
    }
    return warnings;
}

} // namespace gatehouse::store
