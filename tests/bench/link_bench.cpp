// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast a session reads through a gateway client, beside the same session on its own, from one server. The client is
// a gatehouse-gateway process as anywhere; the endpoint is in this one, as in the console. Prints one JSON line; `ratio`
// is through the link over direct.
//
//     link_bench [ENTRIES [PAGE [ROUNDS [none|starttls|tls]]]]
#include "core/config/gateway.h"
#include "core/gatewaycredential.h"
#include "gateway/connector.h"
#include "gateway/route.h"
#include "link/endpoint.h"
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <algorithm>
#include <cstdio>

#include <sys/resource.h>
#include <unistd.h>

using namespace gatehouse;
using core::ConnectionSecurity;

namespace {

const QList<QByteArray> kAttributes{"uid", "cn", "sn", "givenName", "displayName", "mail", "employeeNumber",
                                    "telephoneNumber", "title", "l", "departmentNumber", "entryUUID"};

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/// What another process has used, from /proc/PID/stat (proc(5)).
double cpuSecondsOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) / double(sysconf(_SC_CLK_TCK));
}

struct Measured {
    double seconds = 0;
    double cpu = 0;
    double clientCpu = 0;
    qint64 entries = 0;
    bool complete = false;
};

Measured read(const core::Gateway &gateway, int page, qint64 clientPid)
{
    Measured measured;
    QElapsedTimer timer;
    timer.start();
    const double cpu = cpuSeconds();
    const double clientCpu = cpuSecondsOf(clientPid);
    const auto open = gateway::openSession(gateway, {});
    if (!open) {
        std::fprintf(stderr, "%s\n", qPrintable(open.error().text()));
        return measured;
    }
    ldap::SearchRequest request;
    request.base = "ou=people,dc=example,dc=com";
    request.filter = "(objectClass=inetOrgPerson)";
    request.attributes = std::make_shared<const core::SlotNames>(kAttributes);
    request.pageSize = page;
    const auto end = open->session->search(request, [](core::EntryBatch &&) { return true; });
    if (!end) {
        std::fprintf(stderr, "%s\n", qPrintable(end.error().text()));
        return measured;
    }
    return {double(timer.nsecsElapsed()) / 1e9, cpuSeconds() - cpu, cpuSecondsOf(clientPid) - clientCpu, end->entries, end->complete};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const int entries = argc > 1 ? std::max(1, atoi(argv[1])) : 100'000;
    const int page = argc > 2 ? std::max(1, atoi(argv[2])) : 1'000;
    const int rounds = argc > 3 ? std::max(1, atoi(argv[3])) : 5;
    const QByteArray word = argc > 4 ? argv[4] : "none";
    const ConnectionSecurity security = word == "tls"        ? ConnectionSecurity::Tls
                                        : word == "starttls" ? ConnectionSecurity::StartTls
                                                             : ConnectionSecurity::None;
    if (test::TestServers::find(QStringLiteral("slapd")).isEmpty()) {
        std::fprintf(stderr, "slapd is not installed\n");
        return 1;
    }
    test::Slapd::Options options;
    options.memberOf = false;
    test::Slapd slapd(options);
    if (!slapd.load(test::Slapd::people(entries)) || !slapd.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(slapd.errorText()));
        return 1;
    }
    core::Gateway direct;
    direct.id = QUuid::createUuid();
    direct.name = QStringLiteral("Bench");
    direct.serversHostAndPort = {security == ConnectionSecurity::Tls ? slapd.tlsHostAndPort() : slapd.hostAndPort()};
    direct.connectionSecurity = security;
    direct.caCertificateFile = slapd.caFile();
    direct.bindDn = slapd.bindDn();
    direct.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
    core::Gateway linked = direct;
    linked.mode = core::GatewayMode::Clients;

    const auto endpoint = std::make_shared<link::Endpoint>();
    const auto identity = link::ownIdentity(slapd.directory() + QStringLiteral("/endpoint.pem"));
    const core::GatewayCredential credential{QUuid::createUuid(), core::Secret(QByteArray(core::kCredentialOctets, '\x2a'))};
    endpoint->setAdmissions({{credential.id, core::credentialHash(credential.secret), linked.id}});
    const auto port = identity ? endpoint->listen(QStringLiteral("127.0.0.1"), 0, *identity) : core::Result<quint16>(quint16(0));
    if (!identity || !port) {
        std::fprintf(stderr, "the endpoint cannot be opened\n");
        return 1;
    }
    gateway::RouteRegistration registration;
    registration.set({linked.id}, {endpoint, {}, QDeadlineTimer(10'000)});
    QProcess client;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GATEHOUSE_GATEWAY_CREDENTIAL"), QString::fromLatin1(credential.text().reveal()));
    client.setProcessEnvironment(environment);
    client.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    client.start(QStringLiteral(GATEHOUSE_BIN_DIR "/gatehouse-gateway"),
                 {QStringLiteral("--endpoint"), QStringLiteral("wss://127.0.0.1:%1").arg(*port), QStringLiteral("--fingerprint"),
                  QString::fromLatin1(identity->sha256.toHex()), QStringLiteral("--server"), direct.serversHostAndPort.first(),
                  QStringLiteral("--health-port"), QStringLiteral("0")});
    if (!client.waitForStarted()) {
        std::fprintf(stderr, "gatehouse-gateway is not built\n");
        return 1;
    }
    // Round by round in turn, so that a busy machine troubles both alike; the best of each counts.
    Measured bestDirect;
    Measured bestLinked;
    for (int round = 0; round <= rounds; ++round) {
        const Measured one = read(direct, page, client.processId());
        const Measured other = read(linked, page, client.processId());
        for (const Measured &measured : {one, other}) {
            if (measured.entries != entries || !measured.complete) {
                std::fprintf(stderr, "read %lld of %d entries\n", static_cast<long long>(measured.entries), entries);
                return 1;
            }
        }
        if (round == 0)
            continue; // warms the server's cache
        if (bestDirect.entries == 0 || one.seconds < bestDirect.seconds)
            bestDirect = one;
        if (bestLinked.entries == 0 || other.seconds < bestLinked.seconds)
            bestLinked = other;
    }
    client.terminate();
    client.waitForFinished(5'000);
    const QJsonObject line{{QStringLiteral("bench"), QStringLiteral("link")},
                           {QStringLiteral("security"), QString::fromLatin1(word)},
                           {QStringLiteral("entries"), entries},
                           {QStringLiteral("page"), page},
                           {QStringLiteral("directSeconds"), bestDirect.seconds},
                           {QStringLiteral("linkSeconds"), bestLinked.seconds},
                           {QStringLiteral("directCpuSeconds"), bestDirect.cpu},
                           {QStringLiteral("linkCpuSeconds"), bestLinked.cpu},
                           {QStringLiteral("clientCpuSeconds"), bestLinked.clientCpu},
                           {QStringLiteral("entriesPerSecond"), entries / bestLinked.seconds},
                           {QStringLiteral("ratio"), bestLinked.seconds / bestDirect.seconds}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    return 0;
}
