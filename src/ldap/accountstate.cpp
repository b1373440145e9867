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

// The attributes by which a directory tells of an account, and their places.
enum Attribute : size_t {
    Control, ControlComputed, PasswordExpiresComputed, AccountExpires, PwdLastSet, NsAccountLock, PingDisabled, PingExpires,
    PingActivation, PwdLockedTime, PwdStartTime, PwdEndTime, PwdReset, IbmLocked, PasswordExpires, UnlockTime, kAttributeCount
};
constexpr const char *kAttributes[] = {
    "userAccountControl", "msDS-User-Account-Control-Computed", "msDS-UserPasswordExpiryTimeComputed", "accountExpires",
    "pwdLastSet", "nsAccountLock", "ds-pwp-account-disabled", "ds-pwp-account-expiration-time",
    "ds-pwp-account-activation-time", "pwdAccountLockedTime", "pwdStartTime", "pwdEndTime", "pwdReset",
    "ibm-pwdAccountLocked", "passwordExpirationTime", "accountUnlockTime",
};
static_assert(std::size(kAttributes) == kAttributeCount);

bool isTrue(QByteArrayView value)
{
    return value.compare("true", Qt::CaseInsensitive) == 0;
}

/// RFC 4517 3.3.13, to the second, in milliseconds since 1970; what follows the seconds is a fraction or "Z".
std::optional<qint64> generalizedTime(QByteArrayView text)
{
    if (text.size() < 14)
        return std::nullopt;
    QDateTime time = QDateTime::fromString(QString::fromLatin1(text.first(14)), QStringLiteral("yyyyMMddHHmmss"));
    time.setTimeSpec(Qt::UTC);
    return time.isValid() ? std::optional(time.toMSecsSinceEpoch()) : std::nullopt;
}

/// 100-nanosecond steps since 1601 (MS-ADTS 3.1.1.4.3), in milliseconds since 1970; 0 and the largest number mean never.
std::optional<qint64> fileTime(QByteArrayView text)
{
    constexpr qint64 kTo1970 = 11'644'473'600'000; // milliseconds
    const qint64 steps = text.toByteArray().toLongLong();
    if (steps <= 0 || steps == std::numeric_limits<qint64>::max())
        return std::nullopt;
    return steps / 10'000 - kTo1970;
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
    static const QList<QByteArray> names(std::begin(kAttributes), std::end(kAttributes));
    return names;
}

int accountStateAttribute(QByteArrayView name)
{
    for (size_t i = 0; i < kAttributeCount; ++i) {
        if (name.compare(kAttributes[i], Qt::CaseInsensitive) == 0)
            return int(i);
    }
    return -1;
}

bool isInactive(AccountState state)
{
    return state == AccountState::Disabled || state == AccountState::AccountExpired || state == AccountState::Locked;
}

AccountState accountStateOf(std::span<const QByteArrayView> values, qint64 now)
{
    const auto flags = [&](Attribute attribute) { return values[attribute].toByteArray().toLongLong(); };
    const auto isSet = [&](Attribute attribute) { return isTrue(values[attribute]); };
    const auto time = [&](Attribute attribute) { return generalizedTime(values[attribute]); };
    const qint64 computed = flags(ControlComputed);
    // This time stands for a lock by an administrator (draft-behera-ldap-password-policy 5.3.3).
    if ((flags(Control) & kAccountDisable) || isSet(NsAccountLock) || isSet(PingDisabled)
        || values[PwdLockedTime] == QByteArrayView("000001010000Z"))
        return AccountState::Disabled;
    const auto passed = [&](std::optional<qint64> moment) { return moment && *moment <= now; };
    const auto comes = [&](std::optional<qint64> moment) { return moment && *moment > now; };
    if (passed(fileTime(values[AccountExpires])) || passed(time(PingExpires)) || passed(time(PwdEndTime)))
        return AccountState::AccountExpired;
    const std::optional<qint64> unlocks = time(UnlockTime);
    // For ever is 1970 (389 Directory Server); another lock passes.
    if ((computed & kLockout) || !values[PwdLockedTime].isEmpty() || isSet(IbmLocked) || comes(time(PwdStartTime))
        || comes(time(PingActivation)) || comes(unlocks) || unlocks == 0)
        return AccountState::Locked;
    const std::optional<qint64> passwordExpires = time(PasswordExpires);
    if (isSet(PwdReset) || values[PwdLastSet] == QByteArrayView("0") || passwordExpires == 0)
        return AccountState::MustChangePassword;
    if ((computed & kPasswordExpired) || passed(fileTime(values[PasswordExpiresComputed])) || passed(passwordExpires))
        return AccountState::PasswordExpired;
    return AccountState::Good;
}

AccountState accountStateOf(const core::Entry &entry, const QDateTime &now)
{
    QByteArrayView values[kAttributeCount];
    for (const core::Attribute &attribute : entry.attributes) {
        const int place = accountStateAttribute(attribute.name);
        if (place >= 0 && !attribute.values.isEmpty())
            values[place] = attribute.values.constFirst();
    }
    return accountStateOf(values, now.toMSecsSinceEpoch());
}

} // namespace gatehouse::ldap
