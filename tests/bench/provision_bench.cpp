// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a run costs beside reading the same entries with ldapsearch, in one go on one machine: a slapd with N people
// of twelve attributes; ldapsearch to /dev/null; first apply (all created), second apply (nothing changes), plan.
// Prints one JSON document: wall and CPU seconds, peak memory and the ratios to ldapsearch.
//
//     build/bin/provision_bench [--users 100000] [--rounds 3]
#include "tests/support/slapd.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse::test;

namespace {

constexpr int kPageSize = 1000;

struct Cost {
    double wall = 0; ///< seconds
    double cpu = 0;  ///< seconds, user and system, of the measured process
    double peakMiB = 0;
    int exitCode = -1;
};

/// Runs a program to its end with its output thrown away.
Cost measure(const QStringList &command, const QString &environment = {})
{
    std::vector<QByteArray> octets;
    for (const QString &word : command)
        octets.push_back(word.toLocal8Bit());
    std::vector<char *> words;
    for (QByteArray &word : octets)
        words.push_back(word.data());
    words.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        const int null = ::open("/dev/null", O_WRONLY);
        ::dup2(null, STDOUT_FILENO);
        if (!environment.isEmpty())
            qputenv("GATEHOUSE_ENVIRONMENT", environment.toLocal8Bit());
        ::execvp(words[0], words.data());
        ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    Cost cost;
    cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
    cost.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    cost.peakMiB = double(usage.ru_maxrss) / 1024.0;
    cost.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return cost;
}

Cost median(std::vector<Cost> costs)
{
    std::sort(costs.begin(), costs.end(), [](const Cost &a, const Cost &b) { return a.wall < b.wall; });
    return costs[costs.size() / 2];
}

QJsonObject toJson(const Cost &cost, const Cost &baseline)
{
    return {{QStringLiteral("wallSeconds"), cost.wall},
            {QStringLiteral("cpuSeconds"), cost.cpu},
            {QStringLiteral("peakMiB"), cost.peakMiB},
            {QStringLiteral("exitCode"), cost.exitCode},
            {QStringLiteral("wallRatio"), cost.wall / baseline.wall},
            {QStringLiteral("cpuRatio"), cost.cpu / baseline.cpu}};
}

bool writeFile(const QString &path, const QByteArray &octets)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(octets) == octets.size();
}

