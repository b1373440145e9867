// SPDX-License-Identifier: GPL-3.0-or-later
//
// One command of gatehousectl, e.g. "config apply". main() makes the one that was named, lets it declare its options,
// and starts it inside the event loop; it ends by finish(). Commands print through the Terminal and nowhere else.
#pragma once

#include "cli/exit.h"
#include "cli/terminal.h"
#include "core/config/configuration.h"
#include "core/result.h"
#include "provision/gatewayclients.h"
#include "store/environment.h"

#include <QCommandLineParser>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::cli {

class Command : public QObject {
    Q_OBJECT
public:
    struct Invocation {
        QString environmentPath;
        bool isDefaultEnvironment = false; ///< nobody has named it
        QStringList arguments; ///< positional ones, after the command's own words
        const QCommandLineParser *options = nullptr;
        Terminal *terminal = nullptr;
    };

    ~Command() override = default;
    /// Options beyond --environment and --json.
    virtual void declare(QCommandLineParser &) {}
    /// Begins; finish() follows, now or by the event loop.
    virtual void start() = 0;
    /// Somebody pressed Ctrl+C.
    virtual void interrupt() { finish(Exit::Internal); }

    void setInvocation(Invocation invocation) { m_invocation = std::move(invocation); }

signals:
    void finished(int exitCode);

protected:
    Terminal &terminal() { return *m_invocation.terminal; }
    const Invocation &invocation() const { return m_invocation; }
    bool isSet(const QString &option) const { return m_invocation.options->isSet(option); }
    QString option(const QString &name) const { return m_invocation.options->value(name); }
    QString argument(int index) const { return m_invocation.arguments.value(index); }

    void finish(Exit exit) { emit finished(int(exit)); }
    /// Prints the error and ends with its exit code.
    void fail(const core::Error &error);
    /// Opens the environment, or fails the command and returns nullptr. Says which of its files others may read.
    store::Environment *environment(store::Environment::Access access);
    /// For those that open it by themselves.
    void warnOfLooseFiles();
    struct NamedGateway {
        store::Environment *environment = nullptr;
        core::Configuration configuration;
        core::Gateway gateway;
    };
    /// Opens the environment and finds a gateway in it, or fails the command.
    std::optional<NamedGateway> gatewayNamed(const QString &name, store::Environment::Access access);
    /// The option --wait, for commands that use withClientsOf().
    static void declareWait(QCommandLineParser &parser);
    /// Runs @p then when a directory behind @p gateway can be dialled: at once, or with the endpoint for its clients
    /// open for as long as the command lives.
    void withClientsOf(const core::Gateway &gateway, std::function<void()> then);

private:
    Invocation m_invocation;
    std::unique_ptr<store::Environment> m_environment;
    std::unique_ptr<provision::GatewayClients> m_clients;
};

/// What gatehousectl can do.
struct CommandEntry {
    QString words;     ///< "config apply"
    QString arguments; ///< "FILE"
    int minArguments;
    int maxArguments;
    QString summary;
    std::function<std::unique_ptr<Command>()> make;
};
const std::vector<CommandEntry> &allCommands();

} // namespace gatehouse::cli
