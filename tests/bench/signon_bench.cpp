// SPDX-License-Identifier: GPL-3.0-or-later
//
// What sign-ons cost at the limits, on a slapd: the first one of somebody with N groups, which makes them all, and later
// ones; and those of people with a few groups in an environment that holds M groups already. Prints one JSON document:
// milliseconds of each, and of reading the same entry with ldapsearch.
//
//     build/bin/signon_bench [GROUPS 10000] [ENVIRONMENT 100000]
#include "signon/attempt.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/environment.h"
#include "store/identities.h"
#include "tests/support/slapd.h"
#include "tests/support/testservers.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <cstdio>

using namespace gatehouse;

namespace {

QByteArray person(const QByteArray &uid, int groups, int first)
{
    QByteArray ldif = "dn: uid=" + uid + ",ou=people,dc=example,dc=com\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid
                      + "\nsn: " + uid + "\nmail: " + uid + "@example.com\nuserPassword: pw\n";
    for (int i = first; i < first + groups; ++i)
        ldif += "memberOf: cn=group " + QByteArray::number(i) + ",ou=groups,dc=example,dc=com\n";
    return ldif + '\n';
}

core::Configuration configurationFor(const test::Slapd &slapd)
{
    core::Configuration configuration;
    configuration.populations = {{0, {}, QStringLiteral("People"), {}, true}};
    core::Gateway gateway;
    gateway.name = QStringLiteral("Directory");
    gateway.serversHostAndPort = {slapd.tlsHostAndPort()};
    gateway.caCertificateFile = slapd.caFile();
    gateway.bindDn = slapd.bindDn();
    gateway.bindPassword = {core::SecretReference::Kind::File, slapd.passwordFile()};
    core::UserType type = core::defaultUserType(core::Vendor::Ldapv3);
    type.name = QStringLiteral("Employees");
    type.searchBaseDn = QStringLiteral("ou=people,dc=example,dc=com");
    type.updateUserOnSuccessfulAuthentication = true;
    type.newUserLookup->population = QStringLiteral("People");
    type.newUserLookup->attributeMappings.append(
        {QStringLiteral("externalGroupNames"), QStringLiteral("${ldapAttributes.memberOf}")});
    gateway.userTypes = {type};
    configuration.gateways = {gateway};
    return configuration;
}

/// Milliseconds, or -1 with the reason on standard error.
double signOn(store::Environment &environment, const QString &username)
{
    signon::Request request;
    request.gateway = QStringLiteral("Directory");
    request.identifier = username;
    request.password = core::Secret("pw");
    request.refusalPace = std::chrono::milliseconds(0);
    QElapsedTimer timer;
    timer.start();
    const auto report = signon::Attempt(environment, request, {}).run();
    const double elapsed = double(timer.nsecsElapsed()) / 1e6;
    if (!report || report->outcome != signon::Outcome::Succeeded) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(username), qPrintable(report ? report->reason : report.error().text()));
        return -1;
    }
    return elapsed;
}

double ldapsearch(const test::Slapd &slapd, const QString &uid)
{
    QProcess process;
    process.setStandardOutputFile(QProcess::nullDevice());
    QElapsedTimer timer;
    timer.start();
    process.start(QStringLiteral("ldapsearch"), {QStringLiteral("-x"), QStringLiteral("-H"), slapd.url(), QStringLiteral("-D"), slapd.bindDn(),
                                                 QStringLiteral("-y"), slapd.passwordFile(), QStringLiteral("-b"), slapd.baseDn(),
                                                 QStringLiteral("(uid=%1)").arg(uid), QStringLiteral("*"), QStringLiteral("memberOf")});
    process.waitForFinished();
    return process.exitCode() == 0 ? double(timer.nsecsElapsed()) / 1e6 : -1;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const int groups = argc > 1 ? atoi(argv[1]) : 10'000;
    const int environmentGroups = argc > 2 ? atoi(argv[2]) : 100'000;
    if (test::TestServers::find(QStringLiteral("slapd")).isEmpty()) {
        std::fprintf(stderr, "slapd is not installed\n");
        return 1;
    }
    test::Slapd slapd;
    if (!slapd.load(person("many", groups, 0) + person("again", groups, 0) + person("few", 5, groups) + person("old", 5, 0)) || !slapd.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(slapd.errorText()));
        return 1;
    }
    QTemporaryDir folder;
    auto opened = store::Environment::open(folder.filePath(QStringLiteral("bench.gatehouse")), store::Environment::Access::Create);
    if (!opened || !(*opened)->configurations().save(configurationFor(slapd)) || !(*opened)->configurations().load()) {
        std::fprintf(stderr, "the environment cannot be made\n");
        return 1;
    }
    store::Environment &environment = **opened;
    QJsonObject result{{QStringLiteral("groups"), groups}, {QStringLiteral("environmentGroups"), environmentGroups}};
    result.insert(QStringLiteral("ldapsearchMs"), ldapsearch(slapd, QStringLiteral("many")));
    result.insert(QStringLiteral("firstMs"), signOn(environment, QStringLiteral("many")));
    result.insert(QStringLiteral("laterMs"), signOn(environment, QStringLiteral("many")));
    result.insert(QStringLiteral("firstOfKnownGroupsMs"), signOn(environment, QStringLiteral("again")));
    // Up to the limit but for the five that "few" brings.
    const int more = environmentGroups - groups - 5;
    const auto filled = environment.database().execute(QStringLiteral(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %1) INSERT INTO groups (uuid, name, name_key,"
        " display_name, description, source, source_name, just_in_time, revision, created_at, updated_at)"
        " SELECT randomblob(16), 'cn=other ' || i, 'cn=other ' || i, 'other ' || i, '', 1, 'Directory', 1, 1, 0, 0 FROM n")
                                                          .arg(more).toUtf8().constData());
    if (more > 0 && !filled)
        std::fprintf(stderr, "%s\n", qPrintable(filled.error().text()));
    result.insert(QStringLiteral("fullEnvironmentFirstMs"), signOn(environment, QStringLiteral("few")));
    result.insert(QStringLiteral("fullEnvironmentKnownGroupsMs"), signOn(environment, QStringLiteral("old")));
    result.insert(QStringLiteral("fullEnvironmentManyMs"), signOn(environment, QStringLiteral("many")));
    std::printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