QByteArray configuration(const Slapd &slapd)
{
    const QJsonObject gateway{{QStringLiteral("name"), QStringLiteral("Bench")},
                              {QStringLiteral("type"), QStringLiteral("LDAP")},
                              {QStringLiteral("vendor"), QStringLiteral("LDAPv3-compliant Directory Server")},
                              {QStringLiteral("serversHostAndPort"), QJsonArray{slapd.hostAndPort()}},
                              {QStringLiteral("connectionSecurity"), QStringLiteral("None")},
                              {QStringLiteral("bindDN"), slapd.bindDn()},
                              {QStringLiteral("bindPassword"), QJsonObject{{QStringLiteral("file"), slapd.passwordFile()}}}};
    QJsonArray mappings;
    const std::pair<const char *, const char *> rows[] = {
        {"username", "uid"},         {"name.given", "givenName"}, {"name.family", "sn"},
        {"name.formatted", "cn"},    {"email", "mail"},           {"title", "title"},
        {"primaryPhone", "telephoneNumber"}, {"address.locality", "l"}, {"externalId", "employeeNumber"},
        {"nickname", "displayName"}};
    for (const auto &[target, source] : rows)
        mappings.append(QJsonObject{{QStringLiteral("target"), QString::fromLatin1(target)}, {QStringLiteral("source"), QString::fromLatin1(source)}});
    const QJsonObject root{
        {QStringLiteral("populations"), QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("People")}, {QStringLiteral("default"), true}}}},
        {QStringLiteral("gateways"), QJsonArray{gateway}},
        {QStringLiteral("connections"), QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("Bench")}, {QStringLiteral("gateway"), QStringLiteral("Bench")}}}},
        {QStringLiteral("rules"), QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("Everybody")}, {QStringLiteral("direction"), QStringLiteral("inbound")},
                                                         {QStringLiteral("connection"), QStringLiteral("Bench")}, {QStringLiteral("baseDn"), QString(QStringLiteral("ou=people,") + slapd.baseDn())},
                                                         {QStringLiteral("attributeMappings"), mappings}}}}};
    return QJsonDocument(root).toJson();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addOption({QStringLiteral("users"), QStringLiteral("People in the directory."), QStringLiteral("N"), QStringLiteral("100000")});
    parser.addOption({QStringLiteral("rounds"), QStringLiteral("Repetitions; medians are printed."), QStringLiteral("N"), QStringLiteral("3")});
    parser.addHelpOption();
    parser.process(app);
    if (!parser.positionalArguments().isEmpty())
        parser.showHelp(2);
    const int users = parser.value(QStringLiteral("users")).toInt();
    const int rounds = std::clamp(parser.value(QStringLiteral("rounds")).toInt(), 1, 20);

    QTemporaryDir folder;
    Slapd::Options options;
    options.memberOf = false;
    Slapd slapd(options);
    constexpr int kChunk = 50000;
    QFile ldif(folder.filePath(QStringLiteral("people.ldif")));
    if (!ldif.open(QIODevice::WriteOnly))
        return 1;
    for (int first = 0; first < users; first += kChunk)
        ldif.write(Slapd::people(std::min(kChunk, users - first), first));
    ldif.close();
    if (!slapd.loadFile(ldif.fileName()) || !slapd.start()) {
        std::fprintf(stderr, "slapd: %s\n", qPrintable(slapd.errorText()));
        return 1;
    }
    ldif.remove();
    const QString config = folder.filePath(QStringLiteral("config.json"));
    // ldapsearch -y takes the file's octets as they are.
    const QString password = folder.filePath(QStringLiteral("password"));
    if (!writeFile(config, configuration(slapd)) || !writeFile(password, slapd.password()))
        return 1;

    const QString ctl = QCoreApplication::applicationDirPath() + QStringLiteral("/gatehousectl");
    const QStringList search = {QStringLiteral("ldapsearch"), QStringLiteral("-x"), QStringLiteral("-LLL"), QStringLiteral("-H"), slapd.url(),
                                QStringLiteral("-D"), slapd.bindDn(), QStringLiteral("-y"), password, QStringLiteral("-b"),
                                QStringLiteral("ou=people,") + slapd.baseDn(), QStringLiteral("-E"), QStringLiteral("pr=%1/noprompt").arg(kPageSize),
                                QStringLiteral("(objectClass=person)")};
    measure(search); // warms the server's cache
    std::vector<Cost> searches, firsts, seconds, plans;
    for (int round = 0; round < rounds; ++round) {
        const QString environment = folder.filePath(QStringLiteral("bench%1.gatehouse").arg(round));
        if (measure({ctl, QStringLiteral("config"), QStringLiteral("apply"), config}, environment).exitCode != 0) {
            std::fprintf(stderr, "config apply failed\n");
            return 1;
        }
        searches.push_back(measure(search));
        firsts.push_back(measure({ctl, QStringLiteral("apply"), QStringLiteral("Everybody")}, environment));
        searches.push_back(measure(search));
        seconds.push_back(measure({ctl, QStringLiteral("apply"), QStringLiteral("Everybody")}, environment));
        searches.push_back(measure(search));
        plans.push_back(measure({ctl, QStringLiteral("plan"), QStringLiteral("Everybody")}, environment));
        if (round + 1 < rounds) {
            for (const char *suffix : {"", "-wal", "-shm"})
                QFile::remove(environment + QLatin1String(suffix));
        }
    }
    const Cost baseline = median(searches);
    const QJsonObject report{{QStringLiteral("users"), users},
                             {QStringLiteral("rounds"), rounds},
                             {QStringLiteral("pageSize"), kPageSize},
                             {QStringLiteral("ldapsearch"), toJson(baseline, baseline)},
                             {QStringLiteral("firstApply"), toJson(median(firsts), baseline)},
                             {QStringLiteral("secondApply"), toJson(median(seconds), baseline)},
                             {QStringLiteral("plan"), toJson(median(plans), baseline)}};
    std::fputs(QJsonDocument(report).toJson().constData(), stdout);
    return 0;
}
