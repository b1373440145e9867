// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/vault.h"

#include "core/config/secretreference.h"
#include "core/textfile.h"
#include "gateway/keychain_p.h"

#include <QFile>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::Error;
using core::Secret;
using core::SecretReference;

constexpr qsizetype kMaxSecret = 64 * 1024; ///< octets; more is no password but a mistaken path

QString errnoText(int number)
{
    return QString::fromStdString(std::system_category().message(number));
}

core::Result<Secret> fromEnvironment(const QString &name, const SecretOwner &owner)
{
    const QByteArray variable = name.toLocal8Bit();
    const char *value = ::getenv(variable.constData());
    if (value == nullptr || *value == '\0')
        return core::fail(Code::NotFound, QStringLiteral("no password for %1").arg(owner.name),
                          value == nullptr ? QStringLiteral("the environment variable is not set")
                                           : QStringLiteral("the environment variable is empty"),
                          name);
    return Secret(QByteArray(value));
}

core::Result<Secret> fromFile(const QString &path, const SecretOwner &owner)
{
    const auto failed = [&](Code code, const QString &detail, int number = 0) {
        return core::fail(Error{code, QStringLiteral("no password for %1").arg(owner.name), detail, path, number});
    };
    // The permissions are those of the very file that is read, so it is opened first. O_NONBLOCK: a named pipe must
    // not hold us up.
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return failed(errno == ENOENT || errno == ENOTDIR ? Code::NotFound : Code::Denied, errnoText(errno), errno);
    QFile file;
    // Unbuffered: no second copy of a password is left in memory.
    if (!file.open(descriptor, QIODevice::ReadOnly | QIODevice::Unbuffered, QFileDevice::AutoCloseHandle)) {
        ::close(descriptor);
        return failed(Code::Denied, file.errorString());
    }
    struct stat info {};
    if (::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode))
        return failed(Code::InvalidInput, QStringLiteral("it is not a file"));
    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return failed(Code::Denied,
                      QStringLiteral("others may read the file; allow only its owner: chmod 600 '%1'").arg(path));
    QByteArray octets = file.read(kMaxSecret + 1);
    if (octets.size() > kMaxSecret)
        return failed(Code::InvalidInput, QStringLiteral("the file is too long for a password"));
    QByteArray secret = core::secretOfFile(octets);
    octets.fill('\0');
    if (secret.isEmpty())
        return failed(Code::NotFound, QStringLiteral("the file is empty"));
    return Secret(std::move(secret));
}

} // namespace

core::Result<Secret> readSecret(const SecretReference &reference, const SecretOwner &owner,
                                const core::CancelToken &cancel)
{
    switch (reference.kind) {
    case SecretReference::Kind::None:
        return Secret();
    case SecretReference::Kind::Environment:
        return fromEnvironment(reference.name, owner);
    case SecretReference::Kind::File:
        return fromFile(reference.name, owner);
    case SecretReference::Kind::Keychain:
        break;
    }
    return readKeychain(owner, kKeychainDeadline, cancel);
}

core::Result<void> storeInKeychain(const SecretOwner &owner, const Secret &secret)
{
    return writeKeychain(owner, secret, kKeychainDeadline);
}

core::Result<void> forgetInKeychain(const SecretOwner &owner)
{
    return eraseKeychain(owner, kKeychainDeadline);
}

} // namespace gatehouse::gateway
