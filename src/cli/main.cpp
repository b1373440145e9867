// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl: finds the command by its words, hands it the rest, and turns Ctrl+C into a request to stop.
#include "cli/command.h"
#include "core/secretmemory.h"
#include "store/files.h"

#include <QCoreApplication>
#include <QDir>
#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

constexpr int kMaxWords = 3; ///< of a command's name
int signalSockets[2] = {-1, -1};

void onSignal(int)
{
    // The second time, of whichever kind, it is meant: no more waiting for a clean stop.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    const char octet = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalSockets[0], &octet, 1);
}

/// Where standard input, output or error was closed, no file that is opened later may take its number: results would be
/// written into it.
void occupyStandardNumbers()
{
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // Only for reading: what is printed fails, as it did.
        if (::fcntl(number, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) != number)
            std::_Exit(int(cli::Exit::Usage));
    }
}

QString usage()
{
    QString text = QCoreApplication::translate("main", "Usage: gatehousectl [--environment FILE] [--json] COMMAND …\n\nCommands:\n");
    for (const cli::CommandEntry &entry : cli::allCommands())
        text += QStringLiteral("  %1  %2\n").arg(QString(entry.words + u' ' + entry.arguments).leftJustified(34), entry.summary);
    text += QCoreApplication::translate("main", "\nEnvironment: --environment, else $GATEHOUSE_ENVIRONMENT, else\n  %1\n"
                                                "Options of a command: gatehousectl COMMAND --help\n").arg(store::defaultEnvironment());
    return text;
}

/// The command that the first words name, and how many words it has.
const cli::CommandEntry *findCommand(const QStringList &words, int &used)
{
    for (int count = kMaxWords; count >= 1; --count) {
        const QString name = words.mid(0, count).join(u' ');
        for (const cli::CommandEntry &entry : cli::allCommands()) {
            if (entry.words == name && words.size() >= count) {
                used = int(entry.words.count(u' ')) + 1;
                return &entry;
            }
        }
    }
    return nullptr;
}

/// The first option or argument that was given without anything in it, as a script does with a variable that is not set.
QString emptyOne(const cli::CommandEntry &entry, const QCommandLineParser &parser, const QStringList &arguments)
{
    const auto isBlank = [](const QString &value) { return value.trimmed().isEmpty(); };
    const QStringList given = parser.optionNames();
    for (const QString &name : given) {
        const QStringList values = parser.values(name);
        if (std::any_of(values.begin(), values.end(), isBlank))
            return QStringLiteral("--") + name;
    }
    // What is wrong with an expression it says itself.
    const QStringList names = entry.arguments.split(u' ');
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString name = names.value(i).remove(u'[').remove(u']');
        if (name != QStringLiteral("EXPRESSION") && isBlank(arguments.at(i)))
            return name;
    }
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    occupyStandardNumbers();
    core::keepOutOfCoreDumps();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("gatehousectl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));

    // The command's words are the arguments that are no options; "--environment FILE" is the one option before them
    // that takes a value.
    QStringList words;
    const QStringList all = QCoreApplication::arguments().mid(1);
    for (qsizetype i = 0; i < all.size() && words.size() < kMaxWords; ++i) {
        if (all.at(i) == QStringLiteral("--environment"))
            ++i;
        else if (!all.at(i).startsWith(u'-'))
            words.append(all.at(i));
    }
    const bool json = all.contains(QStringLiteral("--json"));
    cli::Terminal terminal(json);
    const auto refuse = [&](const QString &what, const QString &detail = {}) {
        terminal.printError({core::Code::InvalidInput, what, detail});
        return terminal.conclude(int(cli::Exit::Usage));
    };

    int used = 0;
    const cli::CommandEntry *entry = findCommand(words, used);
    if (!entry) {
        if (words.isEmpty() && all.contains(QStringLiteral("--version"))) {
            terminal.print(QStringLiteral("gatehousectl " GATEHOUSE_VERSION));
            return terminal.conclude(0);
        }
        if (words.isEmpty() || words.constFirst() == QStringLiteral("help")) {
            terminal.write(usage().toUtf8());
            return terminal.conclude(words.isEmpty() && !all.contains(QStringLiteral("--help")) ? int(cli::Exit::Usage) : 0);
        }
        return refuse(QCoreApplication::translate("main", "There is no command \"%1\"").arg(words.join(u' ')),
                      QCoreApplication::translate("main", "gatehousectl --help lists them"));
    }

    const std::unique_ptr<cli::Command> command = entry->make();
    QCommandLineParser parser;
    parser.setApplicationDescription(entry->summary);
    parser.addOption({QStringLiteral("environment"), QCoreApplication::translate("main", "The environment's file."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("json"), QCoreApplication::translate("main", "Print JSON.")});
    parser.addOption({QStringLiteral("help"), QCoreApplication::translate("main", "Show this help.")});
    parser.addPositionalArgument(entry->words, QString(), entry->words + u' ' + entry->arguments);
    command->declare(parser);
    if (!parser.parse(QCoreApplication::arguments()))
        return refuse(parser.errorText(), QCoreApplication::translate("main", "gatehousectl %1 --help lists its options").arg(entry->words));
    if (parser.isSet(QStringLiteral("help"))) {
        terminal.write(parser.helpText().toUtf8());
        return terminal.conclude(0);
    }
    const QStringList arguments = parser.positionalArguments().mid(used);
    if (arguments.size() < entry->minArguments || arguments.size() > entry->maxArguments) {
        return refuse(QCoreApplication::translate("main", "Usage: gatehousectl %1 %2").arg(entry->words, entry->arguments));
    }
    if (const QString empty = emptyOne(*entry, parser, arguments); !empty.isEmpty()) {
        return refuse(QCoreApplication::translate("main", "%1 is empty").arg(empty),
                      QCoreApplication::translate("main", "Leave it out, or give it a value; perhaps a variable of a script is not set"));
    }
    const bool isNamed = parser.isSet(QStringLiteral("environment"));
    const QString path = isNamed ? parser.value(QStringLiteral("environment")) : store::defaultEnvironment();
    const bool isDefault = !isNamed && qEnvironmentVariableIsEmpty("GATEHOUSE_ENVIRONMENT");
    command->setInvocation({QDir().absoluteFilePath(path), isDefault, arguments, &parser, &terminal});

    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalSockets) == 0) {
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
    QSocketNotifier signalled(signalSockets[1], QSocketNotifier::Read);
    QObject::connect(&signalled, &QSocketNotifier::activated, command.get(), [&] {
        signalled.setEnabled(false);
        command->interrupt();
    });
    // Queued, so that a command which ends at once ends the loop that has begun by then.
    QObject::connect(command.get(), &cli::Command::finished, &app, [](int code) { QCoreApplication::exit(code); },
                     Qt::QueuedConnection);
    QTimer::singleShot(0, command.get(), [&] { command->start(); });
    return terminal.conclude(QCoreApplication::exec());
}
