// SPDX-License-Identifier: GPL-3.0-or-later
//
// The strip at the foot of the window: the running job with phase, bar, count, rate, time left and Cancel; else the
// last run. What ends well says so quietly; what needs a decision stays with a button until it is pressed or put away.
// Fed by the engine's job signals, never waits for anything.
#pragma once

#include "app/console.h"
#include "ui/theme/theme.h"

#include <QMap>
#include <QTimer>
#include <QUuid>
#include <QWidget>

#include <functional>

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace gatehouse::ui {

class Badge;

class StatusStrip : public QWidget {
    Q_OBJECT
public:
    explicit StatusStrip(QWidget *parent = nullptr);
    void setConsole(app::Console &console);

    /// Says @p text; Warning and Bad stay until put away, the others go by themselves.
    void say(const QString &text, Tone tone);
    /// As say(), with a button that leads on; stays.
    void sayWithAction(const QString &text, Tone tone, const QString &action, std::function<void()> then);
    /// A state at the very left, for example of the gateways; an empty text hides it.
    void setHealth(const QString &text, Tone tone);

signals:
    void goToPressed();
    /// The job's name was pressed: show its details.
    void jobPressed(const QString &rule);

private:
    struct Job {
        QString rule;
        QString person; ///< only this one; empty: everybody
        bool apply = false;
        provision::Progress progress;
        bool cancelling = false;
    };
    void showJob();
    void showLastRun();
    void onFinished(quint64 job, const provision::RunOutcome &outcome);
    void sayPlan(const Job &job, const QString &name, const provision::RunOutcome &outcome);
    void clearMessage();

    app::Console *m_console = nullptr;
    QMap<quint64, Job> m_jobs;
    Badge *m_health;
    Badge *m_tone;
    QPushButton *m_name;
    QProgressBar *m_bar;
    QLabel *m_text;
    QPushButton *m_cancel;
    QPushButton *m_action;
    QToolButton *m_dismiss;
    QTimer m_quiet;
    bool m_sticky = false;
    bool m_hasMessage = false;
    QUuid m_faultyGateway; ///< that the message is about; null: about something else
    std::function<void()> m_then;
};

} // namespace gatehouse::ui
