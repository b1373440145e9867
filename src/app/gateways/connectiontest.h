// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test as a window watches it: gateway::runTest() in a thread of its own, each stage delivered
// by the event loop as it ends. Lives in the GUI thread, owned by whoever shows it; destroying it cancels the test and
// leaves its thread to end by itself.
#pragma once

#include "core/cancel.h"
#include "core/config.h"
#include "core/secret.h"
#include "gateway/test.h"

#include <QObject>

namespace gatehouse::app {

class ConnectionTest : public QObject {
    Q_OBJECT
public:
    explicit ConnectionTest(QObject *parent = nullptr);
    ~ConnectionTest() override;

    /// Starts over; a test that still runs is cancelled and heard no more. @p typedPassword, when not empty, is put
    /// into the keychain as the gateway's first: the test then uses it as every later session will.
    void start(const core::Gateway &gateway, const QStringList &baseDns, const core::Secret &typedPassword = {});
    void cancel();
    bool isRunning() const { return m_running; }
    const QList<gateway::TestReport> &reports() const { return m_reports; }

    /// The bases that rules and user types of @p gateway read.
    static QStringList basesOf(const core::Configuration &configuration, const core::Gateway &gateway);

signals:
    void started();
    void stageEnded(const QString &server, const gatehouse::gateway::StageResult &result);
    /// The password could not be put into the keychain; the test has not begun.
    void refused(const gatehouse::core::Error &error);
    /// All is done or cancelled; see reports().
    void finished(bool cancelled);

private:
    core::CancelToken m_cancel;
    quint64 m_generation = 0;
    bool m_running = false;
    QList<gateway::TestReport> m_reports;
};

/// Puts @p secret into the keychain as the bind password of @p gateway, in a thread of its own; @p then runs in the
/// GUI thread while @p context lives.
void storeBindPassword(QObject *context, const core::Gateway &gateway, const core::Secret &secret,
                       std::function<void(core::Result<void>)> then);
/// A renamed gateway keeps its password: the keychain knows it by the gateway's name.
void moveBindPassword(QObject *context, const core::Gateway &from, const core::Gateway &to,
                      std::function<void(core::Result<void>)> then);

} // namespace gatehouse::app
