// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/write_p.h"

#include <ldap.h>

namespace gatehouse::ldap {

core::Result<bool> probeWrite(Channel &channel, const QString &place, const QByteArray &dn, const QByteArray &attribute,
                              std::chrono::milliseconds allowed)
{
    const QList<QByteArray> value{"gatehouse write probe"};
    Operation operation{ModifyOperation{dn, {{Modification::Kind::Add, attribute, value}, {Modification::Kind::Delete, attribute, value}}}};
    operation.controls = {{LDAP_CONTROL_NOOP}};
    operation.patience = {allowed, allowed};
    const Outcome outcome = channel.run(std::move(operation));
    if (!outcome.answer)
        return core::fail(outcome.answer.error());
    switch (outcome.answer->rc) {
    case LDAP_X_NO_OPERATION:
    case LDAP_SUCCESS: // the control was overlooked; added and taken away again
        return true;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_UNWILLING_TO_PERFORM:
    case LDAP_STRONG_AUTH_REQUIRED:
        return false;
    case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
        return core::fail(core::Code::Unsupported, QStringLiteral("the server offers no way to try a change"), {}, place);
    default:
        return core::fail(errorOf(*outcome.answer, QStringLiteral("trying a change of %1").arg(QString::fromUtf8(dn)), place));
    }
}

} // namespace gatehouse::ldap
