// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/operation.h"

#include "ldap/decode_p.h"
#include "ldap/faults_p.h"

#include <ldap.h>

#include <algorithm>

namespace gatehouse::ldap {

const ResponseControl *controlOf(const QList<ResponseControl> &controls, QByteArrayView oid)
{
    const auto found =
        std::find_if(controls.begin(), controls.end(), [&](const ResponseControl &one) { return one.oid == oid; });
    return found == controls.end() ? nullptr : &*found;
}

std::optional<core::Entry> ReceivedEntry::toEntry() const
{
    return decodeEntry(dn, attributes);
}

core::Error errorOf(const Answer &answer, const QString &what, const QString &place)
{
    core::Error error = faultOf(answer.rc, what, answer.says, place);
    if (answer.rc == LDAP_NO_SUCH_OBJECT && !answer.matchedDn.isEmpty())
        error.detail += QStringLiteral("; the nearest entry that exists is %1").arg(answer.matchedDn);
    if (answer.rc == LDAP_REFERRAL)
        error.detail =
            QStringLiteral("the entries are with another server: ") + answer.referrals.join(QStringLiteral(", "));
    return error;
}

core::Result<Answer> Outcome::orError(const QString &what, const QString &place) const
{
    if (!answer)
        return answer;
    switch (answer->rc) {
    case LDAP_SUCCESS:
    case LDAP_COMPARE_TRUE:
    case LDAP_COMPARE_FALSE:
        return answer;
    default:
        return core::fail(errorOf(*answer, what, place));
    }
}

} // namespace gatehouse::ldap
