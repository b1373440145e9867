// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console.h"

#include "store/configurations.h"

namespace gatehouse::app {

namespace {
constexpr std::chrono::seconds kPatience{5}; ///< for clients that come back when the console has just opened
}

Console::Console(const QString &environmentPath, QObject *parent)
    : QObject(parent), m_reader(std::make_unique<ReaderThread>(environmentPath)),
      m_engine(std::make_unique<provision::Engine>(environmentPath)),
      m_clients(std::make_unique<provision::GatewayClients>(environmentPath, kPatience)),
      m_catalog(std::make_shared<core::AttributeCatalog>())
{
    connect(m_engine.get(), &provision::Engine::changed, this, &Console::onChanged);
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
        Touched::Configuration, onceRead(context, std::move(then)));
}

std::function<void(Console::SaveAnswer)> Console::onceRead(QObject *context, std::function<void(SaveAnswer)> then)
{
    return [this, context = QPointer<QObject>(context), then = std::move(then)](const SaveAnswer &answer) {
        const auto tell = [context, then, answer] {
            if (context)
                then(answer);
        };
        if (answer)
            readConfiguration({}, tell);
        else
            tell();
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

void Console::readConfiguration(std::function<void()> then, std::function<void()> first)
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
                emit openFailed(answer.error());
                return;
            }
            m_configuration = std::move(answer->configuration);
            m_catalog = answer->catalog;
            if (m_open)
                m_clients->refresh();
            if (first)
                first();
            emit configurationChanged();
            if (then)
                then();
        });
}

} // namespace gatehouse::app
