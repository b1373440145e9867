// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/reasons.h"

#include <QStringList>

namespace gatehouse::signon {

QString stateReason(ldap::AccountState state, const QString &diagnostic)
{
    using State = ldap::AccountState;
    switch (state) {
    case State::Good: return {};
    case State::WrongPassword: return QStringLiteral("the directory refused the password");
    case State::UnknownAccount: return QStringLiteral("the directory does not know the account");
    case State::NotAtThisTime: return QStringLiteral("the account may not sign on at this time");
    case State::NotFromHere: return QStringLiteral("the account may not sign on from this machine");
    case State::PasswordExpired: return QStringLiteral("the account's password has expired");
    case State::Disabled: return QStringLiteral("the account is disabled in the directory");
    case State::AccountExpired: return QStringLiteral("the account has expired");
    case State::MustChangePassword: return QStringLiteral("the account must change its password first");
    case State::Locked: return QStringLiteral("the account is locked");
    case State::Refused: break;
    }
    return QStringLiteral("the directory refused: ") + diagnostic;
}

QString auditDetail(const Report &report)
{
    QStringList parts{QStringLiteral("gateway ") + report.gateway};
    if (!report.userType.isEmpty())
        parts.append(QStringLiteral("user type ") + report.userType);
    if (!report.ticketHolder.isEmpty())
        parts.append(QStringLiteral("Kerberos ticket of ") + report.ticketHolder);
    if (report.entry)
        parts.append(QString::fromUtf8(report.entry->dn));
    if (report.outcome != Outcome::Succeeded) {
        parts.append(report.reason);
        for (const core::Problem &problem : report.problems) {
            if (problem.message != report.reason)
                parts.append(problem.message);
        }
        if (report.bind)
            parts.append(report.bind->diagnostic);
        return parts.join(QStringLiteral("; "));
    }
    if (report.createsUser)
        parts.append(QStringLiteral("user created"));
    if (report.updatesUser) {
        QStringList changed;
        for (const core::AttributeChange &change : report.attributes) {
            if (change.before != change.after)
                changed.append(change.name);
        }
        parts.append(changed.isEmpty() ? QStringLiteral("attributes as before")
                                       : QStringLiteral("updated: ") + changed.join(QStringLiteral(", ")));
    }
    if (!report.kept.isEmpty())
        parts.append(QStringLiteral("kept, since the account sees them of nobody: ") + report.kept.join(QStringLiteral(", ")));
    if (!report.groupsAreWhole)
        parts.append(QStringLiteral("groups kept, since part of the directory, where there may be more of them, was not read"));
    if (report.readThrough)
        parts.append(QStringLiteral("no record is made"));
    if (report.groups) {
        qsizetype added = 0;
        qsizetype removed = 0;
        for (const store::GroupChange &change : *report.groups) {
            added += change.kind == store::GroupChange::Kind::Added ? 1 : 0;
            removed += change.kind == store::GroupChange::Kind::Removed ? 1 : 0;
        }
        parts.append(QStringLiteral("groups: %1 added, %2 removed").arg(added).arg(removed));
    }
    if (report.passwordChanged)
        parts.append(QStringLiteral("password changed"));
    return parts.join(QStringLiteral("; "));
}

} // namespace gatehouse::signon
