// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/connectiontest.h"

#include "app/background.h"
#include "gateway/vault.h"

namespace gatehouse::app {

ConnectionTest::ConnectionTest(QObject *parent) : QObject(parent) {}

ConnectionTest::~ConnectionTest()
{
    m_cancel.cancel();
}

void ConnectionTest::start(const core::Gateway &gateway, const QStringList &baseDns,
                           const core::Secret &typedPassword)
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
                [gateway, baseDns, typedPassword, cancel = m_cancel, mailbox, self, isCurrent] {
        if (!typedPassword.isEmpty()) {
            const auto stored = gateway::storeInKeychain(gateway::ownerOf(gateway), typedPassword);
            if (!stored) {
                mailbox->post([mailbox, self, isCurrent, error = stored.error()] {
                    if (isCurrent()) {
                        self->m_running = false;
                        emit self->refused(error);
                    }
                    mailbox->deleteLater();
                });
                return;
            }
        }
        const QList<gateway::TestReport> reports = gateway::runTest(
            gateway, baseDns, cancel, [mailbox, self, isCurrent](const QString &server, const gateway::StageResult &stage) {
                mailbox->post([self, isCurrent, server, stage] {
                    if (isCurrent())
                        emit self->stageEnded(server, stage);
                });
            });
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

QStringList ConnectionTest::basesOf(const core::Configuration &configuration, const core::Gateway &gateway)
{
    QStringList bases;
    for (const core::UserType &userType : gateway.userTypes)
        bases.append(userType.searchBaseDn);
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name)
            bases.append(rule.baseDn);
    }
    bases.removeAll(QString());
    bases.removeDuplicates();
    return bases;
}

void storeBindPassword(QObject *context, const core::Gateway &gateway, const core::Secret &secret,
                       std::function<void(core::Result<void>)> then)
{
    inBackground<core::Result<void>>(
        context, QStringLiteral("keychain"),
        [owner = gateway::ownerOf(gateway), secret] { return gateway::storeInKeychain(owner, secret); },
        std::move(then));
}

void moveBindPassword(QObject *context, const core::Gateway &from, const core::Gateway &to,
                      std::function<void(core::Result<void>)> then)
{
    inBackground<core::Result<void>>(
        context, QStringLiteral("keychain"),
        [from, newOwner = gateway::ownerOf(to)]() -> core::Result<void> {
            const auto secret = gateway::readSecret(from.bindPassword, gateway::ownerOf(from));
            if (!secret)
                return core::fail(secret.error());
            return gateway::storeInKeychain(newOwner, *secret);
        },
        std::move(then));
}

} // namespace gatehouse::app
