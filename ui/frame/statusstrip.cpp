// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/statusstrip.h"

#include "app/provisioning/guardtext.h"
#include "app/text.h"
#include "store/environment.h"
#include "store/runs.h"
#include "ui/theme/icons.h"
#include "ui/widgets/badge.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

namespace gatehouse::ui {

using app::Text;

namespace {
constexpr int kQuietMilliseconds = 8000;
constexpr int kBarSteps = 1000;
} // namespace

StatusStrip::StatusStrip(QWidget *parent)
    : QWidget(parent), m_health(new Badge(this)), m_tone(new Badge(this)), m_name(new QPushButton(this)),
      m_bar(new QProgressBar(this)), m_text(new QLabel(this)), m_cancel(new QPushButton(tr("Cancel"), this)),
      m_action(new QPushButton(this)), m_dismiss(new QToolButton(this))
{
    setObjectName(QStringLiteral("statusStrip"));
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setFont(scaledFont(font(), 0.93));
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_text->setMinimumWidth(80);
    m_text->setObjectName(QStringLiteral("statusText"));
    m_bar->setFixedWidth(160);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress"));
    for (QPushButton *button : {m_name, m_cancel, m_action})
        button->setProperty("form", QStringLiteral("link"));
    m_tone->setObjectName(QStringLiteral("statusState"));
    m_cancel->setObjectName(QStringLiteral("cancelJob"));
    m_dismiss->setProperty("form", QStringLiteral("flat"));
    m_dismiss->setIcon(icon(QStringLiteral("close")));
    m_dismiss->setIconSize({12, 12});
    m_dismiss->setToolTip(tr("Put away"));
    m_dismiss->setAccessibleName(tr("Put away"));
    m_dismiss->setStyleSheet(QStringLiteral("QToolButton { padding: 2px; }"));
    auto *goTo = new QPushButton(tr("Ctrl+K  Go to\u2026"), this);
    goTo->setProperty("form", QStringLiteral("quiet"));
    goTo->setFocusPolicy(Qt::NoFocus);
    connect(goTo, &QPushButton::clicked, this, &StatusStrip::goToPressed);
    for (QWidget *widget : {static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_bar),
                            static_cast<QWidget *>(m_cancel), static_cast<QWidget *>(m_action),
                            static_cast<QWidget *>(m_dismiss)})
        widget->hide();

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 4, 16, 4);
    layout->setSpacing(10);
    layout->addWidget(m_health);
    layout->addWidget(m_name);
    layout->addWidget(m_bar);
    layout->addWidget(m_tone);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(m_cancel);
    layout->addWidget(m_dismiss);
    layout->addWidget(goTo);
    setMinimumHeight(fontMetrics().height() + 18);

    m_health->setState({}, Tone::Neutral);
    m_tone->setState({}, Tone::Neutral);
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &StatusStrip::clearMessage);
    connect(m_dismiss, &QToolButton::clicked, this, &StatusStrip::clearMessage);
    connect(m_action, &QPushButton::clicked, this, [this] {
        const auto then = m_then;
        clearMessage();
        if (then)
            then();
    });
    connect(m_name, &QPushButton::clicked, this, [this] {
        if (!m_jobs.isEmpty())
            emit jobPressed(m_jobs.last().rule);
    });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_jobs.isEmpty() || !m_console)
            return;
        m_jobs.last().cancelling = true;
        m_console->engine().cancel(m_jobs.lastKey());
        showJob();
    });
}

