// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/configcommands.h"

#include "store/auditlog.h"
#include "store/configurations.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace gatehouse::cli {

namespace {

constexpr qint64 kLargestFile = 64 * 1024 * 1024; // octets

/// Files that the configuration names are looked for beside it; the environment remembers where they are.
void makePathsAbsolute(core::Configuration &configuration, const QDir &folder)
{
    for (core::Gateway &gateway : configuration.gateways) {
        if (!gateway.caCertificateFile.isEmpty())
            gateway.caCertificateFile = QDir::cleanPath(folder.absoluteFilePath(gateway.caCertificateFile));
        QList<core::SecretReference *> secrets{&gateway.bindPassword, &gateway.defaultSharedSecret};
        if (gateway.kerberos)
            secrets.append(&gateway.kerberos->serviceAccountPassword);
        for (core::RadiusClient &client : gateway.radiusClients)
            secrets.append(&client.sharedSecret);
        for (core::SecretReference *secret : std::as_const(secrets)) {
            if (secret->kind == core::SecretReference::Kind::File)
                secret->name = QDir::cleanPath(folder.absoluteFilePath(secret->name));
        }
    }
}

QString shown(const QJsonValue &value)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).mid(1).chopped(1));
}

} // namespace

void ConfigFileCommand::failAll(const QList<core::Error> &faults)
{
    terminal().printErrors(faults);
    finish(exitFor(faults.constFirst()));
}

std::optional<ConfigFileCommand::Wanted> ConfigFileCommand::readWanted(store::Environment &environment)
{
    const QString path = argument(0);
    QFile file(path);
    const bool opened = path == QStringLiteral("-") ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened) {
        fail({core::Code::NotFound, tr("The configuration file cannot be read"), file.errorString(), path});
        return std::nullopt;
    }
    const QByteArray text = file.read(kLargestFile + 1);
    if (text.size() > kLargestFile) {
        fail({core::Code::LimitExceeded, tr("The configuration file is larger than 64 MiB"), {}, path});
        return std::nullopt;
    }
    auto parsed = core::parseConfiguration(text);
    if (!parsed) {
        failAll(parsed.error());
        return std::nullopt;
    }
    makePathsAbsolute(*parsed, QFileInfo(path).absoluteDir());
    const auto current = environment.configurations().load();
    if (!current) {
        fail(current.error());
        return std::nullopt;
    }
    Wanted wanted;
    wanted.configuration = core::merge(*current, *parsed, core::sectionsOf(text));
    if (const QList<core::Error> faults = core::validate(wanted.configuration); !faults.isEmpty()) {
        failAll(faults);
        return std::nullopt;
    }
    wanted.changes = core::difference(*current, wanted.configuration);
    wanted.keptNoLonger = gateway::noLongerKept(*current, wanted.configuration);
    return wanted;
}

void ConfigFileCommand::printChanges(const QList<core::ConfigurationChange> &changes)
{
    if (terminal().isJson()) {
        QJsonArray list;
        for (const core::ConfigurationChange &change : changes) {
            QJsonObject item{{QStringLiteral("path"), change.path}};
            if (!change.before.isUndefined())
                item.insert(QStringLiteral("before"), change.before);
            if (!change.after.isUndefined())
                item.insert(QStringLiteral("after"), change.after);
            list.append(item);
        }
        terminal().printJson({{QStringLiteral("changes"), list}});
        return;
    }
    if (changes.isEmpty())
        terminal().print(tr("No changes."));
    for (const core::ConfigurationChange &change : changes) {
        // A whole thing that comes or goes is named, not printed; config export prints it.
        if (change.before.isUndefined())
            terminal().print(change.after.isObject() ? QStringLiteral("+ %1").arg(change.path)
                                                     : QStringLiteral("+ %1: %2").arg(change.path, shown(change.after)));
        else if (change.after.isUndefined())
            terminal().print(QStringLiteral("- %1").arg(change.path));
        else
            terminal().print(QStringLiteral("~ %1: %2 -> %3").arg(change.path, shown(change.before), shown(change.after)));
    }
}

void ConfigApply::forgetSecrets(const QList<gateway::SecretOwner> &owners)
{
    for (const gateway::SecretOwner &owner : owners) {
        const auto forgotten = gateway::forgetInKeychain(owner);
        if (!forgotten)
            terminal().printWarning({forgotten.error().code, tr("The keychain may still hold what is no longer used"),
                                     forgotten.error().text(), owner.name});
    }
}

void ConfigApply::start()
{
    auto *opened = environment(store::Environment::Access::Create);
    if (!opened)
        return;
    const auto wanted = readWanted(*opened);
    if (!wanted)
        return;
    for (const core::Error &warning : core::warnings(wanted->configuration))
        terminal().printWarning(warning);
    if (!wanted->changes.isEmpty()) {
        if (auto saved = opened->configurations().save(wanted->configuration); !saved)
            return failAll(saved.error());
        forgetSecrets(wanted->keptNoLonger);
        if (auto recorded = opened->audit().record(QStringLiteral("configuration.apply"), argument(0),
                                                   tr("%n change(s)", nullptr, int(wanted->changes.size())));
            !recorded)
            return fail(recorded.error());
    }
    printChanges(wanted->changes);
    finish(Exit::Done);
}

void ConfigDiff::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto wanted = readWanted(*opened);
    if (!wanted)
        return;
    printChanges(wanted->changes);
    finish(wanted->changes.isEmpty() ? Exit::Done : Exit::Changes);
}

void ConfigExport::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("out"), tr("Write to this file instead of standard output."), QStringLiteral("FILE")});
}

void ConfigExport::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto current = opened->configurations().load();
    if (!current)
        return fail(current.error());
    const QByteArray text = QJsonDocument(core::toJson(*current)).toJson(QJsonDocument::Indented);
    if (!isSet(QStringLiteral("out"))) {
        terminal().write(text);
        return finish(Exit::Done);
    }
    QSaveFile file(option(QStringLiteral("out")));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return fail({core::Code::InvalidInput, tr("The file cannot be written"), file.errorString(), file.fileName()});
    finish(Exit::Done);
}

} // namespace gatehouse::cli
