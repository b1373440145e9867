// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/tickets.h"

#include "kerberos/krb5_p.h"

#include <QUuid>

namespace gatehouse::kerberos {

using core::Code;

namespace {

constexpr int kLongestTalk = 20; ///< messages until a ticket has come

using OptionsHandle = Held<krb5_get_init_creds_opt *, krb5_get_init_creds_opt_free>;
using InitialHandle = Held<krb5_init_creds_context, krb5_init_creds_free>;
using ServiceHandle = Held<krb5_tkt_creds_context, krb5_tkt_creds_free>;

/// Says to the centre what @p step wants said, until it wants nothing more. @p step is one of libkrb5's two steppers.
template <typename Step>
core::Result<void> talk(krb5_context context, const Step &step, const QString &realm, const Exchange &exchange, const QString &what,
                        const QString &of)
{
    QByteArray reply;
    for (int message = 0; message < kLongestTalk; ++message) {
        krb5_data in = dataOf(reply);
        DataContents out(context);
        DataContents next(context);
        unsigned flags = 0;
        const krb5_error_code code = step(&in, &out, &next, &flags);
        // Over TCP no answer is too big.
        if (code != 0 && code != KRB5KRB_ERR_RESPONSE_TOO_BIG)
            return core::fail(faultOf(context, code, what, of));
        if (code == 0 && (flags & KRB5_INIT_CREDS_STEP_FLAG_CONTINUE) == 0)
            return {};
        const QString wanted = QString::fromUtf8(octetsOf(next));
        if (wanted != realm)
            return core::fail(Code::Unsupported, what, QStringLiteral("the domain sends to another one, %1").arg(wanted), of);
        auto answer = exchange(octetsOf(out));
        if (!answer)
            return core::fail(answer.error());
        reply = *std::move(answer);
    }
    return core::fail(Code::Protocol, what, QStringLiteral("the key distribution centre comes to no end"), of);
}

} // namespace

QString principalOf(const QString &service, const QString &realm)
{
    return service + QLatin1Char('@') + realm;
}

Refusal refusalOf(const core::Error &error)
{
    switch (error.native) {
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5_PREAUTH_FAILED:
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
        return Refusal::WrongPassword;
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
        return Refusal::UnknownAccount;
    case KRB5KDC_ERR_CLIENT_REVOKED:
        return Refusal::Revoked;
    case KRB5KDC_ERR_KEY_EXP:
        return Refusal::PasswordExpired;
    default:
        return Refusal::None;
    }
}

struct Tickets::Private {
    ~Private()
    {
        if (cache != nullptr)
            krb5_cc_destroy(context.get(), cache);
    }

    static core::Result<std::unique_ptr<Private>> begin()
    {
        auto context = makeContext();
        if (!context)
            return core::fail(context.error());
        auto made = std::make_unique<Private>();
        made->context = *std::move(context);
        return made;
    }

    /// An empty cache for @p owner.
    core::Result<void> openCache(krb5_principal owner)
    {
        name = "MEMORY:" + QUuid::createUuid().toByteArray(QUuid::Id128);
        krb5_error_code code = krb5_cc_resolve(context.get(), name.constData(), &cache);
        if (code == 0)
            code = krb5_cc_initialize(context.get(), cache, owner);
        if (code != 0)
            return core::fail(faultOf(context.get(), code, QStringLiteral("the tickets cannot be kept"), {}));
        holder = textOf(context.get(), owner);
        return {};
    }

