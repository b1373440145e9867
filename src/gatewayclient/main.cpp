// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehouse-gateway: reads its settings, dials out, watches its servers, answers about its health, and ends in good
// order on SIGTERM or Ctrl+C.
#include "core/secretmemory.h"
#include "core/visibletext.h"
#include "gatewayclient/healthserver.h"
#include "gatewayclient/serverwatch.h"
#include "gatewayclient/settings.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>

#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

constexpr int kDone = 0;
constexpr int kUsage = 2;

int signalSockets[2] = {-1, -1};

void onSignal(int)
{
    // The second time, of whichever kind, it is meant: no more farewell.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    const char octet = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalSockets[0], &octet, 1);
}

void writeLog(const QString &line)
{
    // The journal has its own times.
    static const bool isJournal = qEnvironmentVariableIsSet("JOURNAL_STREAM");
    const QString time = isJournal ? QString() : QDateTime::currentDateTime().toString(Qt::ISODate) + u' ';
    std::fprintf(stderr, "%s%s\n", qPrintable(time), qPrintable(core::visible(line)));
}

/// The exit code after something was printed: whoever cannot have it is told.
int afterPrinting()
{
    if (std::fflush(stdout) == 0)
        return kDone;
    std::perror("gatehouse-gateway: the output could not be written");
    return kUsage;
}

} // namespace

int main(int argc, char **argv)
{
    core::keepOutOfCoreDumps();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("gatehouse-gateway"));
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (arguments.contains(QStringLiteral("--help"))) {
        std::fputs(qPrintable(gatewayclient::usage()), stdout);
        return afterPrinting();
    }
    if (arguments.contains(QStringLiteral("--version"))) {
        std::printf("gatehouse-gateway %s (Gatehouse " GATEHOUSE_VERSION ")\n", link::kClientVersion);
        return afterPrinting();
    }
    const auto settings = gatewayclient::readSettings(arguments, QProcessEnvironment::systemEnvironment());
    // Whoever can look at this process' environment shall not find it there any longer than needed.
    qunsetenv("GATEHOUSE_GATEWAY_CREDENTIAL");
    if (!settings) {
        std::fprintf(stderr, "gatehouse-gateway: %s\n", qPrintable(core::visible(settings.error().text())));
        return kUsage;
    }
    // A server or an endpoint that is gone shall not end the program.
    std::signal(SIGPIPE, SIG_IGN);

    const QString endpoint = QStringLiteral("wss://") + link::Client::placeOf({settings->client.host, settings->client.port});
    link::Client client(settings->client);
    gatewayclient::ServerWatch watch(settings->client.servers);
    gatewayclient::HealthServer health(client, watch, endpoint);
    if (settings->healthPort != 0) {
        if (const auto listening = health.listen(settings->healthPort); !listening) {
            std::fprintf(stderr, "gatehouse-gateway: %s\n", qPrintable(core::visible(listening.error().text())));
            return kUsage;
        }
    }
    QObject::connect(&client, &link::Client::logged, &app, writeLog);
    QObject::connect(&watch, &gatewayclient::ServerWatch::looked, &client, [&] { client.setServerStates(watch.states()); });
    QObject::connect(&client, &link::Client::stopped, &app, [] { QCoreApplication::exit(kDone); });

    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalSockets) == 0) {
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
    QSocketNotifier signalled(signalSockets[1], QSocketNotifier::Read);
    QObject::connect(&signalled, &QSocketNotifier::activated, &client, [&] {
        signalled.setEnabled(false);
        writeLog(QStringLiteral("stopping"));
        client.stop();
    });
    writeLog(QStringLiteral("gatehouse-gateway %1, for %2").arg(QLatin1String(link::kClientVersion), endpoint));
    watch.start();
    client.start();
    return QCoreApplication::exec();
}
