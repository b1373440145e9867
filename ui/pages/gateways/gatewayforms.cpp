// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/gatewayforms.h"

#include "app/configfaults.h"
#include "core/config/gateway.h"
#include "core/dn.h"
#include "gateway/connector.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/editors/fileedit.h"
#include "ui/editors/listeditor.h"
#include "ui/editors/secretedit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/note.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QFileInfo>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>

namespace gatehouse::ui {

using core::ConnectionSecurity;

namespace {

constexpr quint16 kLdapPort = 389;
constexpr quint16 kLdapsPort = 636;
const QString kMechanism = QStringLiteral("bindMechanism");
const QString kBindDn = QStringLiteral("bindDN");
const QString kKerberos = QStringLiteral("kerberos");
const QString kKerberosName = QStringLiteral("kerberos.serviceAccountUserPrincipalName");
const QString kKerberosSecret = QStringLiteral("kerberos.serviceAccountPassword");
const QString kRetain = QStringLiteral("kerberos.retainPreviousCredentials");
const QString kKerberosMinutes = QStringLiteral("kerberos.minutesToRetainPreviousCredentials");

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::GatewayForms", text);
}

QComboBox *securityCombo(ConnectionSecurity current)
{
    auto *combo = new QComboBox;
    for (const ConnectionSecurity security :
         {ConnectionSecurity::Tls, ConnectionSecurity::StartTls, ConnectionSecurity::None})
        combo->addItem(securityText(security), int(security));
    combo->setCurrentIndex(combo->findData(int(current)));
    return combo;
}

} // namespace

QString securityText(ConnectionSecurity security)
{
    switch (security) {
    case ConnectionSecurity::Tls:
        return QStringLiteral("TLS");
    case ConnectionSecurity::StartTls:
        return QStringLiteral("StartTLS");
    case ConnectionSecurity::None:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "None"));
    }
    return {};
}

QString securitySummary(const core::Gateway &gateway)
{
    QString text = securityText(gateway.connectionSecurity);
    if (gateway.connectionSecurity == ConnectionSecurity::None)
        return text + QStringLiteral(" · ")
               + (gateway.bindMechanism == core::BindMechanism::Gssapi
                      ? words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "sealed by Kerberos"))
                      : words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "nothing is encrypted")));
    if (!gateway.pinnedCertificateSha256.isEmpty())
        return text + QStringLiteral(" · ")
               + words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "one pinned certificate"));
    return text + QStringLiteral(" · ")
           + (gateway.validateTlsCertificates
                  ? words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "certificates verified"))
                  : words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "untrusted certificates allowed")));
}

QString secretText(const core::SecretReference &reference)
{
    switch (reference.kind) {
    case core::SecretReference::Kind::None:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "None"));
    case core::SecretReference::Kind::Keychain:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "In the desktop's keychain"));
    case core::SecretReference::Kind::Environment:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "Environment variable %1")).arg(reference.name);
    case core::SecretReference::Kind::File:
        return words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "File %1")).arg(reference.name);
    }
    return {};
}

QString mechanismText(core::BindMechanism mechanism)
{
    return mechanism == core::BindMechanism::Simple
               ? words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "With a password"))
               : words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "With a Kerberos ticket"));
}

QString bindAccountText(const core::Gateway &gateway)
{
    const QString account = gateway::bindAccountOf(gateway);
    return account.isEmpty() ? words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "Anonymous")) : account;
}

QString kerberosText(const core::Kerberos &kerberos)
{
    QStringList parts{kerberos.serviceAccountUserPrincipalName, secretText(kerberos.serviceAccountPassword)};
    if (kerberos.serviceAccountPassword.kind == core::SecretReference::Kind::Keychain)
        parts << (kerberos.minutesToRetainPreviousCredentials > 0
                      ? QCoreApplication::translate("gatehouse::ui::GatewayForms", "previous passwords count for %n minutes",
                                                    nullptr, kerberos.minutesToRetainPreviousCredentials)
                      : words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "previous passwords are not retained")));
    return parts.join(QStringLiteral(" · "));
}

QString modeText(core::GatewayMode mode)
{
    return mode == core::GatewayMode::Direct
               ? words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "Directly from this machine"))
               : words(QT_TRANSLATE_NOOP("gatehouse::ui::GatewayForms", "Through gateway clients"));
}

