// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/references.h"

#include <algorithm>

namespace gatehouse::gateway {

QString missedText(const ldap::SearchEnd &end)
{
    QString text = ldap::namesOf(end.missed);
    if (end.referrals > end.missed.size())
        text += QStringLiteral("; and %1 more").arg(end.referrals - end.missed.size());
    return text;
}

QString missedRemedy(const ldap::SearchEnd &end)
{
    const auto couldFollow = [](const ldap::MissedPlace &place) { return place.isTrusted && !place.isFollowed; };
    if (!end.missed.isEmpty() && std::all_of(end.missed.begin(), end.missed.end(), couldFollow))
        return QStringLiteral("Turn on Follow LDAP Referrals: the other servers are this gateway's own. Or choose a base DN or "
                              "organizational units that this server holds whole.");
    return QStringLiteral("Choose a base DN or organizational units that this server holds whole; people on another server are read "
                          "by a gateway and a rule of their own.");
}

core::Error missedError(const ldap::SearchEnd &end, const QString &base)
{
    return {core::Code::Protocol, QStringLiteral("part of what is below the base DN is with other servers and was not read"),
            missedText(end) + QStringLiteral(". ") + missedRemedy(end), base};
}

} // namespace gatehouse::gateway
