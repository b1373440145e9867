// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/accountstate.h"

#include <QRegularExpression>
#include <QTimeZone>

#include <ldap.h>

namespace gatehouse::ldap {

namespace {

// MS-ADTS 2.2.16, of userAccountControl and msDS-User-Account-Control-Computed.
constexpr qint64 kAccountDisable = 0x2;
constexpr qint64 kLockout = 0x10;
constexpr qint64 kPasswordExpired = 0x800000;

// draft-behera-ldap-password-policy 6.2, PasswordPolicyResponseValue.error.
enum PolicyError { PolicyExpired = 0, PolicyLocked = 1, PolicyChangeAfterReset = 2 };

QByteArray first(const core::Entry &entry, const char *name)
{
    const QList<QByteArray> values = entry.values(name);
    return values.isEmpty() ? QByteArray() : values.constFirst();
}

bool isTrue(const QByteArray &value)
{
    return value.compare("true", Qt::CaseInsensitive) == 0;
}

/// RFC 4517 3.3.13, to the second; what follows the seconds is a fraction or "Z".
QDateTime generalizedTime(const QByteArray &text)
{
    QDateTime time = QDateTime::fromString(QString::fromLatin1(text.left(14)), QStringLiteral("yyyyMMddHHmmss"));
    time.setTimeSpec(Qt::UTC);
    return time;
}

/// 100-nanosecond steps since 1601 (MS-ADTS 3.1.1.4.3); 0 and the largest number mean never.
QDateTime fileTime(const QByteArray &text)
{
    constexpr qint64 kTo1970 = 11'644'473'600'000; // milliseconds
    const qint64 steps = text.toLongLong();
    if (steps <= 0 || steps == std::numeric_limits<qint64>::max())
        return {};
    return QDateTime::fromMSecsSinceEpoch(steps / 10'000 - kTo1970, Qt::UTC);
}

AccountState activeDirectoryState(const QString &subCode)
{
    static const QHash<QString, AccountState> states = {
        {QStringLiteral("525"), AccountState::UnknownAccount}, {QStringLiteral("52e"), AccountState::WrongPassword},
        {QStringLiteral("530"), AccountState::NotAtThisTime},  {QStringLiteral("531"), AccountState::NotFromHere},
        {QStringLiteral("532"), AccountState::PasswordExpired}, {QStringLiteral("533"), AccountState::Disabled},
        {QStringLiteral("701"), AccountState::AccountExpired}, {QStringLiteral("773"), AccountState::MustChangePassword},
        {QStringLiteral("775"), AccountState::Locked},
    };
    return states.value(subCode, AccountState::Refused);
}

} // namespace

bool passwordWasRight(AccountState state)
{
    return state == AccountState::Good || state == AccountState::PasswordExpired
           || state == AccountState::MustChangePassword;
}

QString activeDirectorySubCode(const QString &diagnostic)
{
    static const QRegularExpression pattern(QStringLiteral("\\bdata ([0-9a-fA-F]+)\\b"));
    return pattern.match(diagnostic).captured(1).toLower();
}

AccountState accountStateOf(int rc, const QString &diagnostic, const std::optional<PolicyAnswer> &policy,
                            bool netscapeExpired)
{
    // 389 Directory Server and its kin answer "Account inactivated" like this, and call it locked in the control.
    if (rc == LDAP_UNWILLING_TO_PERFORM && diagnostic.contains(QLatin1String("inactivated"), Qt::CaseInsensitive))
        return AccountState::Disabled;
    if (policy) {
        if (policy->error == PolicyExpired)
            return AccountState::PasswordExpired;
        if (policy->error == PolicyLocked)
            return AccountState::Locked;
        // With another result there is a stronger reason, and nobody has said that the password was right.
        if (policy->error == PolicyChangeAfterReset && rc == LDAP_SUCCESS)
            return AccountState::MustChangePassword;
    }
    if (rc == LDAP_SUCCESS)
        return netscapeExpired ? AccountState::MustChangePassword : AccountState::Good;
    if (netscapeExpired)
        return AccountState::PasswordExpired;
    if (const QString subCode = activeDirectorySubCode(diagnostic); !subCode.isEmpty())
        return activeDirectoryState(subCode);
    if (rc == LDAP_INVALID_CREDENTIALS || rc == LDAP_NO_SUCH_OBJECT || rc == LDAP_INAPPROPRIATE_AUTH)
        return AccountState::WrongPassword;
    return AccountState::Refused;
}

const QList<QByteArray> &accountStateAttributes()
{
    static const QList<QByteArray> names = {
        "userAccountControl", "msDS-User-Account-Control-Computed", "msDS-UserPasswordExpiryTimeComputed", "accountExpires",
        "pwdLastSet", "nsAccountLock",
        "ds-pwp-account-disabled", "pwdAccountLockedTime", "pwdReset", "passwordExpirationTime", "accountUnlockTime",
        "ds-pwp-account-expiration-time",
    };
    return names;
}

AccountState accountStateOf(const core::Entry &entry, const QDateTime &now)
{
    const qint64 control = first(entry, "userAccountControl").toLongLong();
    const qint64 computed = first(entry, "msDS-User-Account-Control-Computed").toLongLong();
    const QByteArray lockedTime = first(entry, "pwdAccountLockedTime");
    // This time stands for a lock by an administrator (draft-behera-ldap-password-policy 5.3.3).
    if ((control & kAccountDisable) || isTrue(first(entry, "nsAccountLock"))
        || isTrue(first(entry, "ds-pwp-account-disabled")) || lockedTime == "000001010000Z")
        return AccountState::Disabled;
    const QDateTime expires = fileTime(first(entry, "accountExpires"));
    const QDateTime expiresPing = generalizedTime(first(entry, "ds-pwp-account-expiration-time"));
    if ((expires.isValid() && expires <= now) || (expiresPing.isValid() && expiresPing <= now))
        return AccountState::AccountExpired;
    const QDateTime unlocks = generalizedTime(first(entry, "accountUnlockTime"));
    // For ever is 1970 (389 Directory Server); another lock passes.
    if ((computed & kLockout) || !lockedTime.isEmpty()
        || (unlocks.isValid() && (unlocks > now || unlocks.toSecsSinceEpoch() == 0)))
        return AccountState::Locked;
    const QDateTime passwordExpires = generalizedTime(first(entry, "passwordExpirationTime"));
    if (isTrue(first(entry, "pwdReset")) || first(entry, "pwdLastSet") == "0"
        || (passwordExpires.isValid() && passwordExpires.toSecsSinceEpoch() == 0))
        return AccountState::MustChangePassword;
    const QDateTime passwordExpiresAd = fileTime(first(entry, "msDS-UserPasswordExpiryTimeComputed"));
    if ((computed & kPasswordExpired) || (passwordExpiresAd.isValid() && passwordExpiresAd <= now)
        || (passwordExpires.isValid() && passwordExpires <= now))
        return AccountState::PasswordExpired;
    return AccountState::Good;
}

} // namespace gatehouse::ldap
