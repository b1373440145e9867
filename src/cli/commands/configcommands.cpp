// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/configcommands.h"

#include "core/config/configuration.h"
#include "core/config/json.h"
#include "core/config/validate.h"
#include "core/schemacheck.h"
#include "store/auditlog.h"
#include "store/relations.h"
#include "store/configurations.h"
#include "store/files.h"
#include "store/outputfile.h"
#include "store/schemas.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

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
    // Not even read: nobody but the store may open it while it is in use.
    if (store::isSameFile(path, environment.path())) {
        fail({core::Code::InvalidInput, tr("This is the environment, not a configuration file"), {}, path});
        return std::nullopt;
    }
    QFile file(path);
    const bool opened = path == QStringLiteral("-") ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened) {
        fail({core::Code::NotFound, tr("The configuration file cannot be read"), file.errorString(), path});
        return std::nullopt;
    }
    const QByteArray text = file.read(kLargestFile + 1);
    if (text.size() > kLargestFile) {
        fail({core::Code::InvalidInput, tr("The configuration file is larger than 64 MiB"), {}, path});
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
    wanted.current = *current;
    wanted.changes = core::difference(*current, wanted.configuration);
    wanted.keptNoLonger = gateway::noLongerKept(*current, wanted.configuration);
    return wanted;
}

void ConfigFileCommand::printChanges(const QList<core::ConfigurationChange> &changes,
                                     const QList<provision::DeletedRule> &deleted)
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
        QJsonObject document{{QStringLiteral("changes"), list}};
        QJsonArray runs;
        for (const provision::DeletedRule &rule : deleted)
            runs.append(QJsonObject{{QStringLiteral("rule"), rule.rule},
                                    {QStringLiteral("run"), rule.run == 0 ? QJsonValue() : QString::number(rule.run)},
                                    {QStringLiteral("counts"), core::toJson(rule.counts)},
                                    {QStringLiteral("handedOver"), rule.handedOver}});
        if (!runs.isEmpty())
            document.insert(QStringLiteral("deletedRules"), runs);
        terminal().printJson(document);
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
    for (const provision::DeletedRule &rule : deleted) {
        if (rule.run != 0)
            terminal().print(tr("The rule \"%1\" is deleted: %2 people disabled, %3 deleted (run %4)")
                                 .arg(rule.rule).arg(rule.counts.disable).arg(rule.counts.remove).arg(rule.run));
        if (rule.handedOver > 0)
            terminal().print(tr("The rule \"%1\" is deleted: %2 people are left to another rule").arg(rule.rule).arg(rule.handedOver));
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
    const auto schemaOf = [opened](const core::Gateway &gateway) {
        const auto schema = opened->schemas().load(gateway.id);
        return schema ? *schema : std::shared_ptr<const core::Schema>();
    };
    for (const core::Error &warning : core::warnings(wanted->configuration) + core::schemaWarnings(wanted->configuration, schemaOf))
        terminal().printWarning(warning);
    warnOfLeftPeople(*opened, *wanted);
    QList<provision::DeletedRule> deleted;
    if (!wanted->changes.isEmpty()) {
        auto saved = provision::saveConfiguration(*opened, wanted->current, wanted->configuration, QStringLiteral("command line"));
        if (!saved)
            return failAll(saved.error());
        deleted = *std::move(saved);
        forgetSecrets(wanted->keptNoLonger);
        if (auto recorded = opened->audit().record(QStringLiteral("configuration.apply"), argument(0),
                                                   tr("%n change(s)", nullptr, int(wanted->changes.size())));
            !recorded)
            return fail(recorded.error());
    }
    printChanges(wanted->changes, deleted);
    finish(Exit::Done);
}

/// Whom the file leaves without a way to sign on.
void ConfigApply::warnOfLeftPeople(store::Environment &environment, const Wanted &wanted)
{
    for (const core::Gateway &gateway : wanted.current.gateways) {
        const auto stays = std::find_if(wanted.configuration.gateways.begin(), wanted.configuration.gateways.end(),
                                        [&](const core::Gateway &one) { return one.id == gateway.id; });
        const bool isGone = stays == wanted.configuration.gateways.end();
        const auto people = store::peopleOf(environment.database(), gateway.id);
        if (!people)
            continue;
        if (isGone && people->authenticated + people->linked > 0)
            terminal().printWarning({core::Code::Conflict,
                                     tr("the gateway \"%1\" is removed: %2 people sign on through it, %3 are linked to its directory")
                                         .arg(gateway.name).arg(people->authenticated).arg(people->linked),
                                     tr("they stay, but cannot sign on any more, and no other gateway knows their links; a gateway that "
                                        "only gets another name keeps them when its servers stay as they are"),
                                     QStringLiteral("gateways[%1]").arg(gateway.name)});
        for (const core::UserType &type : isGone ? QList<core::UserType>() : gateway.userTypes) {
            const bool kept = std::any_of(stays->userTypes.begin(), stays->userTypes.end(),
                                          [&](const core::UserType &one) { return one.id == type.id; });
            if (const qint64 count = people->byUserType.value(type.id); !kept && count > 0)
                terminal().printWarning({core::Code::Conflict,
                                         tr("the user type \"%1\" is removed: %2 people sign on as it").arg(type.name).arg(count),
                                         tr("they cannot sign on until they have another user type"),
                                         QStringLiteral("gateways[%1].userTypes[%2]").arg(gateway.name, type.name)});
        }
    }
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

void ConfigSchema::start()
{
    terminal().writeJson(QJsonDocument(core::configurationSchema()).toJson(QJsonDocument::Indented));
    finish(Exit::Done);
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
        terminal().writeJson(text);
        return finish(Exit::Done);
    }
    store::OutputFile file(option(QStringLiteral("out")));
    auto written = file.open(invocation().environmentPath);
    if (written) {
        file.write(text);
        written = file.commit();
    }
    if (!written)
        return fail(written.error());
    finish(Exit::Done);
}

} // namespace gatehouse::cli
