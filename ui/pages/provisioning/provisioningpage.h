// SPDX-License-Identifier: GPL-3.0-or-later
//
// Integrations > Provisioning: Connections and Rules, chosen by chips in the header, each a list with its details; and
// the preview of a rule, which fills the page while it is shown.
#pragma once

#include "app/provisioning/connectionlist.h"
#include "app/provisioning/rulejobs.h"
#include "app/provisioning/rulelist.h"
#include "app/runs/runhistory.h"
#include "ui/pages/page.h"

class QStackedWidget;

namespace gatehouse::ui {

class ConnectionDetails;
class DetailsPanel;
class FilterChips;
class ListPane;
class PlanView;
class RuleDetails;

class ProvisioningPage : public Page {
    Q_OBJECT
public:
    ProvisioningPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    void goHome() override;
    /// A rule's name, else a connection's; "connection:NAME" when both have it; "+rule" and "+connection" open the wizards.
    void openThing(const QString &id) override;
    void leave(const std::function<void()> &proceed) override;

private:
    enum View { Connections, Rules, Plan };
    void makeConnections();
    void makeRules();
    void makePlan();
    void show(View view);
    void showHeader();
    void showCounts();
    void onConnection(const QVariant &id);
    void onRule(const QVariant &id);
    void newConnection();
    void newRule();
    void showPlan(const QString &rule);
    void onApplied(const QString &rule, const provision::RunOutcome &outcome);
    void cloneRule();
    void deleteRule();
    void deleteConnection();
    View view() const;

    app::RunHistory m_history;
    app::RuleJobs m_jobs;
    app::ConnectionList m_connectionList;
    app::RuleList m_ruleList;
    QStackedWidget *m_stack;
    FilterChips *m_chips;
    QAction *m_addConnection;
    QAction *m_addRule;
    ListPane *m_connections = nullptr;
    ListPane *m_rules = nullptr;
    DetailsPanel *m_connectionPanel = nullptr;
    DetailsPanel *m_rulePanel = nullptr;
    ConnectionDetails *m_connectionDetails = nullptr;
    RuleDetails *m_ruleDetails = nullptr;
    PlanView *m_plan = nullptr;
    QString m_connectionName;
    QString m_ruleName;
    QString m_selectConnection; ///< a new name, selected as soon as it is there
    QString m_selectRule;
};

} // namespace gatehouse::ui
