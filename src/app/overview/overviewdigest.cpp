// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/overview/overviewdigest.h"

#include "app/console.h"
#include "app/runs/runhistory.h"
#include "app/text.h"

#include <algorithm>

namespace gatehouse::app {

namespace {
constexpr int kQuietMs = 300;
}

OverviewDigest::OverviewDigest(Console &console, const RunHistory &history, QObject *parent)
    : QObject(parent), m_console(console), m_history(history)
{
    m_again.setSingleShot(true);
    m_again.setInterval(kQuietMs);
    connect(&m_again, &QTimer::timeout, this, &OverviewDigest::refresh);
    connect(&console, &Console::usersChanged, &m_again, qOverload<>(&QTimer::start));
    connect(&console, &Console::groupsChanged, &m_again, qOverload<>(&QTimer::start));
    connect(&console, &Console::configurationChanged, this, &OverviewDigest::changed);
    connect(&console, &Console::gatewayHealthChanged, this, &OverviewDigest::changed);
    connect(&history, &RunHistory::changed, this, &OverviewDigest::changed);
    refresh();
}

void OverviewDigest::refresh()
{
    m_console.reader().cancel(m_request);
    m_request = m_console.read<Totals>(
        this,
        [](store::Reader &reader) -> core::Result<Totals> {
            Totals totals;
            const auto byPopulation = reader.userCountsByPopulation();
            if (!byPopulation)
                return core::fail(byPopulation.error());
            for (const qint64 count : *byPopulation)
                totals.users += count;
            // The fewer ones are counted: people switched off.
            store::UserQuery disabled;
            disabled.enabled = 0;
            const auto off = reader.userIds(disabled);
            if (!off)
                return core::fail(off.error());
            totals.enabled = totals.users - qint64(off->size());
            const auto groups = reader.groups(QString());
            if (!groups)
                return core::fail(groups.error());
            totals.groups = groups->size();
            for (const core::Group &group : *groups)
                totals.foreignGroups += group.source == core::GroupSource::Internal ? 0 : 1;
            return totals;
        },
        [this](core::Result<Totals> answer) {
            m_error.reset();
            if (answer)
                m_totals = *answer;
            else
                m_error = answer.error();
            emit changed();
        });
}

QList<OverviewDigest::Attention> OverviewDigest::attention(const GatewayHealth &health) const
{
    QList<Attention> list;
    const core::Configuration &configuration = m_console.configuration();
    const QString gateways = QStringLiteral("gateways");
    const QString provisioning = QStringLiteral("provisioning");
    const QString runs = QStringLiteral("runs");
    const QString toRun = tr("Show run");
    const QString toGateway = tr("Show gateway");
    for (const core::Rule &rule : configuration.rules) {
        const store::Run *run = m_history.lastOf(rule);
        if (!run || !rule.enabled)
            continue;
        const QString row = QString::number(run->row);
        if (run->status == store::RunStatus::Stopped && run->error && run->error->code == core::Code::Guard)
            list.append({Tone::Warning, tr("A guard stopped “%1” before its first change.").arg(rule.name), runs, row,
                         toRun});
        else if (run->status == store::RunStatus::BrokenOff)
            list.append({Tone::Bad, tr("The last run of “%1” broke off.").arg(rule.name), runs, row, toRun});
        else if (run->status == store::RunStatus::Failed || run->status == store::RunStatus::Stopped)
            list.append({Tone::Bad, tr("The last run of “%1” failed: %2")
                                        .arg(rule.name, run->error ? Text::headline(*run->error) : QString()),
                         runs, row, toRun});
        else if (run->counts.users.failed > 0)
            list.append({Tone::Warning,
                         run->counts.users.failed == 1
                             ? tr("1 person could not be provisioned by “%1”.").arg(rule.name)
                             : tr("%1 people could not be provisioned by “%2”.")
                                   .arg(Text::number(run->counts.users.failed), rule.name),
                         runs, row, toRun});
    }
    for (const core::Gateway &gateway : configuration.gateways) {
        if (!gateway.enabled)
            continue;
        const GatewayHealth::Record record = health.of(gateway);
        if (record.state == GatewayHealth::State::Unhealthy)
            list.append({Tone::Bad,
                         record.isByUse()
                             ? tr("“%1” did not lead to its directory: %2").arg(gateway.name, record.fault)
                             : tr("No server of “%1” passed its last connection test.").arg(gateway.name),
                         gateways, gateway.name, toGateway});
        for (const QString &alert : GatewayHealth::alerts(gateway))
            list.append({Tone::Warning, gateway.name + QStringLiteral(": ") + alert, gateways, gateway.name,
                         toGateway});
    }
    for (const core::Rule &rule : configuration.rules) {
        if (!rule.enabled)
            continue;
        const core::Connection *connection = configuration.connection(rule.connection);
        const core::Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
        if (connection && !connection->enabled)
            list.append({Tone::Warning, tr("“%1” cannot run: its connection “%2” is switched off.")
                                            .arg(rule.name, connection->name),
                         provisioning, QStringLiteral("connection:") + connection->name, tr("Show connection")});
        else if (gateway && !gateway->enabled)
            list.append({Tone::Warning, tr("“%1” cannot run: its gateway “%2” is switched off.")
                                            .arg(rule.name, gateway->name),
                         gateways, gateway->name, toGateway});
    }
    std::stable_partition(list.begin(), list.end(), [](const Attention &item) { return item.tone == Tone::Bad; });
    return list;
}

OverviewDigest::FirstSteps OverviewDigest::firstSteps() const
{
    const core::Configuration &configuration = m_console.configuration();
    return {!configuration.gateways.isEmpty(), !configuration.connections.isEmpty(), !configuration.rules.isEmpty(),
            !m_history.runs().isEmpty()};
}

} // namespace gatehouse::app
