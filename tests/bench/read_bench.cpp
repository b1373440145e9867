// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast a session reads, beside ldapsearch on the same server, the same page size and attributes. Prints one JSON
// line; `ratio` is ours over ldapsearch's, so less than 1 is faster.
//
//     read_bench [ENTRIES [PAGE [ROUNDS [none|starttls|tls]]]]
#include "ldap/session.h"
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstdio>

#include <sys/resource.h>

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

struct Measured {
    double seconds = 0;
    double cpu = 0;
    qint64 entries = 0;
    bool complete = false;
};

Measured ours(const test::Slapd &slapd, ConnectionSecurity security, int page)
{
    ldap::Target target;
    target.host = slapd.host();
    target.port = security == ConnectionSecurity::Tls ? slapd.tlsPort() : slapd.port();
    target.security = security;
    target.trust.caFile = slapd.caFile();
    target.bindDn = slapd.bindDn();
    target.password = core::Secret(slapd.password());
    Measured measured;
    QElapsedTimer timer;
    timer.start();
    const double cpu = cpuSeconds();
    ldap::Session session;
    if (const auto opened = session.open(target); !opened) {
        std::fprintf(stderr, "%s\n", qPrintable(opened.error().text()));
        return measured;
    }
    ldap::SearchRequest request;
    request.base = "ou=people,dc=example,dc=com";
    request.filter = "(objectClass=inetOrgPerson)";
    request.attributes = std::make_shared<const core::SlotNames>(kAttributes);
    request.pageSize = page;
    const auto end = session.search(request, [](core::EntryBatch &&) { return true; });
    if (!end) {
        std::fprintf(stderr, "%s\n", qPrintable(end.error().text()));
        return measured;
    }
    measured = {double(timer.nsecsElapsed()) / 1e9, cpuSeconds() - cpu, end->entries, end->complete};
    return measured;
}

double ldapsearch(const test::Slapd &slapd, ConnectionSecurity security, int page)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LDAPTLS_CACERT"), slapd.caFile());
    environment.remove(QStringLiteral("LDAPNOINIT"));
    process.setProcessEnvironment(environment);
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    QStringList arguments{QStringLiteral("-x"), QStringLiteral("-LLL"), QStringLiteral("-H"),
                          security == ConnectionSecurity::Tls ? slapd.tlsUrl() : slapd.url(),
                          QStringLiteral("-D"), slapd.bindDn(), QStringLiteral("-y"), slapd.passwordFile(),
                          QStringLiteral("-b"), QStringLiteral("ou=people,dc=example,dc=com"),
                          QStringLiteral("-E"), QStringLiteral("pr=%1/noprompt").arg(page)};
    if (security == ConnectionSecurity::StartTls)
        arguments << QStringLiteral("-ZZ");
    arguments << QStringLiteral("(objectClass=inetOrgPerson)");
    for (const QByteArray &name : kAttributes)
        arguments << QString::fromLatin1(name);
    QElapsedTimer timer;
    timer.start();
    process.start(test::TestServers::find(QStringLiteral("ldapsearch")), arguments);
    process.waitForFinished(600'000);
    return process.exitCode() == 0 ? double(timer.nsecsElapsed()) / 1e9 : -1;
}

} // namespace

int main(int argc, char **argv)
{
    const int entries = argc > 1 ? atoi(argv[1]) : 100'000;
    const int page = argc > 2 ? atoi(argv[2]) : 1000;
    const int rounds = argc > 3 ? atoi(argv[3]) : 5;
    const QByteArray word = argc > 4 ? argv[4] : "none";
    const ConnectionSecurity security = word == "tls"        ? ConnectionSecurity::Tls
                                        : word == "starttls" ? ConnectionSecurity::StartTls
                                                             : ConnectionSecurity::None;
    test::Slapd slapd;
    if (!slapd.load(test::Slapd::people(entries)) || !slapd.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(slapd.errorText()));
        return 1;
    }
    // Round by round in turn, so that a busy machine troubles both alike; the best of each counts.
    Measured best;
    double theirs = 1e9;
    for (int round = 0; round <= rounds; ++round) {
        const Measured measured = ours(slapd, security, page);
        const double other = ldapsearch(slapd, security, page);
        if (measured.entries != entries || !measured.complete || other < 0) {
            std::fprintf(stderr, "read %lld of %d entries\n", static_cast<long long>(measured.entries), entries);
            return 1;
        }
        if (round == 0)
            continue; // warms the server's cache
        if (best.entries == 0 || measured.seconds < best.seconds)
            best = measured;
        theirs = std::min(theirs, other);
    }
    const QJsonObject line{{QStringLiteral("bench"), QStringLiteral("read")},
                           {QStringLiteral("security"), QString::fromLatin1(word)},
                           {QStringLiteral("entries"), entries},
                           {QStringLiteral("page"), page},
                           {QStringLiteral("seconds"), best.seconds},
                           {QStringLiteral("cpuSeconds"), best.cpu},
                           {QStringLiteral("entriesPerSecond"), entries / best.seconds},
                           {QStringLiteral("ldapsearchSeconds"), theirs},
                           {QStringLiteral("ratio"), best.seconds / theirs}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    return 0;
}