void StatusStrip::setConsole(app::Console &console)
{
    m_console = &console;
    provision::Engine &engine = console.engine();
    connect(&engine, &provision::Engine::jobStarted, this,
            [this](quint64 job, const provision::RunRequest &request) {
                m_jobs.insert(job, {request.rule, request.userKey, request.apply, {}, false});
                if (!m_sticky)
                    clearMessage();
                showJob();
            });
    connect(&engine, &provision::Engine::jobProgressed, this,
            [this](quint64 job, const provision::Progress &progress) {
                if (m_jobs.contains(job)) {
                    m_jobs[job].progress = progress;
                    showJob();
                }
            });
    connect(&engine, &provision::Engine::jobFinished, this, &StatusStrip::onFinished);
    connect(&console, &app::Console::gatewayUsed, this,
            [this](const core::Gateway &gateway, const std::optional<core::Error> &error) {
                // The way is open again: what failed for want of it is no longer so.
                if (!error && !m_faultyGateway.isNull() && gateway.id == m_faultyGateway)
                    clearMessage();
            });
    connect(&console, &app::Console::opened, this, &StatusStrip::showLastRun);
    connect(&console, &app::Console::runsChanged, this, &StatusStrip::showLastRun);
}

void StatusStrip::say(const QString &text, Tone tone)
{
    m_hasMessage = true;
    m_sticky = tone == Tone::Warning || tone == Tone::Bad;
    m_then = nullptr;
    m_faultyGateway = {};
    m_action->hide();
    m_tone->setState(tone == Tone::Good ? tr("Done") : tone == Tone::Warning ? tr("Check results") : tone == Tone::Bad ? tr("Failed") : QString(), tone);
    m_text->setText(text);
    m_text->setToolTip(text);
    m_dismiss->setVisible(m_sticky);
    if (m_sticky)
        m_quiet.stop();
    else
        m_quiet.start(kQuietMilliseconds);
}

void StatusStrip::sayWithAction(const QString &text, Tone tone, const QString &action, std::function<void()> then)
{
    say(text, tone);
    m_quiet.stop();
    m_sticky = true;
    m_then = std::move(then);
    m_action->setText(action);
    m_action->show();
    m_dismiss->show();
}

void StatusStrip::setHealth(const QString &text, Tone tone)
{
    m_health->setState(text, tone);
}

void StatusStrip::clearMessage()
{
    m_quiet.stop();
    m_hasMessage = false;
    m_sticky = false;
    m_then = nullptr;
    m_faultyGateway = {};
    m_tone->setState({}, Tone::Neutral);
    m_action->hide();
    m_dismiss->hide();
    m_text->clear();
    m_text->setToolTip({});
    if (m_jobs.isEmpty())
        showLastRun();
    else
        showJob();
}

void StatusStrip::showJob()
{
    const bool running = !m_jobs.isEmpty();
    m_name->setVisible(running);
    m_bar->setVisible(running);
    m_cancel->setVisible(running);
    if (!running)
        return;
    const Job &job = m_jobs.last();
    const provision::Progress &progress = job.progress;
    const QString what = job.cancelling ? tr("cancelling") : Text::phase(progress.phase);
    m_name->setText(m_jobs.size() > 1 ? tr("%1 · %2 (+%3)").arg(job.rule, what).arg(m_jobs.size() - 1)
                                      : tr("%1 · %2").arg(job.rule, what));
    m_cancel->setEnabled(!job.cancelling);
    if (progress.total > 0) {
        m_bar->setRange(0, kBarSteps);
        m_bar->setValue(int(double(progress.done) / double(progress.total) * kBarSteps));
    } else {
        m_bar->setRange(0, 0);
    }
    if (m_hasMessage && m_sticky)
        return;
    QStringList parts;
    if (progress.total > 0)
        parts << tr("%1 of %2").arg(Text::number(progress.done), Text::number(progress.total));
    else if (progress.done > 0)
        parts << Text::number(progress.done);
    if (progress.perSecond >= 1)
        parts << tr("%1/s").arg(Text::number(qint64(progress.perSecond)));
    if (progress.millisecondsLeft >= 0)
        parts << tr("%1 left").arg(Text::span(progress.millisecondsLeft));
    m_text->setText(parts.join(QStringLiteral(" · ")));
}

