// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/acceptor.h"

#include "kerberos/krb5_p.h"
#include "kerberos/token.h"

#include <QCryptographicHash>
#include <QScopeGuard>
#include <QUuid>
#include <QtEndian>

#include <gssapi/gssapi_ext.h>

#include <optional>

namespace gatehouse::kerberos {

using core::Code;

namespace {

/// The kinds that domains issue tickets in, AES first.
constexpr krb5_enctype kKinds[] = {ENCTYPE_AES256_CTS_HMAC_SHA1_96, ENCTYPE_AES128_CTS_HMAC_SHA1_96, ENCTYPE_ARCFOUR_HMAC};
constexpr char kUpnDnsInfo[] = "urn:mspac:upn-dns-info";
constexpr quint32 kHasSid = 2; ///< flag S of MS-PAC 2.10
constexpr qsizetype kShortestSid = 8;

using OptionsHandle = Held<krb5_get_init_creds_opt *, krb5_get_init_creds_opt_free>;

struct Asking {
    const Exchange &exchange;
    std::optional<core::Error> fault = {};
};

/// libkrb5 would look for the centre by itself; this goes the given way instead.
krb5_error_code askInstead(krb5_context context, void *data, const krb5_data *, const krb5_data *message, krb5_data **, krb5_data **reply)
{
    auto *asking = static_cast<Asking *>(data);
    const auto answer = asking->exchange(octetsOf(*message));
    if (!answer) {
        asking->fault = answer.error();
        return KRB5_KDC_UNREACH;
    }
    const krb5_data octets = dataOf(*answer);
    return krb5_copy_data(context, &octets, reply);
}

} // namespace

struct ServiceKeys::Private {
    ~Private()
    {
        if (table != nullptr)
            krb5_kt_close(context.get(), table);
    }
    ContextHandle context;
    krb5_keytab table = nullptr; ///< in memory as long as it is open
    QByteArray name;
};

ServiceKeys::ServiceKeys(std::unique_ptr<Private> made) : d(std::move(made)) {}
ServiceKeys::ServiceKeys(ServiceKeys &&other) noexcept = default;
ServiceKeys &ServiceKeys::operator=(ServiceKeys &&other) noexcept = default;
ServiceKeys::~ServiceKeys() = default;

const QByteArray &ServiceKeys::tableName() const
{
    return d->name;
}

core::Result<ServiceKeys> ServiceKeys::byPasswords(const QString &account, const QString &realm, const QList<core::Secret> &passwords,
                                                   const Exchange &exchange)
{
    const QString what = QStringLiteral("no keys of the service account %1").arg(account);
    auto made = std::make_unique<Private>();
    auto context = makeHookedContext(realm);
    if (!context)
        return core::fail(context.error());
    made->context = *std::move(context);
    krb5_context krb5 = made->context.get();

    PrincipalHandle principal(krb5);
    OptionsHandle options(krb5);
    krb5_error_code code = parseAccount(krb5, account, realm, principal.out());
    if (code == 0)
        code = krb5_get_init_creds_opt_alloc(krb5, options.out());
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    krb5_get_init_creds_opt_set_canonicalize(options.get(), 1);
    Asking asking{exchange};
    krb5_set_kdc_send_hook(krb5, askInstead, &asking);
    krb5_enctype kind = ENCTYPE_NULL;
    DataContents salt(krb5);
    DataContents parameters(krb5);
    code = krb5_get_etype_info(krb5, principal.get(), options.get(), &kind, &salt, &parameters);
    krb5_set_kdc_send_hook(krb5, nullptr, nullptr);
    if (asking.fault)
        return core::fail(*asking.fault);
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));

    made->name = "MEMORY:" + QUuid::createUuid().toByteArray(QUuid::Id128);
    code = krb5_kt_resolve(krb5, made->name.constData(), &made->table);
    krb5_kvno version = 1;
    for (const core::Secret &password : passwords) {
        for (const krb5_enctype one : kKinds) {
            if (code != 0)
                break;
            krb5_keytab_entry entry = {};
            entry.principal = principal.get();
            entry.vno = version;
            const krb5_data text = dataOf(password.reveal());
            // Iterations are the domain's for the kind that it named, and the standard's for the others.
            code = krb5_c_string_to_key_with_params(krb5, one, &text, &salt, one == kind && parameters.length > 0 ? &parameters : nullptr,
                                                    &entry.key);
            if (code == 0)
                code = krb5_kt_add_entry(krb5, made->table, &entry);
            krb5_free_keyblock_contents(krb5, &entry.key);
        }
        ++version;
    }
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    return ServiceKeys(std::move(made));
}

QByteArray sidOf(const QByteArray &info)
{
    // Lengths and offsets, little-endian: UPN, DNS domain name, flags, SAM name, SID (MS-PAC 2.10).
    constexpr qsizetype kHeader = 20;
    if (info.size() < kHeader)
        return {};
    const auto number16 = [&](qsizetype place) { return qFromLittleEndian<quint16>(info.constData() + place); };
    if ((qFromLittleEndian<quint32>(info.constData() + 8) & kHasSid) == 0)
        return {};
    const qsizetype length = number16(16);
    const qsizetype begin = number16(18);
    if (length < kShortestSid || begin < kHeader || begin + length > info.size())
        return {};
    const QByteArray sid = info.mid(begin, length);
    // Revision 1, as many sub-authorities as it says (MS-DTYP 2.4.2.2).
    return sid.at(0) == 1 && length == kShortestSid + 4 * qsizetype(quint8(sid.at(1))) ? sid : QByteArray();
}