GatewayNameForm::GatewayNameForm(const core::Gateway &gateway, QWidget *parent) : ThingForm(parent)
{
    auto *name = addField(QStringLiteral("name"), tr("&Name"), new QLineEdit(gateway.name));
    name->setRequired(true);
    auto *description = new QPlainTextEdit(gateway.description);
    description->setFixedHeight(72);
    addField(QStringLiteral("description"), tr("&Description"), description);
    markUnchanged();
}

void GatewayNameForm::readInto(core::Gateway &gateway) const
{
    gateway.name = text(QStringLiteral("name"));
    gateway.description = text(QStringLiteral("description"));
}

GatewayConnectionForm::GatewayConnectionForm(const core::Gateway &gateway, bool vendorLocked, QWidget *parent)
    : ThingForm(parent)
{
    auto *vendor = new QComboBox;
    for (const core::Vendor one : core::allVendors())
        vendor->addItem(core::vendorName(one), int(one));
    vendor->setCurrentIndex(vendor->findData(int(gateway.vendor)));
    auto *field = addField(QStringLiteral("vendor"), tr("LDAP Directory &Type"), vendor);
    if (vendorLocked) {
        vendor->setEnabled(false);
        field->setHelp(tr("Cannot be changed while connections use the gateway: people are known by this directory's "
                          "ids."));
    }
    addMode(gateway);
    addHosts(gateway);
    addSecurity(gateway);
    addBind(gateway);
    addKerberos(gateway);
    connect(vendor, &QComboBox::currentIndexChanged, this, &GatewayConnectionForm::showKerberos);
    connect(Form::field(kMechanism), &FormField::edited, this, &GatewayConnectionForm::showBind);
    showKerberos();
    markUnchanged();
}

void GatewayConnectionForm::addMode(const core::Gateway &gateway)
{
    auto *mode = new QComboBox;
    for (const core::GatewayMode one : {core::GatewayMode::Direct, core::GatewayMode::Clients})
        mode->addItem(modeText(one), int(one));
    mode->setCurrentIndex(mode->findData(int(gateway.mode)));
    addField(QStringLiteral("mode"), tr("C&onnects"), mode)
        ->setHelp(tr("Gateway clients run beside the LDAP servers and dial out to this console, where a firewall lets "
                     "nobody in. The hosts below are then names as the clients see them."));
}

void GatewayConnectionForm::addHosts(const core::Gateway &gateway)
{
    m_hosts = new ListEditor(ListEditor::Kind::HostAndPort, tr("+ Add LDAP Host"));
    m_hosts->setObjectName(QStringLiteral("host"));
    m_hosts->setPlaceholder(QStringLiteral("dc1.example.com"));
    m_hosts->setDefaultPort(gateway.connectionSecurity == ConnectionSecurity::Tls ? kLdapsPort : kLdapPort);
    m_hosts->setItems(gateway.serversHostAndPort);
    auto *field = addField(QStringLiteral("serversHostAndPort"), tr("LDAP &Host Name and Port *"), m_hosts);
    field->setHelp(tr("Servers are tried in this order. Drag a row, or press Alt+Up and Alt+Down in it, to change it."));
    field->setCheck([this](const QVariant &value) -> QString {
        const QStringList servers = value.toStringList();
        m_hosts->clearFaults();
        if (servers.isEmpty())
            return tr("Name at least one server.");
        bool good = true;
        for (int i = 0; i < servers.size(); ++i) {
            if (const auto parsed = core::parseHostAndPort(servers.at(i)); !parsed) {
                m_hosts->setItemFault(i, app::ConfigFaults::text(parsed.error()));
                good = false;
            }
        }
        return good ? QString() : tr("Put right what is marked above.");
    });
    // A compound editor never loses the focus itself; an error goes as soon as it is put right.
    connect(m_hosts, &ListEditor::itemsChanged, field, [field] {
        if (!field->error().isEmpty())
            field->validate();
    });
}

