// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/connectiontest.h"

#include "app/background.h"
#include "core/config/configuration.h"

namespace gatehouse::app {

ConnectionTest::ConnectionTest(QObject *parent) : QObject(parent) {}

ConnectionTest::~ConnectionTest()
{
    m_cancel.cancel();
}

void ConnectionTest::start(const core::Gateway &gateway, const QStringList &baseDns,
                           const gateway::TestOptions &options)
{
    m_cancel.cancel();
    m_cancel = core::CancelToken();
    m_reports.clear();
    m_running = true;
    const quint64 generation = ++m_generation;
    emit started();

    auto *mailbox = new Mailbox;
    const QPointer<ConnectionTest> self(this);
    const auto isCurrent = [self, generation] { return self && self->m_generation == generation; };
    startThread(QStringLiteral("connection test"),
                [gateway, baseDns, options, cancel = m_cancel, mailbox, self, isCurrent] {
        const QList<gateway::TestReport> reports = gateway::runTest(
            gateway, baseDns, cancel, [mailbox, self, isCurrent](const QString &server, const gateway::StageResult &stage) {
                mailbox->post([self, isCurrent, server, stage] {
                    if (isCurrent())
                        emit self->stageEnded(server, stage);
                });
            },
            {}, options);
        mailbox->post([mailbox, self, isCurrent, reports, cancelled = cancel.isCancelled()] {
            if (isCurrent()) {
                self->m_running = false;
                self->m_reports = reports;
                emit self->finished(cancelled);
            }
            mailbox->deleteLater();
        });
    });
}

void ConnectionTest::cancel()
{
    m_cancel.cancel();
}

void ConnectionTest::drop()
{
    m_cancel.cancel();
    ++m_generation; // whatever is on its way is of no test that anybody waits for
    m_running = false;
    m_reports.clear();
}

QStringList ConnectionTest::basesOf(const core::Configuration &configuration, const core::Gateway &gateway)
{
    QStringList bases;
    for (const core::UserType &userType : gateway.userTypes)
        bases.append(userType.searchBaseDn);
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name)
            bases.append(rule.scope.baseDn);
    }
    bases.removeAll(QString());
    bases.removeDuplicates();
    return bases;
}

} // namespace gatehouse::app
