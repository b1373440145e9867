// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/krb5_p.h"

#include <QStringList>

#include <algorithm>
#include <iterator>

#include <errno.h>
#include <new>
#include <profile.h>
#include <stdlib.h>
#include <string.h>

namespace gatehouse::kerberos {

using core::Code;
using core::Error;

namespace {

struct Row {
    krb5_error_code code;
    Code kind;
    const char *says;
};

/// What people can do something about; RFC 4120 7.5.9 has the codes.
const Row kRows[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, Code::Unauthenticated, "the password is wrong"},
    {KRB5_PREAUTH_FAILED, Code::Unauthenticated, "the password is wrong"},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, Code::Unauthenticated, "the password is wrong"},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, Code::Unauthenticated, "the domain knows no such account"},
    {KRB5KDC_ERR_CLIENT_REVOKED, Code::Unauthenticated, "the account is disabled, locked or expired"},
    {KRB5KDC_ERR_KEY_EXP, Code::Unauthenticated, "the password has expired"},
    {KRB5KDC_ERR_POLICY, Code::Denied, "the domain's policy forbids it"},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, Code::NotFound, "the domain knows no such service"},
    {KRB5KDC_ERR_MUST_USE_USER2USER, Code::NotFound, "the account has no service principal name"},
    {KRB5KDC_ERR_ETYPE_NOSUPP, Code::Unsupported, "the domain and this machine have no kind of encryption in common"},
    {KRB5_KT_KVNONOTFOUND, Code::Unauthenticated, "the ticket is for another password of the service account"},
    {KRB5_KT_NOTFOUND, Code::Unauthenticated, "the ticket is for another account, or for another password of the service account"},
    {KRB5KRB_AP_ERR_NOT_US, Code::Unauthenticated, "the ticket is for another account, or for another password of the service account"},
    {KRB5KRB_AP_ERR_MODIFIED, Code::Unauthenticated, "the ticket is for another account, or for another password of the service account"},
    {KRB5KRB_AP_WRONG_PRINC, Code::Unauthenticated, "the ticket is for another service"},
    {KRB5KRB_AP_ERR_NOKEY, Code::Unauthenticated, "the ticket is for another account"},
    {KRB5KRB_AP_ERR_BADKEYVER, Code::Unauthenticated, "the ticket is for another password of the service account"},
    {KRB5KRB_AP_ERR_SKEW, Code::Unauthenticated, "the clocks differ by more than five minutes"},
    {KRB5KRB_AP_ERR_TKT_EXPIRED, Code::Unauthenticated, "the ticket has expired"},
    {KRB5KRB_AP_ERR_TKT_NYV, Code::Unauthenticated, "the ticket is not valid yet; the clocks may differ"},
    {KRB5KRB_AP_ERR_REPEAT, Code::Denied, "the ticket has been used before"},
    {KRB5_CC_NOTFOUND, Code::NotFound, "there is no ticket"},
    {KRB5_FCC_NOFILE, Code::NotFound, "there is no ticket"},
    {KRB5_CC_END, Code::NotFound, "there is no ticket"},
    {KRB5_CONFIG_BADFORMAT, Code::InvalidInput, "this machine's Kerberos configuration cannot be read"},
};

QString libraryText(krb5_context context, krb5_error_code code)
{
    const char *text = krb5_get_error_message(context, code);
    const QString says = QString::fromUtf8(text);
    krb5_free_error_message(context, text);
    return says;
}

const Row *rowOf(krb5_error_code code)
{
    const auto *row = std::find_if(std::begin(kRows), std::end(kRows), [code](const Row &one) { return one.code == code; });
    return row == std::end(kRows) ? nullptr : row;
}

/// Inside of a negotiation the GSS-API gives codes of its own, and only the text is Kerberos' (RFC 4178 has none).
const Row *rowOfText(const QString &text)
{
    // The library says it in several ways that it tried all keys: they all name the table of keys.
    if (text.contains(QLatin1String("keytab")))
        return rowOf(KRB5KRB_AP_ERR_NOT_US);
    const auto *row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row &one) {
        return text.startsWith(libraryText(nullptr, one.code));
    });
    return row == std::end(kRows) ? nullptr : row;
}

Error errorOf(krb5_error_code code, const Row *row, const QString &says, const QString &what, const QString &of)
{
    QString detail = row ? QString::fromLatin1(row->says) : QString();
    if (!says.isEmpty())
        detail += detail.isEmpty() ? says : QStringLiteral(" (%1)").arg(says);
    return Error{row ? row->kind : Code::Protocol, what, detail, of, int(code)};
}

QString statusText(OM_uint32 code, int type)
{
    OM_uint32 minor = 0;
    OM_uint32 more = 0;
    QStringList texts;
    do {
        Buffer text;
        if (GSS_ERROR(gss_display_status(&minor, code, type, gss_mech_krb5, &more, &text)))
            break;
        texts.append(QString::fromUtf8(text.octets()));
    } while (more != 0);
    return texts.join(QStringLiteral("; "));
}

