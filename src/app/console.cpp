// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"

#include "store/configurations.h"

namespace gatehouse::app {

namespace {
constexpr std::chrono::seconds kPatience{5}; ///< for clients that come back when the console has just opened

core::Error savedUnread(const core::Error &error)
{
    core::Error told = error;
    told.what = Console::tr("It is saved, but could not be read again: %1").arg(error.what);
    return told;
}

} // namespace

Console::Console(const QString &environmentPath, QObject *parent)
    : QObject(parent), m_reader(std::make_unique<ReaderThread>(environmentPath)),
      m_engine(std::make_unique<provision::Engine>(environmentPath)),
      m_clients(std::make_unique<provision::GatewayClients>(environmentPath, kPatience)),
      m_catalog(std::make_shared<core::AttributeCatalog>())
{
    connect(m_engine.get(), &provision::Engine::changed, this, &Console::onChanged);
    connect(m_engine.get(), &provision::Engine::jobFinished, this,
            [this](quint64, const provision::RunOutcome &outcome) { noteRun(outcome); });
}

Console::~Console()
{
    // The engine first: its answers are delivered through this object.
    m_engine.reset();
    m_reader.reset();
    m_clients.reset();
}

QString Console::environmentPath() const
{
    return m_engine->environmentPath();
}

void Console::open()
{
    m_engine->open().then(this, [this](const core::Result<void> &answer) {
        if (!answer) {
            emit openFailed(answer.error());
            return;
        }
        readConfiguration([this] {
            m_open = true;
            m_clients->start();
            emit opened();
        });
    });
}

const core::Population *Console::population(qint64 row) const
{
    for (const core::Population &population : m_configuration.populations) {
        if (population.row == row)
            return &population;
    }
    return nullptr;
}

const core::Gateway *Console::gatewayOf(const QString &rule) const
{
    const core::Rule *found = m_configuration.rule(rule);
    const core::Connection *connection = found ? m_configuration.connection(found->connection) : nullptr;
    return connection ? m_configuration.gateway(connection->gateway) : nullptr;
}

bool Console::tellsOfTheWay(core::Code code)
{
    return code == core::Code::Unreachable || code == core::Code::Untrusted || code == core::Code::Unauthenticated
           || code == core::Code::Timeout;
}

void Console::noteUse(const core::Gateway &gateway, const std::optional<core::Error> &error)
{
    if (!error || tellsOfTheWay(error->code))
        emit gatewayUsed(gateway, error);
}

void Console::noteRun(const provision::RunOutcome &outcome)
{
    const core::Gateway *gateway = gatewayOf(outcome.rule);
    if (!gateway)
        return;
    // What a guard stopped, and what failed for some people, was read whole.
    const bool read = outcome.plan != nullptr || outcome.read > 0;
    if (!outcome.error || tellsOfTheWay(outcome.error->code))
        noteUse(*gateway, outcome.error);
    else if (read)
        noteUse(*gateway, std::nullopt);
}

void Console::changeConfiguration(QObject *context, std::function<void(core::Configuration &)> change,
                                  std::function<void(SaveAnswer)> then)
{
    write<SaveAnswer>(
        context,
        [change = std::move(change)](store::Environment &environment) -> SaveAnswer {
            auto configuration = environment.configurations().load();
            if (!configuration)
                return tl::unexpected(QList<core::Error>{configuration.error()});
            change(*configuration);
            return environment.configurations().save(*configuration);
        },
        Touched::Nothing, onceRead(context, std::move(then))); // which reads it, once
}

std::function<void(Console::SaveAnswer)> Console::onceRead(QObject *context, std::function<void(SaveAnswer)> then)
{
    return [this, context = QPointer<QObject>(context), then = std::move(then)](const SaveAnswer &answer) {
        if (!answer) {
            if (context)
                then(answer);
            readConfiguration(); // what was refused may have been saved in part
            return;
        }
        // It is saved, whatever becomes of reading it: whoever waits hears of it in any case.
        readConfiguration({}, [context, then](const core::Result<void> &read) {
            if (context)
                then(read ? SaveAnswer() : tl::unexpected(QList<core::Error>{savedUnread(read.error())}));
        });
    };
}

void Console::onChanged(Touched what)
{
    if (!m_open)
        return;
    const bool all = what == Touched::All;
    if (all || what == Touched::Configuration)
        readConfiguration();
    if (all || what == Touched::Users)
        emit usersChanged();
    if (all || what == Touched::Users || what == Touched::Groups)
        emit groupsChanged();
    if (all || what == Touched::Runs)
        emit runsChanged();
}

void Console::readConfiguration(std::function<void()> then, std::function<void(const core::Result<void> &)> first)
{
    struct Read {
        core::Configuration configuration;
        std::shared_ptr<const core::AttributeCatalog> catalog;
    };
    read<Read>(
        this,
        [](store::Reader &reader) -> core::Result<Read> {
            auto configuration = reader.environment().configurations().load();
            if (!configuration)
                return core::fail(configuration.error());
            return Read{std::move(*configuration), reader.environment().catalog()};
        },
        [this, then = std::move(then), first = std::move(first)](core::Result<Read> answer) {
            if (!answer) {
                if (first)
                    first(core::fail(answer.error()));
                // Of a window that is at work, the last good state stays.
                if (m_open)
                    emit readFailed(answer.error());
                else
                    emit openFailed(answer.error());
                return;
            }
            m_configuration = std::move(answer->configuration);
            m_catalog = answer->catalog;
            if (m_open)
                m_clients->refresh();
            if (first)
                first({});
            emit configurationChanged();
            if (then)
                then();
        });
}

} // namespace gatehouse::app
