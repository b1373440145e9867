// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/password_p.h"

#include "ldap/faults_p.h"
#include "ldap/wire_p.h"

namespace gatehouse::ldap {

namespace {

using core::Code;
using core::Error;
using core::Secret;

berval bervalOf(const QByteArray &octets)
{
    return {ber_len_t(octets.size()), const_cast<char *>(octets.constData())};
}

/// The answer to an operation that has one message.
struct Said {
    int rc = 0;
    QString says;
    ControlsHandle controls;
};

core::Result<Said> answerTo(Connection &connection, int id)
{
    auto message = nextMessage(connection, id);
    if (!message)
        return core::fail(message.error());
    Said answer;
    char *says = nullptr;
    LDAPControl **controls = nullptr;
    const int parsed = ldap_parse_result(connection.ld, message->get(), &answer.rc, nullptr, &says, nullptr, &controls, 0);
    const TextHandle owner(says);
    answer.controls.reset(controls);
    if (parsed != LDAP_SUCCESS)
        return core::fail(Error{Code::Protocol, QStringLiteral("the server's answer cannot be read"), {}, connection.place, parsed});
    answer.says = QString::fromUtf8(says);
    return answer;
}

std::optional<PolicyAnswer> policyOf(Connection &connection, LDAPControl **controls)
{
    LDAPControl *control = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, controls, nullptr);
    if (!control)
        return std::nullopt;
    ber_int_t expire = -1;
    ber_int_t grace = -1;
    LDAPPasswordPolicyError error = PP_noError;
    if (ldap_parse_passwordpolicy_control(connection.ld, control, &expire, &grace, &error) != LDAP_SUCCESS)
        return std::nullopt;
    return PolicyAnswer{error == PP_noError ? -1 : int(error), int(expire), int(grace)};
}

/// draft-behera-ldap-password-policy 6.2, as far as changes of passwords meet it.
QString policyText(int error)
{
    switch (error) {
    case PP_passwordModNotAllowed: return QStringLiteral("the directory does not let this password be changed");
    case PP_mustSupplyOldPassword: return QStringLiteral("the directory wants the old password");
    case PP_insufficientPasswordQuality: return QStringLiteral("the new password is too simple for the directory");
    case PP_passwordTooShort: return QStringLiteral("the new password is too short for the directory");
    case PP_passwordTooYoung: return QStringLiteral("the password was changed too recently");
    case PP_passwordInHistory: return QStringLiteral("the new password was in use before");
    default: return {};
    }
}

/// A password as unicodePwd holds it: in quotation marks, UTF-16, lowest octet first (MS-ADTS 3.1.1.3.1.5).
core::Result<Secret> unicodePassword(const Secret &password)
{
    if (!QByteArrayView(password.reveal()).isValidUtf8())
        return core::fail(Code::InvalidInput, QStringLiteral("the password is not UTF-8 text, which Active Directory needs"));
    QString text = QString::fromUtf8(password.reveal());
    QByteArray octets;
    octets.reserve(2 * text.size() + 4);
    octets.append('"').append('\0');
    for (QChar &unit : text) {
        octets.append(char(unit.unicode() & 0xff));
        octets.append(char(unit.unicode() >> 8));
        unit = QChar(u' '); // the text is no Secret, which wipes itself
    }
    octets.append('"').append('\0');
    return Secret(std::move(octets));
}

core::Result<int> sendUnicodePwd(Connection &connection, const PasswordChange &change)
{
    const auto newPassword = unicodePassword(change.newPassword);
    if (!newPassword)
        return core::fail(newPassword.error());
    const auto oldPassword = unicodePassword(change.oldPassword);
    if (!oldPassword)
        return core::fail(oldPassword.error());
    QByteArray name = "unicodePwd";
    berval added = bervalOf(newPassword->reveal());
    berval removed = bervalOf(oldPassword->reveal());
    berval *addedValues[] = {&added, nullptr};
    berval *removedValues[] = {&removed, nullptr};
    const bool isReset = change.oldPassword.isEmpty();
    LDAPMod remove{LDAP_MOD_DELETE | LDAP_MOD_BVALUES, name.data(), {}};
    remove.mod_bvalues = removedValues;
    LDAPMod set{(isReset ? LDAP_MOD_REPLACE : LDAP_MOD_ADD) | LDAP_MOD_BVALUES, name.data(), {}};
    set.mod_bvalues = addedValues;
    LDAPMod *changes[] = {isReset ? &set : &remove, isReset ? nullptr : &set, nullptr};
    int id = 0;
    const int rc = ldap_modify_ext(connection.ld, change.dn.constData(), changes, nullptr, nullptr, &id);
    if (rc != LDAP_SUCCESS)
        return core::fail(connection.faultOf(rc, QStringLiteral("the password was not changed")));
    return id;
}

core::Result<int> sendModifyPassword(Connection &connection, const PasswordChange &change)
{
    ControlHandle policy;
    LDAPControl *created = nullptr;
    if (ldap_create_passwordpolicy_control(connection.ld, &created) == LDAP_SUCCESS)
        policy.reset(created);
    LDAPControl *controls[] = {policy.get(), nullptr};
    berval user = bervalOf(change.dn);
    berval oldPassword = bervalOf(change.oldPassword.reveal());
    berval newPassword = bervalOf(change.newPassword.reveal());
    int id = 0;
    const int rc = ldap_passwd(connection.ld, &user, change.oldPassword.isEmpty() ? nullptr : &oldPassword, &newPassword,
                               controls, nullptr, &id);
    if (rc != LDAP_SUCCESS)
        return core::fail(connection.faultOf(rc, QStringLiteral("the password was not changed")));
    return id;
}

core::Error closedError(const Connection &connection)
{
    return Error{Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place};
}

} // namespace

