// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include "store/configurations.h"
#include "store/files.h"

namespace gatehouse::cli {

Exit exitFor(const core::Error &error)
{
    switch (error.code) {
    case core::Code::Guard:
        return Exit::Guard;
    case core::Code::Locked:
        return Exit::Locked;
    case core::Code::Cancelled:
        return Exit::Internal;
    default:
        break;
    }
    if (error.isLocal)
        return Exit::Usage;
    switch (error.code) {
    case core::Code::InvalidInput:
    case core::Code::Syntax:
    case core::Code::Evaluation:
    case core::Code::EvaluationLimit:
    case core::Code::NotFound:
    case core::Code::Exists:
    case core::Code::Conflict:
    case core::Code::Unsupported:
    case core::Code::Corrupt:
        return Exit::Usage;
    case core::Code::Denied:
        // Without a result code it was not a server that refused, but a secret that others may read.
        return error.native == 0 ? Exit::Usage : Exit::Directory;
    case core::Code::Unreachable:
    case core::Code::Untrusted:
    case core::Code::Unauthenticated:
    case core::Code::Timeout:
    case core::Code::LimitExceeded:
    case core::Code::Busy:
    case core::Code::Protocol:
        return Exit::Directory;
    default:
        return Exit::Internal;
    }
}

void Command::fail(const core::Error &error)
{
    terminal().printError(error);
    finish(exitFor(error));
}

store::Environment *Command::environment(store::Environment::Access access)
{
    if (!m_environment) {
        if (access == store::Environment::Access::Create && m_invocation.isDefaultEnvironment) {
            // On a fresh account there is no folder for it yet.
            if (auto made = store::makeFoldersFor(m_invocation.environmentPath); !made) {
                fail(made.error());
                return nullptr;
            }
        }
        auto opened = store::Environment::open(m_invocation.environmentPath, access);
        if (!opened) {
            fail(opened.error());
            return nullptr;
        }
        m_environment = *std::move(opened);
        warnOfLooseFiles();
    }
    return m_environment.get();
}

void Command::warnOfLooseFiles()
{
    for (const core::Error &warning : store::looseFiles(m_invocation.environmentPath))
        terminal().printWarning(warning);
}

std::optional<Command::NamedGateway> Command::gatewayNamed(const QString &name, store::Environment::Access access)
{
    auto *opened = environment(access);
    if (!opened)
        return std::nullopt;
    const auto configuration = opened->configurations().load();
    if (!configuration) {
        fail(configuration.error());
        return std::nullopt;
    }
    const core::Gateway *gateway = configuration->gateway(name);
    if (!gateway) {
        fail({core::Code::NotFound, tr("There is no gateway \"%1\"").arg(name)});
        return std::nullopt;
    }
    return NamedGateway{opened, *configuration, *gateway};
}

void Command::declareWait(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("wait"), tr("How long to wait for a gateway client to connect, where one is needed (default 30)."),
                      QStringLiteral("SECONDS"), QStringLiteral("30")});
}

void Command::withClientsOf(const core::Gateway &gateway, std::function<void()> then)
{
    if (gateway.mode != core::GatewayMode::Clients)
        return then();
    bool isNumber = false;
    const int seconds = option(QStringLiteral("wait")).toInt(&isNumber);
    if (!isNumber || seconds < 0)
        return fail({core::Code::InvalidInput, tr("--wait takes a number of seconds")});
    m_clients = std::make_unique<provision::GatewayClients>(m_invocation.environmentPath, std::chrono::seconds(seconds));
    connect(m_clients.get(), &provision::GatewayClients::looked, this, std::move(then), Qt::SingleShotConnection);
    terminal().showProgress(tr("waiting for a gateway client …"));
    m_clients->start();
}

} // namespace gatehouse::cli