    ContextHandle context;
    krb5_ccache cache = nullptr;
    QByteArray name;
    QString holder;
};

Tickets::Tickets(std::unique_ptr<Private> made) : d(std::move(made)) {}
Tickets::Tickets(Tickets &&other) noexcept = default;
Tickets &Tickets::operator=(Tickets &&other) noexcept = default;
Tickets::~Tickets() = default;

core::Result<Tickets> Tickets::byPassword(const QString &account, const core::Secret &password, const QString &realm,
                                          const Exchange &exchange, const QByteArray &service)
{
    const QString what = QStringLiteral("no Kerberos ticket for %1").arg(account);
    auto begun = Private::begin();
    if (!begun)
        return core::fail(begun.error());
    auto made = *std::move(begun);
    krb5_context krb5 = made->context.get();

    PrincipalHandle client(krb5);
    if (const auto code = parseAccount(krb5, account, realm, client.out()); code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    OptionsHandle options(krb5);
    InitialHandle talkContext(krb5);
    krb5_error_code code = krb5_get_init_creds_opt_alloc(krb5, options.out());
    if (code == 0) {
        // The account's own name and letter case come back (RFC 6806).
        krb5_get_init_creds_opt_set_canonicalize(options.get(), 1);
        krb5_get_init_creds_opt_set_forwardable(options.get(), 0);
        krb5_get_init_creds_opt_set_proxiable(options.get(), 0);
        code = krb5_init_creds_init(krb5, client.get(), nullptr, nullptr, 0, options.get(), talkContext.out());
    }
    if (code == 0 && !service.isEmpty())
        code = krb5_init_creds_set_service(krb5, talkContext.get(), service.constData());
    if (code == 0)
        code = krb5_init_creds_set_password(krb5, talkContext.get(), password.reveal().constData());
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    const auto step = [&](krb5_data *in, krb5_data *out, krb5_data *next, unsigned *flags) {
        return krb5_init_creds_step(krb5, talkContext.get(), in, out, next, flags);
    };
    if (auto said = talk(krb5, step, realm, exchange, what, account); !said)
        return core::fail(said.error());

    CredentialContents ticket(krb5);
    code = krb5_init_creds_get_creds(krb5, talkContext.get(), &ticket);
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    if (auto opened = made->openCache(ticket.client); !opened)
        return core::fail(opened.error());
    code = krb5_cc_store_cred(krb5, made->cache, &ticket);
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, account));
    return Tickets(std::move(made));
}

core::Result<Tickets> Tickets::ofDesktop()
{
    const QString what = QStringLiteral("nobody is signed on to a domain here");
    auto begun = Private::begin();
    if (!begun)
        return core::fail(begun.error());
    auto made = *std::move(begun);
    krb5_context krb5 = made->context.get();

    krb5_ccache desktop = nullptr;
    krb5_error_code code = krb5_cc_default(krb5, &desktop);
    const std::unique_ptr<std::remove_pointer_t<krb5_ccache>, std::function<void(krb5_ccache)>> closing(
        desktop, [krb5](krb5_ccache cache) { krb5_cc_close(krb5, cache); });
    PrincipalHandle owner(krb5);
    if (code == 0)
        code = krb5_cc_get_principal(krb5, desktop, owner.out());
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, QStringLiteral("the desktop's ticket cache")));
    if (auto opened = made->openCache(owner.get()); !opened)
        return core::fail(opened.error());
    code = krb5_cc_copy_creds(krb5, desktop, made->cache);
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, made->holder));
    return Tickets(std::move(made));
}

core::Result<void> Tickets::fetch(const QString &service, const QString &realm, const Exchange &exchange)
{
    const QString name = principalOf(service, realm);
    const QString what = QStringLiteral("no Kerberos ticket for the service %1").arg(name);
    krb5_context krb5 = d->context.get();
    PrincipalHandle client(krb5);
    PrincipalHandle server(krb5);
    ServiceHandle talkContext(krb5);
    krb5_error_code code = krb5_cc_get_principal(krb5, d->cache, client.out());
    if (code == 0)
        code = krb5_parse_name(krb5, name.toUtf8().constData(), server.out());
    krb5_creds wanted = {};
    wanted.client = client.get();
    wanted.server = server.get();
    if (code == 0)
        code = krb5_tkt_creds_init(krb5, d->cache, &wanted, 0, talkContext.out());
    if (code != 0)
        return core::fail(faultOf(krb5, code, what, holder()));
    const auto step = [&](krb5_data *in, krb5_data *out, krb5_data *next, unsigned *flags) {
        return krb5_tkt_creds_step(krb5, talkContext.get(), in, out, next, flags);
    };
    return talk(krb5, step, realm, exchange, what, holder());
}

QString Tickets::holder() const
{
    return d->holder;
}

const QByteArray &Tickets::cacheName() const
{
    return d->name;
}

} // namespace gatehouse::kerberos
