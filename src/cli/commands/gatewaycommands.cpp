// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/gatewaycommands.h"

#include "core/config/json.h"
#include "gateway/test.h"
#include "provision/clientneed.h"
#include "store/configurations.h"
#include "store/schemas.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QThread>

namespace gatehouse::cli {

namespace {

QJsonObject toJson(const ldap::CertificateReport &certificate)
{
    return {{QStringLiteral("subject"), certificate.subject},
            {QStringLiteral("names"), QJsonArray::fromStringList(certificate.names)},
            {QStringLiteral("issuer"), certificate.issuer},
            {QStringLiteral("validFrom"), certificate.validFrom.toString(Qt::ISODate)},
            {QStringLiteral("validTo"), certificate.validTo.toString(Qt::ISODate)},
            {QStringLiteral("sha256"), QString::fromLatin1(certificate.sha256.toHex(':'))},
            {QStringLiteral("tlsVersion"), certificate.tlsVersion},
            {QStringLiteral("failedChecks"), QJsonArray::fromStringList(certificate.failedChecks)}};
}

QJsonObject toJson(const gateway::StageResult &stage)
{
    QJsonObject json{{QStringLiteral("stage"), gateway::stageKey(stage.stage)},
                     {QStringLiteral("verdict"), gateway::verdictKey(stage.verdict)},
                     {QStringLiteral("text"), stage.text},
                     {QStringLiteral("remedy"), stage.remedy},
                     {QStringLiteral("milliseconds"), stage.milliseconds}};
    if (stage.error)
        json.insert(QStringLiteral("error"), cli::toJson(*stage.error));
    if (stage.certificate)
        json.insert(QStringLiteral("certificate"), toJson(*stage.certificate));
    return json;
}

/// The bases that the rules and user types of a gateway read.
QStringList basesOf(const core::Configuration &configuration, const core::Gateway &gateway)
{
    QStringList bases;
    for (const core::UserType &userType : gateway.userTypes)
        bases.append(userType.searchBaseDn);
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name)
            bases.append(rule.scope.baseDn);
    }
    bases.removeDuplicates();
    return bases;
}

QString markOf(gateway::Verdict verdict)
{
    switch (verdict) {
    case gateway::Verdict::Passed: return QStringLiteral("ok     ");
    case gateway::Verdict::Warning: return QStringLiteral("warning");
    case gateway::Verdict::Failed: return QStringLiteral("FAILED ");
    case gateway::Verdict::Skipped: return QStringLiteral("skipped");
    }
    return {};
}

} // namespace

void GatewayList::start()
{
    auto *opened = environment(store::Environment::Access::ReadOnly);
    if (!opened)
        return;
    const auto configuration = opened->configurations().load();
    if (!configuration)
        return fail(configuration.error());
    QList<QStringList> rows;
    for (const core::Gateway &gateway : configuration->gateways) {
        if (terminal().isJson()) {
            terminal().printJsonLine(core::toJson(gateway));
            continue;
        }
        rows.append({gateway.name, core::vendorName(gateway.vendor), gateway.serversHostAndPort.join(QStringLiteral(", ")),
                     gateway.enabled ? tr("enabled") : tr("disabled")});
    }
    if (!terminal().isJson())
        terminal().printTable({tr("NAME"), tr("DIRECTORY TYPE"), tr("SERVERS"), tr("STATE")}, rows);
    finish(Exit::Done);
}

void GatewayShow::start()
{
    const auto named = gatewayNamed(argument(0), store::Environment::Access::ReadOnly);
    if (!named)
        return;
    terminal().printJson(core::toJson(named->gateway));
    finish(Exit::Done);
}

void GatewayTest::start()
{
    const auto named = gatewayNamed(argument(0), store::Environment::Access::ReadOnly);
    if (!named)
        return;
    m_opened = named->environment;
    withClientsOf(named->gateway, [this, found = named->gateway, bases = basesOf(named->configuration, named->gateway),
                                   need = provision::needOf(named->configuration, named->gateway)] {
        report(found, bases, need);
    });
}

/// For config apply, which checks names of attributes without asking the directory. Not worth a failed test.
void GatewayTest::rememberSchema(const QUuid &gateway, const gateway::TestReport &report)
{
    if (report.schema && m_opened) {
        [[maybe_unused]] const auto saved = m_opened->schemas().save(gateway, *report.schema);
    }
}

void GatewayTest::report(const core::Gateway &gateway, const QStringList &bases, link::Need need)
{
    // The test blocks, so it has a thread; what it finds comes back to this one.
    auto reports = std::make_shared<QList<gateway::TestReport>>();
    QThread *thread = QThread::create([this, gateway, bases, need, reports] {
        *reports = gateway::runTest(gateway, bases, m_cancel, [this](const QString &, const gateway::StageResult &stage) {
            QMetaObject::invokeMethod(this, [this, stage] {
                terminal().showProgress(tr("%1 …").arg(gateway::stageKey(stage.stage)));
            }, Qt::QueuedConnection);
        }, {}, {need, {}, {}});
    });
    thread->setParent(this);
    connect(thread, &QThread::finished, this, [this, reports, id = gateway.id] {
        terminal().clearProgress();
        QJsonArray servers;
        bool anyPassed = false;
        std::optional<core::Error> firstError;
        for (const gateway::TestReport &report : std::as_const(*reports)) {
            anyPassed |= report.passed();
            rememberSchema(id, report);
            QJsonArray stages;
            if (!terminal().isJson())
                terminal().print(report.server);
            for (const gateway::StageResult &stage : report.stages) {
                stages.append(toJson(stage));
                if (stage.error && !firstError)
                    firstError = stage.error;
                if (terminal().isJson())
                    continue;
                terminal().print(QStringLiteral("  %1 %2 %3 ms  %4").arg(markOf(stage.verdict),
                                     gateway::stageKey(stage.stage).leftJustified(8),
                                     QString::number(stage.milliseconds).rightJustified(5), stage.text));
                if (!stage.remedy.isEmpty())
                    terminal().print(QStringLiteral("          -> %1").arg(stage.remedy));
            }
            servers.append(QJsonObject{{QStringLiteral("server"), report.server},
                                       {QStringLiteral("passed"), report.passed()},
                                       {QStringLiteral("stages"), stages}});
        }
        if (terminal().isJson())
            terminal().printJson({{QStringLiteral("gateway"), argument(0)}, {QStringLiteral("passed"), anyPassed},
                                  {QStringLiteral("servers"), servers}});
        if (anyPassed)
            return finish(Exit::Done);
        finish(firstError ? exitFor(*firstError) : Exit::Directory);
    });
    thread->start();
}

} // namespace gatehouse::cli
