// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/writeprobe_p.h"

#include <ldap.h>

namespace gatehouse::ldap {

core::Result<bool> probeWrite(Connection &connection, const QByteArray &dn, const QByteArray &attribute,
                              std::chrono::milliseconds allowed)
{
    if (connection.ld == nullptr)
        return core::fail(core::Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place);
    QByteArray value = QByteArrayLiteral("gatehouse write probe");
    QByteArray type = attribute;
    berval octets{ber_len_t(value.size()), value.data()};
    berval *values[] = {&octets, nullptr};
    LDAPMod add{};
    add.mod_op = LDAP_MOD_ADD | LDAP_MOD_BVALUES;
    add.mod_type = type.data();
    add.mod_bvalues = values;
    LDAPMod remove = add;
    remove.mod_op = LDAP_MOD_DELETE | LDAP_MOD_BVALUES;
    LDAPMod *changes[] = {&add, &remove, nullptr};
    QByteArray oid = QByteArrayLiteral(LDAP_CONTROL_NOOP);
    LDAPControl control{oid.data(), {0, nullptr}, 1};
    LDAPControl *controls[] = {&control, nullptr};
    const Watchdog::Wait wait(connection.watchdog, allowed);
    const int rc = ldap_modify_ext_s(connection.ld, dn.constData(), changes, controls, nullptr);
    switch (rc) {
    case LDAP_X_NO_OPERATION:
    case LDAP_SUCCESS: // the control was overlooked; added and taken away again
        return true;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_UNWILLING_TO_PERFORM:
    case LDAP_STRONG_AUTH_REQUIRED:
        return false;
    case LDAP_UNAVAILABLE_CRITICAL_EXTENSION:
        return core::fail(core::Code::Unsupported, QStringLiteral("the server offers no way to try a change"), {},
                          connection.place);
    default:
        return core::fail(connection.faultOf(rc, QStringLiteral("trying a change of %1").arg(QString::fromUtf8(dn))));
    }
}

} // namespace gatehouse::ldap
