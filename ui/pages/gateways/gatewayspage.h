// SPDX-License-Identifier: GPL-3.0-or-later
//
// Integrations > Gateways: the list with the state of each, what one is and how it connects, the live connection test,
// and the wizard that adds one.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "app/gateways/gatewaylist.h"
#include "ui/pages/page.h"

namespace gatehouse::store {
struct GatewayPeople;
}

namespace gatehouse::ui {

class DetailsPanel;
class GatewayDetails;
class ListPane;

class GatewaysPage : public Page {
    Q_OBJECT
public:
    GatewaysPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    /// A gateway's name; "+" opens the wizard.
    void openThing(const QString &id) override;
    void leave(const std::function<void()> &proceed) override;
    void setActive(bool active) override;

    void add();

private:
    void onCurrent(const QVariant &id);
    void showCount();
    void remove();
    void askRemove(const QUuid &id, const core::Result<store::GatewayPeople> &people);

    app::GatewayHealth m_health;
    app::GatewayList m_model;
    ListPane *m_list;
    DetailsPanel *m_panel;
    GatewayDetails *m_details;
    QString m_name;
    QString m_select; ///< a new name, selected as soon as it is there
};

} // namespace gatehouse::ui
