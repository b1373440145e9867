// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details panel of one gateway: Overview, Connection with its live test, Lookup (its user types), API
// (its JSON). Owned by the Gateways page; edits through Editing, saves whole.
#pragma once

#include "app/gateways/gatewayhealth.h"
#include "app/gateways/gatewaysecrets.h"
#include "core/config/forward.h"
#include "ui/pages/page.h"
#include "ui/widgets/editing.h"

class QAction;
class QPlainTextEdit;

namespace gatehouse::ui {

class ClientsPanel;
class ConnectionTestCard;
class DetailsPanel;
class LookupTab;
class Note;
class Section;
class ThingForm;

class GatewayDetails : public QObject {
    Q_OBJECT
public:
    GatewayDetails(const PageContext &context, app::GatewayHealth &health, DetailsPanel *panel, QObject *parent);

    /// Shows the gateway of this name, or nothing.
    void show(const QString &name);
    /// Reads what is shown again; a form that is open stays.
    void refresh();
    Editing *editing() const { return m_editing; }
    const core::Gateway *gateway() const;
    void edit();
    void test();

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void goRequested(const QString &pageKey, const QString &id);
    /// The gateway has another name now.
    void renamed(const QString &name);
    /// The health of a gateway was found out anew.
    void tested();
    void deleteRequested();

private:
    void makeOverview();
    void makeConnection();
    void makeApi();
    void showState();
    void showOverview(const core::Gateway &gateway);
    void showUse(const core::Gateway &gateway);
    void showConnection(const core::Gateway &gateway);
    void signOn(const QString &userType);
    void editSection(Section *section);
    /// Turns @p section into @p form, which reads into a gateway what it shows.
    template <typename F>
    void openForm(Section *section, F *form);
    bool isUsed(const core::Gateway &gateway) const;
    void setEnabled(bool enabled);
    void trust(const QString &server, const ldap::CertificateReport &seen);
    /// Puts @p changed in the place of the gateway with its id, once the keychain has its @p secrets; faults find their
    /// fields in @p form.
    void save(const core::Gateway &changed, const QList<app::SecretChange> &secrets, ThingForm *form,
              const Editing::Finish &finish);
    void write(const core::Gateway &changed, QPointer<ThingForm> form, const Editing::Finish &finish);

    PageContext m_context;
    app::GatewayHealth &m_health;
    DetailsPanel *m_panel;
    Editing *m_editing;
    QString m_name;
    QString m_testWithPin; ///< a fingerprint just pinned: the test waits for it
    Section *m_overview;
    Note *m_alert;
    ClientsPanel *m_clients;
    QAction *m_signOn;
    Section *m_connection;
    ConnectionTestCard *m_test;
    Section *m_radius;
    LookupTab *m_lookup;
    QPlainTextEdit *m_json;
};

} // namespace gatehouse::ui
