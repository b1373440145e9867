// SPDX-License-Identifier: GPL-3.0-or-later
//
// The forms of an LDAP gateway, in the words and order of the product: used by the wizard step by step and by the
// details panel's tabs. A form reads into a gateway what it shows and leaves the rest.
#pragma once

#include "app/gateways/gatewaysecrets.h"
#include "core/config/gateway.h"
#include "ui/editors/thingform.h"

class QCheckBox;

namespace gatehouse::ui {

class ListEditor;
class Note;
class SecretEdit;

/// Name and description.
class GatewayNameForm : public ThingForm {
    Q_OBJECT
public:
    explicit GatewayNameForm(const core::Gateway &gateway, QWidget *parent = nullptr);
    void readInto(core::Gateway &gateway) const;
};

/// LDAP directory type, hosts, security, trust, bind account, Kerberos for Active Directory, and who connects.
class GatewayConnectionForm : public ThingForm {
    Q_OBJECT
public:
    /// @p vendorLocked: connections use the gateway, so its directory type stays.
    explicit GatewayConnectionForm(const core::Gateway &gateway, bool vendorLocked, QWidget *parent = nullptr);
    void readInto(core::Gateway &gateway) const;
    /// The password that it binds with when it was typed for the keychain; empty: nothing was.
    core::Secret typedPassword() const;
    /// The same of the Kerberos service account.
    core::Secret typedServicePassword() const;
    /// What was typed for the keychain, of @p gateway as readInto() left it.
    QList<app::SecretChange> secretChanges(const core::Gateway &gateway) const;

private:
    void addHosts(const core::Gateway &gateway);
    void addSecurity(const core::Gateway &gateway);
    void addBind(const core::Gateway &gateway);
    void addMode(const core::Gateway &gateway);
    void addKerberos(const core::Gateway &gateway);
    void addRetention(const core::Kerberos &stored);
    void showKerberos();
    /// What the bind account is called and needs, by how it binds.
    void showBind();
    bool bindsByTicket() const;
    void showRetention();
    void onSecurity();

    ListEditor *m_hosts = nullptr;
    SecretEdit *m_secret = nullptr;
    SecretEdit *m_kerberosSecret = nullptr;
    QCheckBox *m_retain = nullptr;
    bool m_wantsRetention = true; ///< as it was last chosen; without the keychain nothing can be retained
    Note *m_warning = nullptr;
};

/// "TLS (recommended)" and so on, for reading.
QString securityText(core::ConnectionSecurity security);
/// Security and trust in one line: "TLS · certificates verified".
QString securitySummary(const core::Gateway &gateway);
/// "In the desktop's keychain", "Environment variable AD_PASSWORD".
QString secretText(const core::SecretReference &reference);
/// "With a password", "With a Kerberos ticket".
QString mechanismText(core::BindMechanism mechanism);
/// Who binds: the bind account, the Kerberos service account, or nobody.
QString bindAccountText(const core::Gateway &gateway);
/// Account, password and what is retained in one line.
QString kerberosText(const core::Kerberos &kerberos);
/// "Directly from this machine".
QString modeText(core::GatewayMode mode);

} // namespace gatehouse::ui
