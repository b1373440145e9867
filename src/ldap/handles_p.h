// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owners of what libldap hands out, so that every way out of a function frees it. Private to the room: nobody else
// sees <ldap.h>. Belongs to the session's thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <ldap.h>
#include <openldap.h>

#include <memory>

namespace gatehouse::ldap {

struct FreeMessage {
    void operator()(LDAPMessage *message) const { ldap_msgfree(message); }
};
using MessageHandle = std::unique_ptr<LDAPMessage, FreeMessage>;

struct FreeElement {
    // 0: the octets belong to the message or to the caller.
    void operator()(BerElement *element) const { ber_free(element, 0); }
};
using ElementHandle = std::unique_ptr<BerElement, FreeElement>;

struct FreeControl {
    void operator()(LDAPControl *control) const { ldap_control_free(control); }
};
using ControlHandle = std::unique_ptr<LDAPControl, FreeControl>;

struct FreeControls {
    void operator()(LDAPControl **controls) const { ldap_controls_free(controls); }
};
using ControlsHandle = std::unique_ptr<LDAPControl *, FreeControls>;

struct FreeMemory {
    void operator()(char *text) const { ldap_memfree(text); }
};
using TextHandle = std::unique_ptr<char, FreeMemory>;

struct FreeTexts {
    void operator()(char **texts) const { ber_memvfree(reinterpret_cast<void **>(texts)); }
};
using TextsHandle = std::unique_ptr<char *, FreeTexts>;

inline QByteArrayView viewOf(const berval &value)
{
    return QByteArrayView(value.bv_val, qsizetype(value.bv_len));
}

} // namespace gatehouse::ldap
