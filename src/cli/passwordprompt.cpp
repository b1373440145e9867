// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/passwordprompt.h"

#include "core/visibletext.h"

#include <QSocketNotifier>

#include <termios.h>
#include <unistd.h>

namespace gatehouse::cli {

namespace {

constexpr qsizetype kMaxLine = 4096; // octets, as the terminal's own

void say(const QByteArray &text)
{
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.constData(), size_t(text.size()));
}

} // namespace

struct PasswordPrompt::Private {
    termios before{};
    bool isQuiet = false;
    std::unique_ptr<QSocketNotifier> notifier;

    void restore()
    {
        notifier.reset();
        if (!isQuiet)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        isQuiet = false;
        say("\n");
    }
};

PasswordPrompt::PasswordPrompt(QObject *parent) : QObject(parent), d(std::make_unique<Private>()) {}

PasswordPrompt::~PasswordPrompt()
{
    d->restore();
}

bool PasswordPrompt::ask(const QString &question)
{
    if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &d->before) != 0)
        return false;
    termios quiet = d->before;
    quiet.c_lflag &= ~tcflag_t(ECHO);
    if (::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
        return false;
    d->isQuiet = true;
    say(core::visible(question).toLocal8Bit());
    d->notifier = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, &PasswordPrompt::read);
    return true;
}

void PasswordPrompt::read()
{
    // The terminal gives whole lines.
    QByteArray line(kMaxLine, '\0');
    const ssize_t length = ::read(STDIN_FILENO, line.data(), size_t(line.size()));
    line.truncate(std::max<ssize_t>(length, 0));
    if (line.endsWith('\n'))
        line.chop(1);
    const core::Secret password(std::move(line));
    d->notifier->setEnabled(false);
    d->notifier.release()->deleteLater();
    d->restore();
    emit answered(password);
}

} // namespace gatehouse::cli
