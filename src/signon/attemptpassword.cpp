// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an attempt checks the password, and changes it.
#include "core/config/usertype.h"
#include "signon/attempt.h"

#include "signon/passwordhash.h"
#include "signon/reasons.h"

namespace gatehouse::signon {

using core::PasswordAuthority;
using core::ProblemCode;
using core::Result;

Attempt::Step Attempt::checkPassword()
{
    const bool isOurs = m_userType->passwordAuthority == PasswordAuthority::PingOne && !m_hash.isEmpty();
    m_report.checker = isOurs ? Checker::IdentityDirectory : Checker::Directory;
    if (isOurs) {
        m_hashed = !m_request.simulate;
        m_passwordWasRight = !m_request.simulate && isPassword(m_hash, m_request.password);
        if (m_request.simulate || m_passwordWasRight)
            return true;
        return refuse(QStringLiteral("the password is wrong (the identity directory checks it)"));
    }
    if (m_request.simulate)
        return foretell(ldap::accountStateOf(m_found->entry, QDateTime::currentDateTimeUtc()));
    return checkInDirectory();
}

/// What the bind that is left out would most likely meet.
Attempt::Step Attempt::foretell(ldap::AccountState state)
{
    if (state == ldap::AccountState::Good)
        return true;
    m_mustChange = ldap::passwordWasRight(state);
    if (!m_mustChange || !m_userType->allowPasswordChanges)
        stand(ProblemCode::NotAllowed, stateReason(state, {}));
    else
        m_report.reason = stateReason(state, {});
    return true;
}

Result<ldap::BindAnswer> Attempt::bindPerson(ldap::Session &session, const core::Entry &entry, const core::Secret &password) const
{
    if (m_gateway.bindMechanism != core::BindMechanism::Gssapi || m_gateway.connectionSecurity != core::ConnectionSecurity::None)
        return session.bindAs(entry.dn, password);
    const QList<QByteArray> names = entry.values("sAMAccountName");
    if (names.isEmpty())
        return core::fail(core::Code::NotFound, QStringLiteral("the entry shows no sAMAccountName, for which there would be a ticket"));
    return session.bindByTicketAs(QString::fromUtf8(names.constFirst()), password, entry);
}

Attempt::Step Attempt::checkInDirectory()
{
    auto session = gateway::openUnbound(m_gateway, *m_directory, m_cancel, m_request.deadlines);
    if (!session)
        return refuse(QStringLiteral("the directory cannot be asked about the password"), session.error());
    m_person = *std::move(session);
    m_asked = true;
    auto answer = bindPerson(*m_person, m_found->entry, m_request.password);
    if (!answer)
        return refuse(QStringLiteral("the directory cannot be asked about the password"), answer.error());
    m_report.bind = *answer;
    m_passwordWasRight = answer->state == ldap::AccountState::Good || ldap::passwordWasRight(answer->state);
    if (answer->state == ldap::AccountState::Good)
        return true;
    const QString reason = stateReason(answer->state, answer->diagnostic);
    if (!ldap::passwordWasRight(answer->state))
        return refuse(reason);
    if (!m_userType->allowPasswordChanges)
        return refuse(reason + QStringLiteral(", and the user type does not let people change it here"));
    m_mustChange = true;
    if (!m_request.newPassword.isEmpty())
        return true;
    m_report.outcome = Outcome::NewPasswordNeeded;
    m_report.reason = reason;
    return false;
}

Attempt::Step Attempt::changePassword()
{
    if (m_request.newPassword.isEmpty() || m_request.simulate)
        return true;
    const bool isOurs = m_userType->passwordAuthority == PasswordAuthority::PingOne;
    if (!m_userType->allowPasswordChanges && !isOurs)
        return refuse(QStringLiteral("the user type does not let people change the directory's passwords"));
    // The identity directory's own password changes alone where it is not pushed; record() stores it.
    if (m_userType->allowPasswordChanges) {
        if (auto sent = sendNewPassword(); !sent)
            return refuse(QStringLiteral("the password was not changed"), sent.error());
    }
    m_report.passwordChanged = true;
    if (!m_mustChange)
        return true;
    auto session = gateway::openUnbound(m_gateway, *m_directory, m_cancel, m_request.deadlines);
    if (!session)
        return refuse(QStringLiteral("the password was changed, but the directory cannot be asked about it"), session.error());
    m_person = *std::move(session);
    auto answer = bindPerson(*m_person, m_found->entry, m_request.newPassword);
    if (!answer)
        return refuse(QStringLiteral("the password was changed, but the directory cannot be asked about it"), answer.error());
    m_report.bind = *answer;
    if (answer->state != ldap::AccountState::Good)
        return refuse(QStringLiteral("the password was changed, but ") + stateReason(answer->state, answer->diagnostic));
    return true;
}

Result<void> Attempt::sendNewPassword()
{
    ldap::PasswordChange change{m_found->entry.dn, m_request.password, m_request.newPassword, isActiveDirectory()};
    bool isBound = m_person && m_report.bind && m_report.bind->rc == 0;
    if (!m_person) {
        // The identity directory has checked the password; mostly it is good in the directory, too.
        auto session = gateway::openUnbound(m_gateway, *m_directory, m_cancel, m_request.deadlines);
        if (!session)
            return core::fail(session.error());
        m_person = *std::move(session);
        const auto answer = bindPerson(*m_person, m_found->entry, change.oldPassword);
        if (!answer)
            return core::fail(answer.error());
        isBound = answer->rc == 0;
    }
    // A change of the person's own: the directory's rules for passwords hold.
    if (isBound)
        return m_person->changePassword(change);
    if (m_mustChange && isActiveDirectory()) {
        // With the old password it is the person's own change, and the directory's rules hold (MS-ADTS 3.1.1.3.1.5.2).
        const auto changed = m_directory->session->changePassword(change);
        if (changed || changed.error().code != core::Code::Denied)
            return changed;
    }
    // The password was checked; the gateway's account sets the new one.
    change.oldPassword = {};
    return m_directory->session->changePassword(change);
}

} // namespace gatehouse::signon
