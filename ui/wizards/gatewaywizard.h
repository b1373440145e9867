// SPDX-License-Identifier: GPL-3.0-or-later
//
// Add Gateway: name and type, how it connects, the staged test live, and a summary. The gateway is saved switched off;
// a RADIUS gateway is recorded with its clients. Deletes itself.
#pragma once

#include "app/console.h"
#include "app/gateways/gatewayhealth.h"
#include "ui/wizards/wizard.h"

class QButtonGroup;

namespace gatehouse::ui {

class ConnectionTestCard;
class GatewayConnectionForm;
class GatewayNameForm;
class GatewayRadiusForm;
class Note;
class PropertyRows;

class GatewayWizard : public Wizard {
    Q_OBJECT
public:
    GatewayWizard(app::Console &console, app::GatewayHealth &health, QWidget *parent);

signals:
    /// It is stored under this name.
    void created(const QString &name);

protected:
    bool checkStep(const QString &key) override;
    void enterStep(const QString &key) override;
    Tone outcomeOf(const QString &key) const override;
    bool isTouched() const override;
    void save() override;

private:
    QWidget *makeNameStep();
    QWidget *makeTestStep();
    QWidget *makeSummary();
    core::Gateway gateway() const;
    bool isLdap() const;
    /// Whether the last test is of what the forms hold now.
    bool isTested() const;
    app::GatewayHealth::State testState() const;
    void showSummary();
    /// Shows the faults of the gateway as it stands beside their fields; true when there are none in @p step.
    bool judge(const QString &step);
    void store(const core::Gateway &gateway);
    void refuse(const core::Gateway &gateway, const QList<core::Error> &errors);

    app::Console &m_console;
    app::GatewayHealth &m_health;
    QButtonGroup *m_type = nullptr;
    Note *m_radius = nullptr;
    GatewayNameForm *m_nameForm = nullptr;
    GatewayConnectionForm *m_connectionForm = nullptr;
    GatewayRadiusForm *m_radiusForm = nullptr;
    ConnectionTestCard *m_test = nullptr;
    PropertyRows *m_summary = nullptr;
    Note *m_effect = nullptr;
    core::Gateway m_tested;    ///< as the last test saw it
    bool m_isTestOld = false;  ///< something was edited since
    QByteArray m_pinned;       ///< SHA-256 of a certificate to trust, 32 octets
    const QUuid m_id = QUuid::createUuid(); ///< the keychain knows its secrets by it before it is stored
};

} // namespace gatehouse::ui
