// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/runs/runhistory.h"

#include "app/console.h"
#include "app/text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace gatehouse::app {

namespace {
constexpr std::chrono::seconds kLookAgain{2};
}

RunHistory::RunHistory(Console &console, QObject *parent) : QObject(parent), m_console(console)
{
    m_again.setSingleShot(true);
    m_again.setInterval(kLookAgain);
    connect(&m_again, &QTimer::timeout, this, [this] {
        m_isLookingAgain = true;
        read();
    });
    connect(&console, &Console::runsChanged, this, &RunHistory::refresh);
    refresh();
}

void RunHistory::refresh()
{
    m_isLookingAgain = false;
    read();
}

void RunHistory::read()
{
    m_again.stop();
    m_console.reader().cancel(m_request);
    m_request = m_console.read<QList<store::Run>>(
        this, [](store::Reader &reader) { return reader.environment().runs().list({}, kLimit); },
        [this](core::Result<QList<store::Run>> answer) {
            m_read = true;
            m_error.reset();
            if (answer)
                return take(*std::move(answer));
            m_error = answer.error();
            emit changed();
        });
}

void RunHistory::take(QList<store::Run> runs)
{
    const auto same = [](const store::Run &a, const store::Run &b) { return a.row == b.row && a.status == b.status; };
    const bool isNews = !m_isLookingAgain || !std::equal(runs.begin(), runs.end(), m_runs.begin(), m_runs.end(), same);
    m_runs = std::move(runs);
    if (std::any_of(m_runs.begin(), m_runs.end(), [](const store::Run &run) { return run.status == store::RunStatus::Running; }))
        m_again.start();
    if (isNews)
        emit changed();
}

const store::Run *RunHistory::lastOf(const core::Rule &rule) const
{
    for (const store::Run &run : m_runs) {
        if (run.ruleId.isNull() ? run.rule == rule.name : run.ruleId == rule.id)
            return &run;
    }
    return nullptr;
}

const store::Run *RunHistory::find(qint64 row) const
{
    for (const store::Run &run : m_runs) {
        if (run.row == row)
            return &run;
    }
    return nullptr;
}

QString runSummary(const core::Counts &counts)
{
    const auto words = [](qint64 count, const char *text) {
        return QCoreApplication::translate("gatehouse::app::RunHistory", text).arg(QLocale().toString(count));
    };
    QStringList parts;
    if (counts.remove > 0)
        parts << words(counts.remove, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 deleted"));
    if (counts.disable > 0)
        parts << words(counts.disable, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 disabled"));
    if (counts.failed > 0)
        parts << words(counts.failed, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 failed"));
    if (counts.create > 0)
        parts << words(counts.create, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 created"));
    if (counts.update > 0)
        parts << words(counts.update, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 updated"));
    if (counts.enable > 0)
        parts << words(counts.enable, QT_TRANSLATE_NOOP("gatehouse::app::RunHistory", "%1 enabled"));
    if (parts.isEmpty())
        return QCoreApplication::translate("gatehouse::app::RunHistory", "nothing to change");
    return parts.join(QStringLiteral(", "));
}

bool wasOnlyPlanned(const store::Run &run)
{
    return run.status == store::RunStatus::Stopped && run.error && run.error->code == core::Code::Guard;
}

QString runSummary(const store::Run &run)
{
    const bool nothing = run.counts.changes() == 0 && run.counts.users.failed == 0;
    if (nothing && run.error && !wasOnlyPlanned(run))
        return Text::headline(*run.error);
    if (!wasOnlyPlanned(run))
        return runSummary(run.counts.users);
    return QCoreApplication::translate("gatehouse::app::RunHistory", "not done: %1").arg(runSummary(run.counts.users));
}

} // namespace gatehouse::app
