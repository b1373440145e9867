// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/credentialcommands.h"

#include "provision/gatewayclients.h"
#include "store/configurations.h"
#include "store/gatewaycredentials.h"

#include <QFileInfo>

namespace gatehouse::cli {

namespace {

QString timeOf(const QDateTime &time)
{
    return time.isValid() ? time.toString(Qt::ISODate) : QString();
}

QString idOf(const QUuid &id)
{
    return id.toString(QUuid::WithoutBraces);
}

} // namespace

void CredentialCreate::start()
{
    const auto named = gatewayNamed(argument(0), store::Environment::Access::ReadWrite);
    if (!named)
        return;
    auto *opened = named->environment;
    const core::Gateway *gateway = &named->gateway;
    if (gateway->type != core::GatewayType::Ldap || gateway->mode != core::GatewayMode::Clients)
        return fail({core::Code::Conflict, tr("The gateway \"%1\" is not reached through gateway clients").arg(gateway->name),
                     tr("set its \"mode\" to \"clients\" first")});
    store::GatewayCredentials credentials(opened->database());
    const auto settings = credentials.endpoint();
    if (!settings)
        return fail(settings.error());
    const auto fingerprint = provision::endpointFingerprint(opened->path(), *settings);
    if (!fingerprint)
        return fail(fingerprint.error());
    const auto credential = credentials.create(gateway->id);
    if (!credential)
        return fail(credential.error());
    const QString text = QString::fromLatin1(credential->text().reveal());
    const QString command = provision::startCommand(*gateway, *settings, *fingerprint);
    if (terminal().isJson()) {
        terminal().printJson({{QStringLiteral("id"), idOf(credential->id)},
                              {QStringLiteral("gateway"), gateway->name},
                              {QStringLiteral("credential"), text},
                              {QStringLiteral("fingerprint"), QString::fromLatin1(fingerprint->toHex())},
                              {QStringLiteral("command"), command}});
        return finish(Exit::Done);
    }
    terminal().print(tr("The credential, shown this once; keep it in a file that nobody else may read (chmod 600):"));
    terminal().print(QString());
    terminal().print(text);
    terminal().print(QString());
    terminal().print(tr("Beside the LDAP servers, with FILE being that file:"));
    terminal().print(QString());
    terminal().print(command);
    finish(Exit::Done);
}

void CredentialList::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto credentials = store::GatewayCredentials(opened->database()).list();
    if (!credentials)
        return fail(credentials.error());
    QList<QStringList> rows;
    for (const store::StoredCredential &credential : *credentials) {
        if (!argument(0).isEmpty() && credential.gatewayName.compare(argument(0), Qt::CaseInsensitive) != 0)
            continue;
        if (terminal().isJson()) {
            QJsonObject line{{QStringLiteral("id"), idOf(credential.id)},
                             {QStringLiteral("gateway"), credential.gatewayName},
                             {QStringLiteral("createdAt"), timeOf(credential.createdAt)}};
            if (credential.lastUsedAt.isValid())
                line.insert(QStringLiteral("lastUsedAt"), timeOf(credential.lastUsedAt));
            terminal().printJsonLine(line);
        }
        rows.append({idOf(credential.id), credential.gatewayName, timeOf(credential.createdAt),
                     credential.lastUsedAt.isValid() ? timeOf(credential.lastUsedAt) : tr("never")});
    }
    if (!terminal().isJson())
        terminal().printTable({tr("ID"), tr("GATEWAY"), tr("CREATED"), tr("LAST USED")}, rows);
    finish(Exit::Done);
}

void CredentialRevoke::start()
{
    const QUuid id = QUuid::fromString(argument(0));
    if (id.isNull())
        return fail({core::Code::InvalidInput, tr("\"%1\" is not the id of a credential").arg(argument(0)),
                     tr("gatehousectl gateway credential list shows them")});
    auto *opened = environment(store::Environment::Access::ReadWrite);
    if (!opened)
        return;
    if (const auto revoked = store::GatewayCredentials(opened->database()).revoke(id); !revoked)
        return fail(revoked.error());
    if (terminal().isJson())
        terminal().printJson({{QStringLiteral("revoked"), idOf(id)}});
    else
        terminal().print(tr("Revoked. Clients that use it are cut off within a second."));
    finish(Exit::Done);
}

