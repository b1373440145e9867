// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/initiator.h"

#include "kerberos/krb5_p.h"

#include <gssapi/gssapi_ext.h>

namespace gatehouse::kerberos {

using core::Code;

struct Initiator::Private {
    ~Private()
    {
        OM_uint32 minor = 0;
        if (context != GSS_C_NO_CONTEXT)
            gss_delete_sec_context(&minor, &context, GSS_C_NO_BUFFER);
        if (credential != GSS_C_NO_CREDENTIAL)
            gss_release_cred(&minor, &credential);
        if (service != GSS_C_NO_NAME)
            gss_release_name(&minor, &service);
    }

    gss_OID mechanism() const
    {
        return settings.mechanism == Settings::Mechanism::Negotiate ? negotiationMechanism() : gss_mech_krb5;
    }

    Settings settings;
    QString serviceName;
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_name_t service = GSS_C_NO_NAME;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    OM_uint32 flags = 0;
    bool isEstablished = false;
};

Initiator::Initiator(std::unique_ptr<Private> made) : d(std::move(made)) {}
Initiator::Initiator(Initiator &&other) noexcept = default;
Initiator &Initiator::operator=(Initiator &&other) noexcept = default;
Initiator::~Initiator() = default;

core::Result<Initiator> Initiator::begin(const Tickets &tickets, const QString &service, const QString &realm, const Settings &settings)
{
    auto made = std::make_unique<Private>();
    made->settings = settings;
    made->serviceName = principalOf(service, realm);
    const QString what = QStringLiteral("the tickets of %1 cannot be used").arg(tickets.holder());
    OM_uint32 minor = 0;
    gss_key_value_element_desc cache{"ccache", tickets.cacheName().constData()};
    const gss_key_value_set_desc store{1, &cache};
    gss_OID_set_desc mechanisms{1, made->mechanism()};
    OM_uint32 major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE, &store,
                                            &made->credential, nullptr, nullptr);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, made->serviceName));
    // A Kerberos name and no "service@host", which the library would first ask the name service about.
    const QByteArray name = made->serviceName.toUtf8();
    gss_buffer_desc text = bufferOf(name);
    major = gss_import_name(&minor, &text, GSS_KRB5_NT_PRINCIPAL_NAME, &made->service);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, made->serviceName));
    return Initiator(std::move(made));
}

core::Result<QByteArray> Initiator::step(const QByteArray &fromService)
{
    OM_uint32 minor = 0;
    OM_uint32 wanted = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_INTEG_FLAG;
    if (d->settings.sealing)
        wanted |= GSS_C_CONF_FLAG;
    gss_channel_bindings_struct binding = {};
    binding.application_data = bufferOf(d->settings.channelBinding);
    gss_buffer_desc in = bufferOf(fromService);
    Buffer out;
    const OM_uint32 major = gss_init_sec_context(&minor, d->credential, &d->context, d->service, d->mechanism(), wanted, 0,
                                                 d->settings.channelBinding.isEmpty() ? GSS_C_NO_CHANNEL_BINDINGS : &binding,
                                                 fromService.isEmpty() ? GSS_C_NO_BUFFER : &in, nullptr, &out, &d->flags, nullptr);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, QStringLiteral("the service does not accept the ticket"), d->serviceName));
    d->isEstablished = (major & GSS_S_CONTINUE_NEEDED) == 0;
    // Whoever cannot show the service's key is not the service.
    if (d->isEstablished && (d->flags & GSS_C_MUTUAL_FLAG) == 0)
        return core::fail(Code::Untrusted, QStringLiteral("the service does not prove who it is"), {}, d->serviceName);
    return out.octets();
}

bool Initiator::isEstablished() const
{
    return d->isEstablished;
}

bool Initiator::canSeal() const
{
    return d->isEstablished && (d->flags & GSS_C_CONF_FLAG) != 0;
}

core::Result<QByteArray> Initiator::wrap(QByteArrayView plain, bool seal)
{
    OM_uint32 minor = 0;
    int isSealed = 0;
    gss_buffer_desc in = bufferOf(plain);
    Buffer out;
    const OM_uint32 major = gss_wrap(&minor, d->context, seal ? 1 : 0, GSS_C_QOP_DEFAULT, &in, &isSealed, &out);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, QStringLiteral("a message cannot be sealed"), d->serviceName));
    if (seal && isSealed == 0)
        return core::fail(Code::Untrusted, QStringLiteral("a message cannot be sealed"), {}, d->serviceName);
    return out.octets();
}

core::Result<QByteArray> Initiator::unwrap(QByteArrayView wrapped, bool seal)
{
    OM_uint32 minor = 0;
    int isSealed = 0;
    gss_buffer_desc in = bufferOf(wrapped);
    Buffer out;
    const OM_uint32 major = gss_unwrap(&minor, d->context, &in, &out, &isSealed, nullptr);
    // Supplementary bits tell of repeated and reordered messages (RFC 2743 1.2.3): on one connection neither is right.
    if (GSS_ERROR(major) || GSS_SUPPLEMENTARY_INFO(major) != 0) {
        core::Error error = gssFaultOf(major, minor, QStringLiteral("a message of the service is not as it was sent"), d->serviceName);
        error.code = Code::Untrusted;
        return core::fail(error);
    }
    if (seal && isSealed == 0)
        return core::fail(Code::Untrusted, QStringLiteral("a message of the service is not sealed"), {}, d->serviceName);
    return out.octets();
}

qsizetype Initiator::longestPlain(quint32 wrapped) const
{
    OM_uint32 minor = 0;
    OM_uint32 plain = 0;
    const OM_uint32 major = gss_wrap_size_limit(&minor, d->context, 1, GSS_C_QOP_DEFAULT, wrapped, &plain);
    return GSS_ERROR(major) ? 0 : qsizetype(plain);
}

} // namespace gatehouse::kerberos
