// SPDX-License-Identifier: GPL-3.0-or-later
#include "gatewayclient/settings.h"

#include "core/textfile.h"

#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <QHostInfo>
#include <QUrl>

#include <sys/stat.h>

namespace gatehouse::gatewayclient {

using core::Code;
using core::Result;

namespace {

constexpr qint64 kMaxCredentialFile = 4'096;
constexpr qsizetype kSha256Octets = 32;

struct Option {
    const char *name;
    const char *value;
    const char *text;
};
constexpr Option kOptions[] = {
    {"endpoint", "wss://HOST[:PORT]", "Where the console or gatehousectl serve listens (port 8443)."},
    {"fingerprint", "SHA256", "Trust exactly the endpoint certificate with this fingerprint."},
    {"ca-file", "FILE", "Without a fingerprint: trust these authorities (PEM) instead of the system's."},
    {"server", "HOST:PORT", "An LDAP server that may be connected to; once for each. No other is."},
    {"credential-file", "FILE", "Holds the gateway credential; nobody else may read it."},
    {"name", "NAME", "How the endpoint lists this client (the host name)."},
    {"health-port", "PORT", "For /health, on the loopback (8080; 0: none)."},
};

QString variableOf(const QString &option)
{
    return QStringLiteral("GATEHOUSE_GATEWAY_") + option.toUpper().replace(u'-', u'_');
}

void declare(QCommandLineParser &parser)
{
    parser.setApplicationDescription(QStringLiteral(
        "Carries LDAP between the servers beside it and a Gatehouse console, to which it dials out.\n"
        "Every option can stand in an environment variable instead: GATEHOUSE_GATEWAY_ENDPOINT, ..._SERVER with\n"
        "blanks between several. The credential itself can stand in GATEHOUSE_GATEWAY_CREDENTIAL."));
    for (const Option &option : kOptions)
        parser.addOption({QString::fromLatin1(option.name), QString::fromLatin1(option.text), QString::fromLatin1(option.value)});
    parser.addOption({QStringLiteral("help"), QStringLiteral("Show this help.")});
    parser.addOption({QStringLiteral("version"), QStringLiteral("Show the version.")});
}

tl::unexpected<core::Error> wrong(const QString &option, const QString &detail)
{
    return core::fail(Code::InvalidInput, QStringLiteral("--%1 is missing or wrong").arg(option), detail);
}

Result<core::GatewayCredential> credentialFrom(const QString &file, const QProcessEnvironment &environment)
{
    QByteArray text = environment.value(QStringLiteral("GATEHOUSE_GATEWAY_CREDENTIAL")).toLatin1();
    if (!file.isEmpty()) {
        QFile opened(file);
        if (!opened.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
            return core::fail(Code::NotFound, QStringLiteral("the credential file cannot be read"), opened.errorString(), file);
        // Of the open file, so that nobody can exchange it in between.
        struct stat status = {};
        if (::fstat(opened.handle(), &status) != 0 || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
            return core::fail(Code::Denied, QStringLiteral("the credential file can be read by others"),
                              QStringLiteral("chmod 600 %1").arg(file), file);
        QByteArray octets = opened.read(kMaxCredentialFile);
        text = core::secretOfFile(octets);
        octets.fill('\0');
    }
    if (text.trimmed().isEmpty())
        return wrong(QStringLiteral("credential-file"), QStringLiteral("the credential was shown when it was created; keep it in a file of mode 600"));
    auto credential = core::GatewayCredential::parse(text);
    text.fill('\0');
    return credential;
}

} // namespace

QString usage()
{
    QCommandLineParser parser;
    declare(parser);
    return parser.helpText();
}

Result<Settings> readSettings(const QStringList &arguments, const QProcessEnvironment &environment)
{
    QCommandLineParser parser;
    declare(parser);
    if (!parser.parse(QStringList{QStringLiteral("gatehouse-gateway")} + arguments))
        return core::fail(Code::InvalidInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("there is no argument \"%1\"").arg(parser.positionalArguments().first()));
    const auto value = [&](const char *name) {
        const QString option = QString::fromLatin1(name);
        return parser.isSet(option) ? parser.value(option) : environment.value(variableOf(option));
    };

    Settings settings;
    const QUrl url(value("endpoint"), QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != QStringLiteral("wss") || url.host().isEmpty())
        return wrong(QStringLiteral("endpoint"), QStringLiteral("write wss://HOST:PORT; without TLS nothing is said"));
    settings.client.host = url.host();
    settings.client.port = quint16(url.port(link::kEndpointPort));

    QString digits = value("fingerprint");
    digits.remove(u':').remove(u' ');
    settings.client.fingerprint = QByteArray::fromHex(digits.toLatin1());
    if (!digits.isEmpty() && (digits.size() != 2 * kSha256Octets || settings.client.fingerprint.size() != kSha256Octets))
        return wrong(QStringLiteral("fingerprint"), QStringLiteral("64 hexadecimal digits are needed"));
    settings.client.caFile = value("ca-file");
    if (!settings.client.caFile.isEmpty() && !QFileInfo(settings.client.caFile).isReadable())
        return wrong(QStringLiteral("ca-file"), QStringLiteral("%1 cannot be read").arg(settings.client.caFile));

    QStringList servers = parser.values(QStringLiteral("server"));
    if (servers.isEmpty())
        servers = environment.value(variableOf(QStringLiteral("server"))).split(u' ', Qt::SkipEmptyParts);
    for (const QString &server : std::as_const(servers)) {
        const auto place = core::parseHostAndPort(server);
        if (!place)
            return wrong(QStringLiteral("server"), place.error().detail);
        settings.client.servers.append(*place);
    }
    if (servers.isEmpty() || servers.size() > link::kMaxServers)
        return wrong(QStringLiteral("server"), QStringLiteral("name each LDAP server that may be connected to (at most %1)").arg(link::kMaxServers));

    const QString port = value("health-port");
    bool isNumber = true;
    if (!port.isEmpty())
        settings.healthPort = port.toUShort(&isNumber);
    if (!isNumber)
        return wrong(QStringLiteral("health-port"), QStringLiteral("a port, or 0 for none"));
    settings.client.hostName = value("name").isEmpty() ? QHostInfo::localHostName() : value("name");

    auto credential = credentialFrom(value("credential-file"), environment);
    if (!credential)
        return core::fail(credential.error());
    settings.client.credential = *credential;
    return settings;
}

} // namespace gatehouse::gatewayclient