void GatewayEndpoint::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("listen"), tr("The IP address to listen on; \"*\" for all."), QStringLiteral("ADDRESS")});
    parser.addOption({QStringLiteral("port"), tr("The port to listen on."), QStringLiteral("PORT")});
    parser.addOption({QStringLiteral("host-name"), tr("The name by which gateway clients reach this machine; \"*\" for its own."), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("certificate"), tr("A certificate (PEM), instead of the environment's own."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("key"), tr("The certificate's key (PEM)."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("own-certificate"), tr("The environment's own certificate again.")});
}

void GatewayEndpoint::start()
{
    const QStringList changing{QStringLiteral("listen"), QStringLiteral("port"), QStringLiteral("host-name"), QStringLiteral("certificate"),
                               QStringLiteral("key"), QStringLiteral("own-certificate")};
    const bool changes = std::any_of(changing.begin(), changing.end(), [this](const QString &name) { return isSet(name); });
    auto *opened = environment(changes ? store::Environment::Access::ReadWrite : store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    store::GatewayCredentials credentials(opened->database());
    auto settings = credentials.endpoint();
    if (!settings)
        return fail(settings.error());
    const auto absolute = [](const QString &path) { return path.isEmpty() ? path : QFileInfo(path).absoluteFilePath(); };
    if (isSet(QStringLiteral("listen")))
        settings->listen = option(QStringLiteral("listen")) == QStringLiteral("*") ? QString() : option(QStringLiteral("listen"));
    if (isSet(QStringLiteral("port"))) {
        bool isNumber = false;
        settings->port = option(QStringLiteral("port")).toUShort(&isNumber);
        if (!isNumber || settings->port == 0)
            return fail({core::Code::InvalidInput, tr("The port is a number from 1 to 65535")});
    }
    if (isSet(QStringLiteral("host-name")))
        settings->hostName = option(QStringLiteral("host-name")) == QStringLiteral("*") ? QString() : option(QStringLiteral("host-name"));
    if (isSet(QStringLiteral("own-certificate")))
        settings->certificateFile = settings->keyFile = QString();
    if (isSet(QStringLiteral("certificate")))
        settings->certificateFile = absolute(option(QStringLiteral("certificate")));
    if (isSet(QStringLiteral("key")))
        settings->keyFile = absolute(option(QStringLiteral("key")));
    // Before it is kept: what cannot be used shall not stop the endpoint later.
    const auto fingerprint = provision::endpointFingerprint(opened->path(), *settings);
    if (!fingerprint)
        return fail(fingerprint.error());
    if (changes) {
        if (const auto saved = credentials.setEndpoint(*settings); !saved)
            return fail(saved.error());
    }
    const QString digits = QString::fromLatin1(fingerprint->toHex());
    if (terminal().isJson()) {
        terminal().printJson({{QStringLiteral("listen"), settings->listen},
                              {QStringLiteral("port"), settings->port},
                              {QStringLiteral("hostName"), settings->hostName},
                              {QStringLiteral("certificateFile"), settings->certificateFile},
                              {QStringLiteral("keyFile"), settings->keyFile},
                              {QStringLiteral("fingerprint"), digits}});
        return finish(Exit::Done);
    }
    terminal().printTable({tr("SETTING"), tr("VALUE")},
                          {{tr("listen"), settings->listen.isEmpty() ? QStringLiteral("*") : settings->listen},
                           {tr("port"), QString::number(settings->port)},
                           {tr("host name"), settings->hostName.isEmpty() ? tr("as this machine calls itself") : settings->hostName},
                           {tr("certificate"), settings->certificateFile.isEmpty() ? tr("its own") : settings->certificateFile},
                           {tr("fingerprint"), digits}});
    finish(Exit::Done);
}

} // namespace gatehouse::cli
