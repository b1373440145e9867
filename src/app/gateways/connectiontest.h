// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test as a window watches it: gateway::runTest() in a thread of its own, each stage delivered
// by the event loop as it ends. Lives in the GUI thread, owned by whoever shows it; destroying it cancels the test and
// leaves its thread to end by itself.
#pragma once

#include "core/cancel.h"
#include "core/config/forward.h"
#include "gateway/test.h"

#include <QObject>

namespace gatehouse::app {

class ConnectionTest : public QObject {
    Q_OBJECT
public:
    explicit ConnectionTest(QObject *parent = nullptr);
    ~ConnectionTest() override;

    /// Starts over; a test that still runs is cancelled and heard no more.
    void start(const core::Gateway &gateway, const QStringList &baseDns, const gateway::TestOptions &options = {});
    void cancel();
    /// Cancels, and forgets what was found: finished() does not follow.
    void drop();
    bool isRunning() const { return m_running; }
    const QList<gateway::TestReport> &reports() const { return m_reports; }

    /// The bases that rules and user types of @p gateway read.
    static QStringList basesOf(const core::Configuration &configuration, const core::Gateway &gateway);

signals:
    void started();
    void stageEnded(const QString &server, const gatehouse::gateway::StageResult &result);
    /// All is done or cancelled; see reports().
    void finished(bool cancelled);

private:
    core::CancelToken m_cancel;
    quint64 m_generation = 0;
    bool m_running = false;
    QList<gateway::TestReport> m_reports;
};

} // namespace gatehouse::app