core::Result<BindAnswer> bindPerson(Connection &connection, const QByteArray &dn, const core::Secret &password,
                                    std::chrono::milliseconds allowed)
{
    // RFC 4513 5.1.2: with a name and no password a server may say yes to anybody.
    if (dn.isEmpty() || password.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("a sign-on needs a name and a password"), {}, connection.place);
    if (connection.ld == nullptr)
        return core::fail(closedError(connection));
    ControlHandle policy;
    LDAPControl *created = nullptr;
    if (ldap_create_passwordpolicy_control(connection.ld, &created) == LDAP_SUCCESS)
        policy.reset(created);
    LDAPControl *controls[] = {policy.get(), nullptr};
    berval credential = bervalOf(password.reveal());
    const QString what = QStringLiteral("the bind of %1 failed").arg(QString::fromUtf8(dn));
    const Watchdog::Wait wait(connection.watchdog, allowed);
    int id = 0;
    const int rc = ldap_sasl_bind(connection.ld, dn.constData(), LDAP_SASL_SIMPLE, &credential, controls, nullptr, &id);
    if (rc != LDAP_SUCCESS)
        return core::fail(connection.faultOf(rc, what));
    const auto answered = answerTo(connection, id);
    if (!answered)
        return core::fail(answered.error());
    if (auto error = connection.verdict(what))
        return core::fail(*error);
    BindAnswer answer;
    answer.rc = answered->rc;
    answer.diagnostic = connection.faultOf(answered->rc, what, answered->says).detail;
    answer.policy = policyOf(connection, answered->controls.get());
    const bool expired = ldap_control_find(LDAP_CONTROL_X_PASSWORD_EXPIRED, answered->controls.get(), nullptr) != nullptr;
    answer.state = accountStateOf(answer.rc, answered->says, answer.policy, expired);
    return answer;
}

core::Result<void> sendPasswordChange(Connection &connection, const PasswordChange &change, std::chrono::milliseconds allowed)
{
    if (change.dn.isEmpty() || change.newPassword.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("the new password is empty"));
    if (connection.ld == nullptr)
        return core::fail(closedError(connection));
    const Watchdog::Wait wait(connection.watchdog, allowed);
    const auto id = change.activeDirectory ? sendUnicodePwd(connection, change) : sendModifyPassword(connection, change);
    if (!id)
        return core::fail(id.error());
    const auto answered = answerTo(connection, *id);
    if (!answered)
        return core::fail(answered.error());
    if (answered->rc == LDAP_SUCCESS)
        return {};
    Error error = connection.faultOf(answered->rc, QStringLiteral("the directory refused the new password"), answered->says);
    if (const auto policy = policyOf(connection, answered->controls.get()); policy && !policyText(policy->error).isEmpty())
        error.detail = policyText(policy->error) + QStringLiteral(" (") + error.detail + QLatin1Char(')');
    return core::fail(error);
}

} // namespace gatehouse::ldap
