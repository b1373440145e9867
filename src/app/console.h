// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open environment as the pages see it: the engine for everything that is written or run, the reader thread for
// everything that is shown, and the configuration as it was last read. Owned by whoever opens the window, lives in the
// GUI thread, never blocks it: read() and write() return at once and answer by the event loop.
#pragma once

#include "app/readerthread.h"
#include "core/config/configuration.h"
#include "provision/engine.h"
#include "provision/gatewayclients.h"
#include "store/environment.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::app {

class Console : public QObject {
    Q_OBJECT
public:
    using Touched = provision::Engine::Touched;

    explicit Console(const QString &environmentPath, QObject *parent = nullptr);
    ~Console() override;

    /// Opens the environment; ends with opened() or openFailed(). May be called again after a failure.
    void open();
    bool isOpen() const { return m_open; }
    QString environmentPath() const;

    provision::Engine &engine() { return *m_engine; }
    ReaderThread &reader() { return *m_reader; }
    /// The clients of gateways that are reached through them, and the endpoint they dial in to.
    provision::GatewayClients &gatewayClients() { return *m_clients; }

    /// As of the last configurationChanged().
    const core::Configuration &configuration() const { return m_configuration; }
    const core::AttributeCatalog &catalog() const { return *m_catalog; }
    /// The population with this row, or nullptr.
    const core::Population *population(qint64 row) const;
    /// The gateway that the rule of this name reads through, or nullptr.
    const core::Gateway *gatewayOf(const QString &rule) const;

    /// Whether it is a fault of the way to the directory, and not of what was asked for.
    static bool tellsOfTheWay(core::Code code);
    /// Whoever used @p gateway, as it was configured then, tells how that went: health follows every use. Other faults
    /// than of the way to the directory are passed over.
    void noteUse(const core::Gateway &gateway, const std::optional<core::Error> &error);

    /// Reads in the reader thread; see ReaderThread::read().
    template <typename T>
    quint64 read(QObject *context, std::function<core::Result<T>(store::Reader &)> work,
                 std::function<void(core::Result<T>)> then)
    {
        return m_reader->read<T>(context, std::move(work), std::move(then));
    }

    /// Writes in the engine's thread; @p then runs in the GUI thread while @p context lives. T is the work's own
    /// answer, for example core::Result<core::User>.
    template <typename T>
    void write(QObject *context, std::function<T(store::Environment &)> work, Touched touched,
               std::function<void(T)> then)
    {
        m_engine->post<T>(std::move(work), touched)
            .then(this, [context = QPointer<QObject>(context), then = std::move(then)](T answer) {
                if (context)
                    then(std::move(answer));
            });
    }

    /// Takes the configuration as it is stored, lets @p change edit it, validates and saves the whole; @p then gets
    /// every fault with its JSON path, or success.
    using SaveAnswer = tl::expected<void, QList<core::Error>>;
    void changeConfiguration(QObject *context, std::function<void(core::Configuration &)> change,
                             std::function<void(SaveAnswer)> then);
    /// For the answer of a save: @p then hears of a success as soon as configuration() has what was saved, and before
    /// configurationChanged(). Whoever edits on builds on that, not on what was there before.
    std::function<void(SaveAnswer)> onceRead(QObject *context, std::function<void(SaveAnswer)> then);

signals:
    void opened();
    void openFailed(const gatehouse::core::Error &error);
    void configurationChanged();
    void usersChanged();
    void groupsChanged();
    void runsChanged();
    /// The directory behind the gateway was reached and answered, or was not. Runs and previews tell by themselves.
    void gatewayUsed(const gatehouse::core::Gateway &gateway, const std::optional<gatehouse::core::Error> &error);
    /// A gateway's health is another one now; see app::GatewayHealth.
    void gatewayHealthChanged();
    /// The configuration could not be read again; what is shown is older than what is stored.
    void readFailed(const gatehouse::core::Error &error);
    /// What the configuration no longer has could not be removed from the keychain.
    void keychainRefused(const gatehouse::core::Error &error);

private:
    void onChanged(Touched what);
    void noteRun(const provision::RunOutcome &outcome);
    /// @p first gets the answer before anybody is told; @p then after that, once it has been read.
    void readConfiguration(std::function<void()> then = {}, std::function<void(const core::Result<void> &)> first = {});

    std::unique_ptr<ReaderThread> m_reader;
    std::unique_ptr<provision::Engine> m_engine;
    std::unique_ptr<provision::GatewayClients> m_clients;
    core::Configuration m_configuration;
    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    bool m_open = false;
};

} // namespace gatehouse::app