/// A preview that went well is only good news when it could be applied as it is.
void StatusStrip::sayPlan(const Job &job, const QString &name, const provision::RunOutcome &outcome)
{
    const core::Counts &counts = outcome.counts.users;
    const auto show = [this, name] { emit jobPressed(name); };
    const bool alone = !job.person.isEmpty();
    if (app::GuardText::anyTripped(outcome.guards)) {
        sayWithAction(tr("%1: a guard stops this plan of %2 changes").arg(name, Text::number(counts.changes())), Tone::Warning,
                      tr("Show"), show);
    } else if (alone && outcome.read == 0 && counts.changes() + counts.failed == 0) {
        sayWithAction(tr("%1: %2 is not in scope").arg(name, job.person), Tone::Warning, tr("Show"), show);
    } else if (counts.failed > 0) {
        sayWithAction(tr("%1: the plan has %2 changes, and %3 objects would fail")
                          .arg(name, Text::number(counts.changes()), Text::number(counts.failed)),
                      Tone::Warning, tr("Show"), show);
    } else {
        say(alone ? tr("%1: the plan for %2 has %3 changes").arg(name, job.person, Text::number(counts.changes()))
                  : tr("%1: the plan has %2 changes").arg(name, Text::number(counts.changes())),
            Tone::Good);
    }
}

void StatusStrip::onFinished(quint64 job, const provision::RunOutcome &outcome)
{
    const Job ended = m_jobs.take(job);
    showJob();
    const core::Counts &counts = outcome.counts.users;
    const QString name = outcome.rule.isEmpty() ? ended.rule : outcome.rule;
    // Somebody whom the rule does not take is an answer, not a failure.
    if (!ended.person.isEmpty() && outcome.error
        && (outcome.error->code == core::Code::NotFound || outcome.error->code == core::Code::InvalidInput)) {
        sayWithAction(tr("%1: %2 is not in scope").arg(name, ended.person), Tone::Warning, tr("Show"),
                      [this, name] { emit jobPressed(name); });
        return;
    }
    switch (outcome.status) {
    case store::RunStatus::Succeeded:
        if (ended.apply)
            say(tr("%1: %2 changes in %3").arg(name, Text::number(counts.changes()), Text::span(outcome.durationMs)), Tone::Good);
        else
            sayPlan(ended, name, outcome);
        break;
    case store::RunStatus::Partial:
        sayWithAction(tr("%1: %2 changes, %3 objects failed")
                          .arg(name, Text::number(counts.changes()), Text::number(counts.failed)),
                      Tone::Warning, tr("Show"), [this, name] { emit jobPressed(name); });
        break;
    case store::RunStatus::Cancelled:
        say(tr("%1: cancelled").arg(name), Tone::Neutral);
        break;
    case store::RunStatus::Stopped:
    case store::RunStatus::Failed:
    case store::RunStatus::BrokenOff:
    case store::RunStatus::Running:
        sayWithAction(outcome.error ? tr("%1: %2").arg(name, Text::headline(*outcome.error)) : name,
                      outcome.status == store::RunStatus::Stopped ? Tone::Warning : Tone::Bad, tr("Show"),
                      [this, name] { emit jobPressed(name); });
        if (const core::Gateway *gateway = m_console->gatewayOf(name); gateway && outcome.error)
            m_faultyGateway = app::Console::tellsOfTheWay(outcome.error->code) ? gateway->id : QUuid();
        break;
    }
}

void StatusStrip::showLastRun()
{
    if (!m_console || !m_jobs.isEmpty() || m_hasMessage)
        return;
    m_console->read<QList<store::Run>>(
        this, [](store::Reader &reader) { return reader.environment().runs().list({}, 1); },
        [this](core::Result<QList<store::Run>> runs) {
            if (!runs || runs->isEmpty() || m_hasMessage || !m_jobs.isEmpty())
                return;
            const store::Run &run = runs->first();
            m_text->setText(tr("Last run %1: %2, %3 changes")
                                .arg(Text::relativeTime(run.finishedAt.isValid() ? run.finishedAt : run.startedAt),
                                     Text::status(run.status), Text::number(run.counts.changes())));
        });
}

} // namespace gatehouse::ui