/// A Kerberos configuration in memory that knows one thing: [realms] REALM kdc.
namespace profile {

constexpr char kNowhere[] = "127.0.0.1:9";

long values(void *realm, const char *const *names, char ***found)
{
    const bool isAsked = qstrcmp(names[0], "realms") == 0 && names[1] != nullptr && *static_cast<QByteArray *>(realm) == names[1]
                         && names[2] != nullptr && qstrcmp(names[2], "kdc") == 0 && names[3] == nullptr;
    if (!isAsked)
        return PROF_NO_RELATION;
    *found = static_cast<char **>(calloc(2, sizeof(char *)));
    if (*found == nullptr)
        return ENOMEM;
    (*found)[0] = strdup(kNowhere);
    return (*found)[0] == nullptr ? ENOMEM : 0;
}

void freeValues(void *, char **found)
{
    for (char **value = found; value != nullptr && *value != nullptr; ++value)
        free(*value);
    free(found);
}

void cleanUp(void *realm)
{
    delete static_cast<QByteArray *>(realm);
}

long copy(void *realm, void **copied)
{
    *copied = new (std::nothrow) QByteArray(*static_cast<QByteArray *>(realm));
    return *copied == nullptr ? ENOMEM : 0;
}

} // namespace profile

} // namespace

core::Result<ContextHandle> makeHookedContext(const QString &realm)
{
    profile_vtable functions{};
    functions.minor_ver = 1;
    functions.get_values = profile::values;
    functions.free_values = profile::freeValues;
    functions.cleanup = profile::cleanUp;
    functions.copy = profile::copy;
    profile_t settings = nullptr;
    krb5_context context = nullptr;
    auto owned = std::make_unique<QByteArray>(realm.toUtf8());
    long code = profile_init_vtable(&functions, owned.get(), &settings);
    if (code == 0) {
        [[maybe_unused]] QByteArray *ofTheProfile = owned.release();
        code = krb5_init_context_profile(settings, 0, &context);
        profile_release(settings);
    }
    ContextHandle handle(context);
    if (code != 0)
        return core::fail(faultOf(nullptr, krb5_error_code(code), QStringLiteral("Kerberos cannot be used on this machine"), {}));
    return handle;
}

core::Result<ContextHandle> makeContext()
{
    krb5_context context = nullptr;
    const krb5_error_code code = krb5_init_context(&context);
    ContextHandle handle(context);
    if (code != 0)
        return core::fail(faultOf(nullptr, code, QStringLiteral("Kerberos cannot be used on this machine"), {}));
    return handle;
}

krb5_error_code parseAccount(krb5_context context, const QString &account, const QString &realm, krb5_principal *principal)
{
    QString name = account.trimmed();
    const bool isOfRealm = name.section(QLatin1Char('@'), -1) == realm;
    const bool isEnterprise = name.contains(QLatin1Char('@')) && !isOfRealm;
    if (!isOfRealm)
        name += QLatin1Char('@') + realm;
    return krb5_parse_name_flags(context, name.toUtf8().constData(), isEnterprise ? KRB5_PRINCIPAL_PARSE_ENTERPRISE : 0, principal);
}

gss_OID negotiationMechanism()
{
    static gss_OID_desc oid{6, const_cast<char *>("\x2b\x06\x01\x05\x05\x02")};
    return &oid;
}

QString textOf(krb5_context context, krb5_const_principal principal)
{
    char *text = nullptr;
    if (principal == nullptr || krb5_unparse_name_flags(context, principal, KRB5_PRINCIPAL_UNPARSE_DISPLAY, &text) != 0)
        return {};
    const QString name = QString::fromUtf8(text);
    krb5_free_unparsed_name(context, text);
    return name;
}

Error faultOf(krb5_context context, krb5_error_code code, const QString &what, const QString &of)
{
    return errorOf(code, rowOf(code), libraryText(context, code), what, of);
}

Error gssFaultOf(OM_uint32 major, OM_uint32 minor, const QString &what, const QString &of)
{
    QString says = minor != 0 ? statusText(minor, GSS_C_MECH_CODE) : QString();
    if (says.isEmpty())
        says = statusText(major, GSS_C_GSS_CODE);
    const auto code = GSS_ROUTINE_ERROR(major) == GSS_S_DUPLICATE_TOKEN ? krb5_error_code(KRB5KRB_AP_ERR_REPEAT) : krb5_error_code(minor);
    const Row *row = rowOf(code);
    Error error = errorOf(code, row ? row : rowOfText(says), says, what, of);
    if (GSS_ROUTINE_ERROR(major) == GSS_S_DEFECTIVE_TOKEN || GSS_ROUTINE_ERROR(major) == GSS_S_BAD_MECH)
        error.code = Code::InvalidInput;
    return error;
}

} // namespace gatehouse::kerberos
