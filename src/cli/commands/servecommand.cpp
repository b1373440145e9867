// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/servecommand.h"

#include "core/visibletext.h"
#include "store/files.h"

#include <QDateTime>
#include <QFileInfo>

#include <cstdio>

namespace gatehouse::cli {

namespace {
constexpr std::chrono::seconds kPatience{10}; ///< for clients that come back to a restarted endpoint
}

void ServeCommand::log(const QString &line)
{
    // The journal has its own times.
    static const bool isJournal = qEnvironmentVariableIsSet("JOURNAL_STREAM");
    const QString time = isJournal ? QString() : QDateTime::currentDateTime().toString(Qt::ISODate) + u' ';
    std::fprintf(stderr, "%s%s\n", time.toUtf8().constData(), core::visible(line).toUtf8().constData());
}

void ServeCommand::start()
{
    const QString path = invocation().environmentPath;
    if (!QFileInfo::exists(path))
        return fail({core::Code::NotFound, tr("There is no environment"), tr("gatehousectl config apply makes one"), path});
    m_engine = std::make_unique<provision::Engine>(path);
    m_clients = std::make_unique<provision::GatewayClients>(path, kPatience);
    m_schedule = std::make_unique<provision::Schedule>(*m_engine);
    connect(m_clients.get(), &provision::GatewayClients::logged, this, &ServeCommand::log);
    connect(m_clients.get(), &provision::GatewayClients::endpointChanged, this, &ServeCommand::showEndpoint);
    connect(m_schedule.get(), &provision::Schedule::logged, this, &ServeCommand::log);
    connect(m_schedule.get(), &provision::Schedule::stopped, this, [this] {
        m_clients.reset();
        log(tr("stopped"));
        finish(Exit::Done);
    });
    m_engine->open().then(this, [this, path](const core::Result<void> &opened) {
        if (!opened)
            return fail(opened.error());
        log(tr("serving %1").arg(path));
        for (const core::Error &warning : store::looseFiles(path))
            log(warning.text());
        m_clients->start();
        m_schedule->start();
    });
}

void ServeCommand::showEndpoint()
{
    if (!m_clients)
        return;
    const provision::EndpointState state = m_clients->endpoint();
    const QString place = QStringLiteral("%1:%2").arg(state.settings.listen.isEmpty() ? QStringLiteral("*") : state.settings.listen)
                              .arg(state.settings.port);
    if (state.isOpen)
        log(tr("the gateway endpoint listens on %1, fingerprint %2").arg(place, QString::fromLatin1(state.fingerprint.toHex())));
    else if (state.fault)
        log(tr("the gateway endpoint is not open: %1").arg(state.fault->text()));
    else
        log(tr("no gateway is reached through clients, so there is no endpoint"));
}

void ServeCommand::interrupt()
{
    if (!m_schedule)
        return finish(Exit::Done);
    log(tr("stopping"));
    m_schedule->stop();
}

} // namespace gatehouse::cli
