// SPDX-License-Identifier: GPL-3.0-or-later
#include "kerberos/krb5_p.h"

#include <QStringList>

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
const Row *rowOf(krb5_error_code code)
{
    static const Row kRows[] = {
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
    for (const Row &row : kRows) {
        if (row.code == code)
            return &row;
    }
    return nullptr;
}

Error errorOf(krb5_error_code code, const QString &libraryText, const QString &what, const QString &of)
{
    const Row *row = rowOf(code);
    QString detail = row ? QString::fromLatin1(row->says) : QString();
    if (!libraryText.isEmpty())
        detail += detail.isEmpty() ? libraryText : QStringLiteral(" (%1)").arg(libraryText);
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

} // namespace

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
    const char *text = krb5_get_error_message(context, code);
    const QString says = QString::fromUtf8(text);
    krb5_free_error_message(context, text);
    return errorOf(code, says, what, of);
}

Error gssFaultOf(OM_uint32 major, OM_uint32 minor, const QString &what, const QString &of)
{
    QString says = minor != 0 ? statusText(minor, GSS_C_MECH_CODE) : QString();
    if (says.isEmpty())
        says = statusText(major, GSS_C_GSS_CODE);
    const auto code = GSS_ROUTINE_ERROR(major) == GSS_S_DUPLICATE_TOKEN ? krb5_error_code(KRB5KRB_AP_ERR_REPEAT) : krb5_error_code(minor);
    Error error = errorOf(code, says, what, of);
    if (GSS_ROUTINE_ERROR(major) == GSS_S_DEFECTIVE_TOKEN || GSS_ROUTINE_ERROR(major) == GSS_S_BAD_MECH)
        error.code = Code::InvalidInput;
    return error;
}

} // namespace gatehouse::kerberos
