// SPDX-License-Identifier: GPL-3.0-or-later
//
// The connection test as a card: all stages stand there from the beginning and fill in as they end, each with its
// verdict as icon and word, what was found and how long it took; under a stage that did not pass, what to do about it;
// the server's certificate on demand. Starts and stops the test it is given; never moves what it has shown.
#pragma once

#include "core/config/gateway.h"
#include "core/secret.h"
#include "gateway/test.h"

#include <QFrame>
#include <QHash>

#include <functional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::app {
class ConnectionTest;
}

namespace gatehouse::ui {

class StageRow;

class ConnectionTestCard : public QFrame {
    Q_OBJECT
public:
    /// What to test; asked for at every start.
    struct Subject {
        core::Gateway gateway;
        QStringList baseDns;
        gateway::TestOptions options = {};
    };
    explicit ConnectionTestCard(std::function<Subject()> subject, QWidget *parent = nullptr);

    void start();
    /// Forgets what was shown; a running test is cancelled.
    void clear();
    /// Results of a gateway that was configured otherwise than @p gateway are dropped, and it says so; a test of it that
    /// is running is cancelled.
    void dropUnlike(const core::Gateway &gateway);
    bool isRunning() const;
    /// The gateway as it was, or is being, tested.
    const core::Gateway &testedGateway() const { return m_tested; }
    const QList<gateway::TestReport> &reports() const;

signals:
    /// The test ended by itself; see reports().
    void tested();
    /// "Trust exactly this certificate…" was pressed.
    void trustRequested(const QString &server, const gatehouse::ldap::CertificateReport &seen);

private:
    struct Server {
        QWidget *widget = nullptr;
        QLabel *total = nullptr;
        QHash<gateway::Stage, StageRow *> rows;
        qint64 milliseconds = 0;
    };
    void showServers(const core::Gateway &gateway);
    void onStage(const QString &server, const gateway::StageResult &result);
    void onFinished(bool cancelled);
    void updateButton();
    void forget();
    void summarize();

    std::function<Subject()> m_subject;
    app::ConnectionTest *m_test;
    QLabel *m_title;
    QLabel *m_summary;
    QPushButton *m_button;
    QVBoxLayout *m_list;
    QList<gateway::Stage> m_stages; ///< of the test that is shown
    QStringList m_order;
    QHash<QString, Server> m_servers;
    core::Gateway m_tested;
    bool m_everRan = false;
};

} // namespace gatehouse::ui
