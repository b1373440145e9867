// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keychain.h"

#include "tests/support/testservers.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

namespace gatehouse::test {

namespace {
constexpr char kInside[] = "GATEHOUSE_TEST_KEYCHAIN";
}

bool Keychain::isInstalled()
{
    return !TestServers::find(QStringLiteral("dbus-run-session")).isEmpty()
           && !TestServers::find(QStringLiteral("gnome-keyring-daemon")).isEmpty();
}

QStringList Keychain::command()
{
    return {QStringLiteral("dbus-run-session"), QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("printf 'pw\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "
                           "exec \"$0\" \"$@\"")};
}

QProcessEnvironment Keychain::environment(const QTemporaryDir &home)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    for (const char *folder : {"HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"})
        environment.insert(QString::fromLatin1(folder), home.path());
    return environment;
}

std::optional<int> Keychain::enter(int argc, char **argv)
{
    if (qEnvironmentVariableIsSet(kInside) || !isInstalled())
        return std::nullopt;
    QTemporaryDir home;
    QProcessEnvironment surroundings = environment(home);
    surroundings.insert(QString::fromLatin1(kInside), QStringLiteral("1"));
    QStringList whole = command();
    whole << QFileInfo(QString::fromLocal8Bit(argv[0])).absoluteFilePath();
    for (int i = 1; i < argc; ++i)
        whole << QString::fromLocal8Bit(argv[i]);
    QProcess process;
    process.setProcessEnvironment(surroundings);
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.setInputChannelMode(QProcess::ForwardedInputChannel);
    process.start(whole.takeFirst(), whole);
    process.waitForFinished(-1);
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : 1;
}

int Keychain::count()
{
    QProcess process;
    process.start(QStringLiteral("dbus-send"),
                  {QStringLiteral("--session"), QStringLiteral("--print-reply"), QStringLiteral("--dest=org.freedesktop.secrets"),
                   QStringLiteral("/org/freedesktop/secrets/aliases/default"),
                   QStringLiteral("org.freedesktop.DBus.Properties.Get"),
                   QStringLiteral("string:org.freedesktop.Secret.Collection"), QStringLiteral("string:Items")});
    if (!process.waitForFinished() || process.exitCode() != 0)
        return -1;
    return int(process.readAllStandardOutput().count("object path"));
}

} // namespace gatehouse::test
