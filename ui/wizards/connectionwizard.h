// SPDX-License-Identifier: GPL-3.0-or-later
//
// Create a New Connection: Gateway, an existing one or a new one; then preferences and actions. The connection is
// saved switched off. Deletes itself.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "app/gateways/gatewaylist.h"
#include "ui/pages/page.h"
#include "ui/wizards/wizard.h"

class QLabel;
class QListView;

namespace gatehouse::ui {

class ConnectionActionsForm;
class ConnectionNameForm;
class Note;

class ConnectionWizard : public Wizard {
    Q_OBJECT
public:
    ConnectionWizard(const PageContext &context, QWidget *parent);

signals:
    void created(const QString &name);

protected:
    bool checkStep(const QString &key) override;
    bool isTouched() const override;
    void save() override;

private:
    QWidget *makeGatewayStep();
    QWidget *makePreferences();
    void newGateway();
    void selectGateway(const QString &name);
    QString gateway() const;
    core::Connection connection() const;
    void onGateway();

    PageContext m_context;
    app::GatewayHealth m_health;
    app::GatewayList m_gateways;
    QListView *m_list = nullptr;
    QLabel *m_fault = nullptr;
    Note *m_hint = nullptr;
    ConnectionNameForm *m_nameForm = nullptr;
    ConnectionActionsForm *m_actions = nullptr;
    QString m_suggested; ///< the name that was filled in and not typed
    QString m_wanted;    ///< a gateway just made, selected as soon as it is there
};

} // namespace gatehouse::ui
