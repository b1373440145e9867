// SPDX-License-Identifier: GPL-3.0-or-later
//
// Owners of what libkrb5 and the GSS-API hand out, and their faults as Errors. Private to the room: nobody else sees the
// libraries. A context and what was made with it belong to one thread at a time.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include <memory>
#include <functional>
#include <type_traits>
#include <utility>

namespace gatehouse::kerberos {

struct FreeContext {
    void operator()(krb5_context context) const { krb5_free_context(context); }
};
using ContextHandle = std::unique_ptr<std::remove_pointer_t<krb5_context>, FreeContext>;

/// Owns something that is freed with its context.
template <typename Pointer, auto Free>
class Held {
public:
    explicit Held(krb5_context context) : m_context(context) {}
    ~Held()
    {
        if (m_pointer)
            Free(m_context, m_pointer);
    }
    Held(const Held &) = delete;
    Held &operator=(const Held &) = delete;
    Pointer *out() { return &m_pointer; }
    Pointer get() const { return m_pointer; }
    Pointer release() { return std::exchange(m_pointer, Pointer()); }

private:
    krb5_context m_context;
    Pointer m_pointer = {};
};
using PrincipalHandle = Held<krb5_principal, krb5_free_principal>;

/// Owns the contents of a structure that the caller holds.
template <typename Structure, auto FreeContents>
struct Contents : Structure {
    explicit Contents(krb5_context owner) : Structure(), m_context(owner) {}
    ~Contents() { FreeContents(m_context, this); }
    Contents(const Contents &) = delete;
    Contents &operator=(const Contents &) = delete;

private:
    krb5_context m_context;
};
using CredentialContents = Contents<krb5_creds, krb5_free_cred_contents>;
using DataContents = Contents<krb5_data, krb5_free_data_contents>;

/// The octets of a GSS-API answer.
struct Buffer : gss_buffer_desc {
    Buffer() : gss_buffer_desc{0, nullptr} {}
    ~Buffer()
    {
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, this);
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    QByteArray octets() const { return QByteArray(static_cast<const char *>(value), qsizetype(length)); }
};

/// 1.3.6.1.5.5.2: negotiation (RFC 4178).
gss_OID negotiationMechanism();

inline krb5_data dataOf(const QByteArray &octets)
{
    return krb5_data{KV5M_DATA, unsigned(octets.size()), const_cast<char *>(octets.constData())};
}

inline gss_buffer_desc bufferOf(QByteArrayView octets)
{
    return gss_buffer_desc{size_t(octets.size()), const_cast<char *>(octets.data())};
}

inline QByteArray octetsOf(const krb5_data &data)
{
    return QByteArray(data.data, qsizetype(data.length));
}

[[nodiscard]] core::Result<ContextHandle> makeContext();
/// One whose every message to @p realm goes through the library's send hook: it asks for a centre's address first, so it is
/// given one that nothing listens at. This machine's Kerberos configuration is not read.
[[nodiscard]] core::Result<ContextHandle> makeHookedContext(const QString &realm);
/// The principal of an account that people name: "svc@EXAMPLE.COM", or with another suffix as an enterprise name of the realm
/// (RFC 6806 5), or without one.
krb5_error_code parseAccount(krb5_context context, const QString &account, const QString &realm, krb5_principal *principal);
QString textOf(krb5_context context, krb5_const_principal principal);
/// @p what failed with @p code; @p of is whom or what it was about.
core::Error faultOf(krb5_context context, krb5_error_code code, const QString &what, const QString &of);
core::Error gssFaultOf(OM_uint32 major, OM_uint32 minor, const QString &what, const QString &of);

} // namespace gatehouse::kerberos