namespace {

/// The name of the service in a ticket, which stands in the clear.
core::Result<QString> serviceOf(const QByteArray &token, const QString &what)
{
    auto krb5 = makeContext();
    if (!krb5)
        return core::fail(krb5.error());
    const QByteArray octets = ticketOf(token);
    const krb5_data data = dataOf(octets);
    Held<krb5_ticket *, krb5_free_ticket> ticket(krb5->get());
    if (const auto code = krb5_decode_ticket(&data, ticket.out()); code != 0)
        return core::fail(faultOf(krb5->get(), code, what, {}));
    char *text = nullptr;
    const auto code = krb5_unparse_name_flags(krb5->get(), ticket.get()->server,
                                              KRB5_PRINCIPAL_UNPARSE_NO_REALM | KRB5_PRINCIPAL_UNPARSE_DISPLAY, &text);
    if (code != 0)
        return core::fail(faultOf(krb5->get(), code, what, {}));
    const QString name = QString::fromUtf8(text);
    krb5_free_unparsed_name(krb5->get(), text);
    return name;
}

/// Fingerprint and end of the ticket. Consumes @p context.
core::Result<void> readContext(gss_ctx_id_t &context, const QByteArray &holder, Holder &into, const QString &what)
{
    OM_uint32 minor = 0;
    void *exported = nullptr;
    const OM_uint32 major = gss_krb5_export_lucid_sec_context(&minor, &context, 1, &exported);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, {}));
    const auto *lucid = static_cast<const gss_krb5_lucid_context_v1_t *>(exported);
    // All of it comes out of the sealed authenticator (RFC 4120 5.5.1) and ticket: who shows a token again changes none.
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&](QByteArrayView octets) { hash.addData(octets.toByteArray()); };
    const auto addNumber = [&](quint64 number) { add(QByteArray(QByteArray::number(number) + ' ')); };
    const auto addKey = [&](const gss_krb5_lucid_key_t &key) {
        addNumber(key.length);
        add(QByteArrayView(static_cast<const char *>(key.data), qsizetype(key.length)));
    };
    addNumber(quint64(holder.size()));
    add(holder);
    addNumber(lucid->endtime);
    addNumber(lucid->recv_seq);
    addKey(lucid->protocol == 0 ? lucid->rfc1964_kd.ctx_key : lucid->cfx_kd.ctx_key);
    into.fingerprint = hash.result();
    into.expiresAt = QDateTime::fromSecsSinceEpoch(lucid->endtime, Qt::UTC);
    gss_krb5_free_lucid_sec_context(&minor, exported);
    return {};
}

} // namespace

core::Result<Holder> accept(const ServiceKeys &keys, const QByteArray &given)
{
    const QString what = QStringLiteral("the ticket is not accepted");
    const auto token = kerberosToken(given);
    if (!token)
        return core::fail(token.error());
    OM_uint32 minor = 0;
    // Whether a token is used a second time is for the caller to say, not for a file of this machine.
    gss_key_value_element_desc elements[] = {{"keytab", keys.tableName().constData()}, {"rcache", "none:"}};
    const gss_key_value_set_desc store{2, elements};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t name = GSS_C_NO_NAME;
    const auto finish = qScopeGuard([&] {
        OM_uint32 ignored = 0;
        gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
        gss_release_name(&ignored, &name);
        gss_release_cred(&ignored, &credential);
    });
    // Kerberos only, whatever else this machine's GSS-API has learnt.
    gss_OID_set_desc mechanisms{1, gss_mech_krb5};
    OM_uint32 major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms, GSS_C_ACCEPT, &store, &credential,
                                            nullptr, nullptr);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, {}));
    gss_buffer_desc in = bufferOf(*token);
    OM_uint32 flags = 0;
    Buffer answer;
    major = gss_accept_sec_context(&minor, &context, credential, &in, GSS_C_NO_CHANNEL_BINDINGS, &name, nullptr, &answer, &flags,
                                   nullptr, nullptr);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, {}));
    if ((major & GSS_S_CONTINUE_NEEDED) != 0)
        return core::fail(Code::InvalidInput, what, QStringLiteral("it is not a Kerberos ticket"));

    Buffer shown;
    major = gss_display_name(&minor, name, &shown, nullptr);
    if (GSS_ERROR(major))
        return core::fail(gssFaultOf(major, minor, what, {}));
    auto krb5 = makeContext();
    if (!krb5)
        return core::fail(krb5.error());
    PrincipalHandle principal(krb5->get());
    if (const auto code = krb5_parse_name(krb5->get(), shown.octets().constData(), principal.out()); code != 0)
        return core::fail(faultOf(krb5->get(), code, what, QString::fromUtf8(shown.octets())));
    Holder holder;
    holder.realm = QString::fromUtf8(octetsOf(principal.get()->realm));
    char *text = nullptr;
    if (krb5_unparse_name_flags(krb5->get(), principal.get(), KRB5_PRINCIPAL_UNPARSE_NO_REALM | KRB5_PRINCIPAL_UNPARSE_DISPLAY, &text) == 0) {
        holder.name = QString::fromUtf8(text);
        krb5_free_unparsed_name(krb5->get(), text);
    }

    gss_buffer_desc attribute = bufferOf(QByteArrayView(kUpnDnsInfo));
    int isAuthenticated = 0;
    int isComplete = 0;
    int more = -1;
    Buffer value;
    Buffer display;
    major = gss_get_name_attribute(&minor, name, &attribute, &isAuthenticated, &isComplete, &value, &display, &more);
    if (!GSS_ERROR(major) && isAuthenticated != 0)
        holder.sid = sidOf(value.octets());
    auto service = serviceOf(*token, what);
    if (!service)
        return core::fail(service.error());
    holder.service = *std::move(service);
    if (auto read = readContext(context, shown.octets(), holder, what); !read)
        return core::fail(read.error());
    return holder;
}

} // namespace gatehouse::kerberos