void GatewayConnectionForm::addSecurity(const core::Gateway &gateway)
{
    auto *security = securityCombo(gateway.connectionSecurity);
    addField(QStringLiteral("connectionSecurity"), tr("Connection &Security"), security);
    m_warning = new Note;
    m_warning->setObjectName(QStringLiteral("securityWarning"));
    addWidget(m_warning);

    auto *untrusted = new QCheckBox(tr("Allow TLS connections with &untrusted certificates"));
    untrusted->setChecked(!gateway.validateTlsCertificates);
    addField(QStringLiteral("validateTlsCertificates"), tr("Allow TLS connections with untrusted certificates"),
             untrusted);

    auto *authority = new FileEdit(tr("CA certificate"), tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
    authority->setPath(gateway.caCertificateFile);
    authority->edit()->setObjectName(QStringLiteral("caPath"));
    authority->setReview([this](const QString &path, std::function<void()> take) {
        askAuthorityFile(this, path, std::move(take));
    });
    auto *field = addField(QStringLiteral("caCertificateFile"), tr("&CA certificate file"), authority);
    field->setHelp(tr("PEM, with the certificate of the authority that signed the servers' certificates. Empty: the "
                      "system's authorities."));
    field->setCheck([](const QVariant &value) -> QString {
        const QString path = value.toString();
        const QFileInfo file(path);
        return path.isEmpty() || (file.isFile() && file.isReadable())
                   ? QString()
                   : tr("There is no such file, or it cannot be read. Choose a PEM file.");
    });
    connect(authority, &FileEdit::pathChanged, field, [field] {
        if (!field->error().isEmpty())
            field->validate();
    });

    auto *referrals = new QCheckBox(tr("&Follow LDAP Referrals"));
    referrals->setChecked(gateway.followReferrals);
    addField(QStringLiteral("followReferrals"), tr("Follow LDAP Referrals"), referrals);

    connect(security, &QComboBox::currentIndexChanged, this, &GatewayConnectionForm::onSecurity);
    connect(untrusted, &QCheckBox::toggled, this, &GatewayConnectionForm::onSecurity);
}

void GatewayConnectionForm::addBind(const core::Gateway &gateway)
{
    auto *mechanism = new QComboBox;
    for (const core::BindMechanism one : {core::BindMechanism::Simple, core::BindMechanism::Gssapi})
        mechanism->addItem(mechanismText(one), int(one));
    mechanism->setCurrentIndex(mechanism->findData(int(gateway.bindMechanism)));
    addField(kMechanism, tr("B&inds"), mechanism);
    auto *bindDn = new QLineEdit(gateway.bindDn);
    bindDn->setFont(monospaceFont(font()));
    auto *field = addField(kBindDn, tr("&Bind DN"), bindDn);
    field->setCheck([this](const QVariant &value) {
        return bindsByTicket() && value.toString().trimmed().isEmpty() && !isOn(kKerberos)
                   ? tr("Name the account whose ticket it is, or enable Kerberos authentication below: its service account "
                        "then binds.")
                   : QString();
    });

    m_secret = new SecretEdit;
    m_secret->setReference(gateway.bindPassword);
    auto *secret = addField(QStringLiteral("bindPassword"), tr("Bind &Password"), m_secret);
    secret->setCheck([this](const QVariant &) -> QString {
        const bool named = !text(kBindDn).isEmpty();
        const bool kept = m_secret->reference().kind != core::SecretReference::Kind::None;
        if (named && !kept && bindsByTicket())
            return tr("The ticket is got with the account's password: say where it is kept.");
        if (named && !kept)
            return tr("A bind DN needs a password: say where it is kept, or leave both out to bind anonymously.");
        return kept ? m_secret->fault() : QString();
    });
    connect(m_secret, &SecretEdit::valueChanged, secret, [secret] {
        if (!secret->error().isEmpty())
            secret->validate();
    });
    // Who types a bind DN will need a password; the keychain is the first choice.
    connect(bindDn, &QLineEdit::textEdited, this, [this](const QString &typed) {
        if (!typed.isEmpty() && m_secret->reference().kind == core::SecretReference::Kind::None)
            m_secret->setReference({core::SecretReference::Kind::Keychain, {}}, false);
    });
}

void GatewayConnectionForm::addKerberos(const core::Gateway &gateway)
{
    auto *kerberos = new QCheckBox(tr("Enable &Kerberos authentication"));
    kerberos->setChecked(gateway.kerberos.has_value());
    addField(kKerberos, tr("Enable Kerberos authentication"), kerberos)
        ->setHelp(tr("People in the domain then sign on with the ticket they have, without typing a password."));
    const core::Kerberos stored = gateway.kerberos.value_or(core::Kerberos());
    auto *principal = new QLineEdit(stored.serviceAccountUserPrincipalName);
    principal->setFont(monospaceFont(font()));
    principal->setPlaceholderText(QStringLiteral("svc-kerberos@EXAMPLE.COM"));
    auto *field = addField(kKerberosName, tr("Service Account &UPN *"), principal);
    field->setHelp(tr("Letter case counts."));
    m_kerberosSecret = new SecretEdit;
    m_kerberosSecret->setWords(tr("None"), tr("Where the service account's password is kept"),
                               tr("Password of the service account"));
    m_kerberosSecret->setReference(stored.serviceAccountPassword);
    field = addField(kKerberosSecret, tr("Service Account Pass&word *"), m_kerberosSecret);
    field->setCheck([this](const QVariant &) {
        if (!isOn(kKerberos))
            return QString();
        return m_kerberosSecret->reference().kind == core::SecretReference::Kind::None
                   ? tr("Say where the password is kept: tickets are read with it.")
                   : m_kerberosSecret->fault();
    });
    connect(m_kerberosSecret, &SecretEdit::valueChanged, field, [field] {
        if (!field->error().isEmpty())
            field->validate();
    });
    addRetention(stored);
    connect(kerberos, &QCheckBox::toggled, this, &GatewayConnectionForm::showKerberos);
}

void GatewayConnectionForm::addRetention(const core::Kerberos &stored)
{
    m_retain = new QCheckBox(tr("&Retain Previous Credentials"));
    m_wantsRetention = stored.minutesToRetainPreviousCredentials > 0;
    addField(kRetain, tr("Retain Previous Credentials"), m_retain);
    auto *minutes = new QSpinBox;
    minutes->setRange(core::Kerberos::kShortestRetention, core::Kerberos::kLongestRetention);
    minutes->setGroupSeparatorShown(true);
    minutes->setValue(m_wantsRetention ? stored.minutesToRetainPreviousCredentials
                                       : core::Kerberos().minutesToRetainPreviousCredentials);
    addField(kKerberosMinutes, tr("Retention &Duration (Minutes)"), minutes)
        ->setHelp(tr("1 to 10,080. Counted from when a new password is saved."));
    connect(m_retain, &QCheckBox::clicked, this, [this](bool on) {
        m_wantsRetention = on;
        showRetention();
    });
    connect(m_kerberosSecret, &SecretEdit::valueChanged, this, &GatewayConnectionForm::showRetention);
    showRetention();
}

void GatewayConnectionForm::showRetention()
{
    const core::SecretReference::Kind kind = m_kerberosSecret->reference().kind;
    const bool possible = kind == core::SecretReference::Kind::Keychain || kind == core::SecretReference::Kind::None;
    m_retain->setChecked(possible && m_wantsRetention);
    m_retain->setEnabled(possible);
    field(kKerberosMinutes)->editor()->setEnabled(m_retain->isChecked());
    field(kRetain)->setHelp(
        possible ? tr("Tickets made for the account's previous passwords, up to five, still count for a while after a new "
                      "one is saved. Clear it to drop them.")
                 : tr("Only the keychain can retain previous passwords. Kept in a variable or a file, there is but one: "
                      "tickets made for the one before are refused as soon as it changes."));
}

void GatewayConnectionForm::showKerberos()
{
    const bool possible = core::Vendor(number(QStringLiteral("vendor"))) == core::Vendor::ActiveDirectory;
    field(kKerberos)->setVisible(possible);
    for (const QString &key : {kKerberosName, kKerberosSecret, kRetain, kKerberosMinutes})
        field(key)->setVisible(possible && isOn(kKerberos));
    field(kMechanism)->setVisible(possible);
    showBind();
}

bool GatewayConnectionForm::bindsByTicket() const
{
    return core::Vendor(number(QStringLiteral("vendor"))) == core::Vendor::ActiveDirectory
           && core::BindMechanism(number(kMechanism)) == core::BindMechanism::Gssapi;
}

void GatewayConnectionForm::showBind()
{
    const bool byTicket = bindsByTicket();
    field(kMechanism)->setHelp(byTicket ? tr("A ticket comes from port 88 of the domain controller, got with the account's password. "
                                             "Hosts must be named as the domain names them.")
                                        : QString());
    FormField *account = field(kBindDn);
    account->setLabel(byTicket ? tr("User Principal Name of the &bind account") : tr("&Bind DN"));
    account->setHelp(!byTicket ? tr("The account that looks people up. Empty: anonymous.")
                     : isOn(kKerberos) ? tr("The account that looks people up. Empty: the Kerberos service account below.")
                                       : tr("The account that looks people up."));
    static_cast<QLineEdit *>(account->editor())
        ->setPlaceholderText(byTicket ? QStringLiteral("svc-gatehouse@EXAMPLE.COM") : QStringLiteral("CN=svc,OU=Services,DC=example,DC=com"));
    if (!account->error().isEmpty())
        account->validate();
    onSecurity();
}

void GatewayConnectionForm::onSecurity()
{
    const auto security = ConnectionSecurity(value(QStringLiteral("connectionSecurity")).toInt());
    const bool untrusted = isOn(QStringLiteral("validateTlsCertificates"));
    m_hosts->setDefaultPort(security == ConnectionSecurity::Tls ? kLdapsPort : kLdapPort);
    const bool tls = security != ConnectionSecurity::None;
    field(QStringLiteral("validateTlsCertificates"))->setVisible(tls);
    field(QStringLiteral("caCertificateFile"))->setVisible(tls && !untrusted);
    if (!tls && bindsByTicket())
        m_warning->setText(tr("Kerberos seals everything that is read and written, and no password is ever sent. Who the server is "
                              "says Kerberos, too, and no certificate."), Tone::Neutral);
    else if (!tls)
        m_warning->setText(tr("Without TLS the bind password and everything that is read can be seen and changed on "
                              "the way. Use it in a laboratory only."), Tone::Warning);
    else if (untrusted)
        m_warning->setText(tr("Self-signed, expired and foreign certificates will be accepted: anybody on the way can "
                              "pose as the directory and take the bind password. Better: give the CA certificate."),
                           Tone::Warning);
    else
        m_warning->setText({}, Tone::Warning);
}

void GatewayConnectionForm::readInto(core::Gateway &gateway) const
{
    gateway.vendor = core::Vendor(number(QStringLiteral("vendor")));
    gateway.mode = core::GatewayMode(number(QStringLiteral("mode")));
    gateway.kerberos.reset();
    if (gateway.vendor == core::Vendor::ActiveDirectory && isOn(kKerberos))
        gateway.kerberos = core::Kerberos{text(kKerberosName), m_kerberosSecret->reference(),
                                          m_retain->isChecked() ? number(kKerberosMinutes) : 0};
    gateway.serversHostAndPort = m_hosts->items();
    gateway.connectionSecurity = ConnectionSecurity(number(QStringLiteral("connectionSecurity")));
    gateway.validateTlsCertificates = !isOn(QStringLiteral("validateTlsCertificates"));
    gateway.caCertificateFile = text(QStringLiteral("caCertificateFile"));
    gateway.followReferrals = isOn(QStringLiteral("followReferrals"));
    gateway.bindMechanism = bindsByTicket() ? core::BindMechanism::Gssapi : core::BindMechanism::Simple;
    gateway.bindDn = text(kBindDn);
    gateway.bindPassword = gateway.bindDn.isEmpty() ? core::SecretReference() : m_secret->reference();
}

core::Secret GatewayConnectionForm::typedPassword() const
{
    if (!text(kBindDn).isEmpty())
        return m_secret->typed();
    return bindsByTicket() ? m_kerberosSecret->typed() : core::Secret(); // nobody in particular has no password
}

core::Secret GatewayConnectionForm::typedServicePassword() const
{
    return isOn(kKerberos) ? m_kerberosSecret->typed() : core::Secret();
}

QList<app::SecretChange> GatewayConnectionForm::secretChanges(const core::Gateway &gateway) const
{
    QList<app::SecretChange> changes;
    if (m_secret->hasTyped() && gateway.bindPassword.kind == core::SecretReference::Kind::Keychain)
        changes.append({QStringLiteral("bindPassword"), gateway::ownerOf(gateway), m_secret->typed()});
    if (m_kerberosSecret->hasTyped() && gateway.kerberos)
        changes.append({kKerberosSecret, gateway::ownerOfServiceAccount(gateway), m_kerberosSecret->typed(), std::nullopt,
                        gateway.kerberos->minutesToRetainPreviousCredentials});
    return changes;
}

} // namespace gatehouse::ui
