// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/connectiontestcard.h"

#include "app/gateways/connectiontest.h"
#include "app/gateways/gatewayhealth.h"
#include "app/text.h"
#include "ui/pages/gateways/stagerow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace gatehouse::ui {

using app::ConnectionTest;
using gateway::Stage;

ConnectionTestCard::ConnectionTestCard(std::function<Subject()> subject, QWidget *parent)
    : QFrame(parent), m_subject(std::move(subject)), m_test(new ConnectionTest(this)),
      m_title(new QLabel(tr("Connection test"), this)), m_summary(new QLabel(this)), m_button(new QPushButton(this))
{
    setProperty("form", QStringLiteral("card"));
    setObjectName(QStringLiteral("connectionTest"));
    setAccessibleName(tr("Connection test"));
    m_title->setFont(scaledFont(font(), 1.0, QFont::DemiBold));
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("testSummary"));
    m_button->setObjectName(QStringLiteral("testConnection"));
    m_button->setAutoDefault(false);
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_test->isRunning())
            m_test->cancel();
        else
            start();
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(8);
    auto *header = new QHBoxLayout;
    header->setSpacing(10);
    header->addWidget(m_title);
    header->addWidget(m_summary, 1);
    header->addWidget(m_button);
    layout->addLayout(header);
    m_list = new QVBoxLayout;
    m_list->setSpacing(0);
    layout->addLayout(m_list);

    connect(m_test, &ConnectionTest::stageEnded, this, &ConnectionTestCard::onStage);
    connect(m_test, &ConnectionTest::finished, this, &ConnectionTestCard::onFinished);
    clear();
}

bool ConnectionTestCard::isRunning() const
{
    return m_test->isRunning();
}

const QList<gateway::TestReport> &ConnectionTestCard::reports() const
{
    return m_test->reports();
}

void ConnectionTestCard::clear()
{
    forget();
    m_summary->setText(tr("Name, port, certificate, bind account, reading, groups, changes and rights, one after the other. Nothing is "
                          "written."));
}

void ConnectionTestCard::dropUnlike(const core::Gateway &gateway)
{
    if (!m_everRan || app::GatewayHealth::areAlike(m_tested, gateway))
        return;
    forget();
    m_summary->setText(tr("The settings have changed since the last test. Test again."));
}

void ConnectionTestCard::forget()
{
    m_test->drop();
    for (const Server &server : std::as_const(m_servers)) {
        server.widget->hide();
        server.widget->deleteLater();
    }
    m_servers.clear();
    m_order.clear();
    m_everRan = false;
    updateButton();
}

void ConnectionTestCard::start()
{
    const Subject subject = m_subject();
    m_everRan = true;
    m_tested = subject.gateway;
    showServers(subject.gateway);
    m_test->start(subject.gateway, subject.baseDns, subject.options);
    m_summary->setText(tr("Testing…"));
    updateButton();
}

void ConnectionTestCard::showServers(const core::Gateway &gateway)
{
    // The same servers again: their rows stay where they are and only start over.
    if (m_order != gateway.serversHostAndPort || m_stages != gateway::stagesOf(gateway)) {
        clear();
        m_everRan = true;
        m_stages = gateway::stagesOf(gateway);
        m_order = gateway.serversHostAndPort;
        for (const QString &name : std::as_const(m_order)) {
            Server server;
            server.widget = new QWidget(this);
            auto *column = new QVBoxLayout(server.widget);
            column->setContentsMargins(0, 0, 0, 4);
            column->setSpacing(0);
            auto *heading = new QHBoxLayout;
            auto *title = new QLabel(name, server.widget);
            title->setFont(monospaceFont(font()));
            server.total = new QLabel(server.widget);
            server.total->setForegroundRole(QPalette::PlaceholderText);
            heading->addWidget(title);
            heading->addStretch(1);
            heading->addWidget(server.total);
            if (m_order.size() > 1) {
                column->addWidget(new Line);
                column->addSpacing(8);
                column->addLayout(heading);
            } else {
                title->hide();
                server.total->hide();
            }
            for (const Stage stage : std::as_const(m_stages)) {
                auto *row = new StageRow(stage, server.widget);
                connect(row, &StageRow::trustRequested, this,
                        [this, name](const ldap::CertificateReport &seen) { emit trustRequested(name, seen); });
                column->addWidget(row);
                server.rows.insert(stage, row);
            }
            m_list->addWidget(server.widget);
            m_servers.insert(name, server);
        }
    }
    for (Server &server : m_servers) {
        server.milliseconds = 0;
        server.total->setText({});
        for (StageRow *row : std::as_const(server.rows))
            row->setWaiting();
    }
    if (!m_order.isEmpty())
        m_servers[m_order.first()].rows.value(Stage::Resolve)->setTesting();
}

void ConnectionTestCard::onStage(const QString &name, const gateway::StageResult &result)
{
    const auto server = m_servers.find(name);
    if (server == m_servers.end())
        return;
    StageRow *row = server->rows.value(result.stage);
    row->setResult(result);
    server->milliseconds += result.milliseconds;
    server->total->setText(app::Text::span(server->milliseconds));
    const qsizetype next = m_stages.indexOf(result.stage) + 1;
    if (next < m_stages.size()) {
        if (result.verdict != gateway::Verdict::Failed && result.verdict != gateway::Verdict::Skipped)
            server->rows.value(m_stages.at(next))->setTesting();
        return;
    }
    const qsizetype other = m_order.indexOf(name) + 1;
    if (other < m_order.size())
        m_servers[m_order.at(other)].rows.value(Stage::Resolve)->setTesting();
}

void ConnectionTestCard::onFinished(bool cancelled)
{
    for (const Server &server : std::as_const(m_servers)) {
        for (StageRow *row : std::as_const(server.rows))
            row->setStopped();
    }
    if (cancelled)
        m_summary->setText(tr("Stopped."));
    else
        summarize();
    updateButton();
    if (!cancelled)
        emit tested();
}

void ConnectionTestCard::summarize()
{
    const QList<gateway::TestReport> &reports = m_test->reports();
    const auto passed = std::count_if(reports.begin(), reports.end(),
                                      [](const gateway::TestReport &report) { return report.passed(); });
    if (reports.size() == 1) {
        m_summary->setText(QStringLiteral("%1 · %2").arg(reports.first().server,
                                                         app::Text::span(m_servers.value(reports.first().server).milliseconds)));
        return;
    }
    m_summary->setText(tr("%1 of %2 servers passed").arg(passed).arg(reports.size()));
}

void ConnectionTestCard::updateButton()
{
    m_button->setText(m_test->isRunning() ? tr("S&top") : m_everRan ? tr("&Test again") : tr("&Test connection"));
}

} // namespace gatehouse::ui
