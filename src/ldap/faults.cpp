// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/faults_p.h"

#include <ldap.h>

#include <array>
#include <algorithm>

namespace gatehouse::ldap {
namespace {

using core::Code;

struct Row {
    int rc;
    Code code;
    const char *name;
};

constexpr std::array kRows{
    Row{LDAP_OPERATIONS_ERROR, Code::Protocol, "operationsError"},
    Row{LDAP_PROTOCOL_ERROR, Code::Protocol, "protocolError"},
    Row{LDAP_TIMELIMIT_EXCEEDED, Code::LimitExceeded, "timeLimitExceeded"},
    Row{LDAP_SIZELIMIT_EXCEEDED, Code::LimitExceeded, "sizeLimitExceeded"},
    Row{LDAP_STRONG_AUTH_NOT_SUPPORTED, Code::Unsupported, "authMethodNotSupported"},
    Row{LDAP_STRONG_AUTH_REQUIRED, Code::Denied, "strongerAuthRequired"},
    Row{LDAP_PARTIAL_RESULTS, Code::Protocol, "partialResults"},
    // The entries are with another server: no absence, so never NotFound, but a read that is not whole.
    Row{LDAP_REFERRAL, Code::Protocol, "referral"},
    Row{LDAP_ADMINLIMIT_EXCEEDED, Code::LimitExceeded, "adminLimitExceeded"},
    Row{LDAP_UNAVAILABLE_CRITICAL_EXTENSION, Code::Unsupported, "unavailableCriticalExtension"},
    Row{LDAP_CONFIDENTIALITY_REQUIRED, Code::Denied, "confidentialityRequired"},
    Row{LDAP_SASL_BIND_IN_PROGRESS, Code::Protocol, "saslBindInProgress"},
    Row{LDAP_NO_SUCH_ATTRIBUTE, Code::NotFound, "noSuchAttribute"},
    Row{LDAP_UNDEFINED_TYPE, Code::InvalidInput, "undefinedAttributeType"},
    Row{LDAP_INAPPROPRIATE_MATCHING, Code::InvalidInput, "inappropriateMatching"},
    Row{LDAP_CONSTRAINT_VIOLATION, Code::InvalidInput, "constraintViolation"},
    Row{LDAP_TYPE_OR_VALUE_EXISTS, Code::Exists, "attributeOrValueExists"},
    Row{LDAP_INVALID_SYNTAX, Code::InvalidInput, "invalidAttributeSyntax"},
    Row{LDAP_NO_SUCH_OBJECT, Code::NotFound, "noSuchObject"},
    Row{LDAP_ALIAS_PROBLEM, Code::Protocol, "aliasProblem"},
    Row{LDAP_INVALID_DN_SYNTAX, Code::InvalidInput, "invalidDNSyntax"},
    Row{LDAP_ALIAS_DEREF_PROBLEM, Code::Protocol, "aliasDereferencingProblem"},
    Row{LDAP_INAPPROPRIATE_AUTH, Code::Unauthenticated, "inappropriateAuthentication"},
    Row{LDAP_INVALID_CREDENTIALS, Code::Unauthenticated, "invalidCredentials"},
    Row{LDAP_INSUFFICIENT_ACCESS, Code::Denied, "insufficientAccessRights"},
    Row{LDAP_BUSY, Code::Busy, "busy"},
    Row{LDAP_UNAVAILABLE, Code::Busy, "unavailable"},
    Row{LDAP_UNWILLING_TO_PERFORM, Code::Denied, "unwillingToPerform"},
    Row{LDAP_LOOP_DETECT, Code::Protocol, "loopDetect"},
    Row{LDAP_NAMING_VIOLATION, Code::InvalidInput, "namingViolation"},
    Row{LDAP_OBJECT_CLASS_VIOLATION, Code::InvalidInput, "objectClassViolation"},
    Row{LDAP_NOT_ALLOWED_ON_NONLEAF, Code::Conflict, "notAllowedOnNonLeaf"},
    Row{LDAP_NOT_ALLOWED_ON_RDN, Code::InvalidInput, "notAllowedOnRDN"},
    Row{LDAP_ALREADY_EXISTS, Code::Exists, "entryAlreadyExists"},
    Row{LDAP_NO_OBJECT_CLASS_MODS, Code::InvalidInput, "objectClassModsProhibited"},
    Row{LDAP_AFFECTS_MULTIPLE_DSAS, Code::Unsupported, "affectsMultipleDSAs"},
    Row{LDAP_OTHER, Code::Protocol, "other"},
    // libldap's own.
    Row{LDAP_SERVER_DOWN, Code::Unreachable, "connection lost"},
    Row{LDAP_CONNECT_ERROR, Code::Unreachable, "connection failed"},
    Row{LDAP_TIMEOUT, Code::Timeout, "timeout"},
    Row{LDAP_FILTER_ERROR, Code::Syntax, "bad filter"},
    Row{LDAP_PARAM_ERROR, Code::InvalidInput, "bad parameter"},
    Row{LDAP_ENCODING_ERROR, Code::InvalidInput, "cannot be encoded"},
    Row{LDAP_DECODING_ERROR, Code::Protocol, "not LDAP"},
    Row{LDAP_NO_RESULTS_RETURNED, Code::Protocol, "no result"},
    Row{LDAP_USER_CANCELLED, Code::Cancelled, "cancelled"},
};

const Row *rowOf(int rc)
{
    const auto *row = std::find_if(kRows.begin(), kRows.end(), [rc](const Row &r) { return r.rc == rc; });
    return row == kRows.end() ? nullptr : row;
}

} // namespace

Code codeOf(int rc)
{
    if (const Row *row = rowOf(rc))
        return row->code;
    // 16 to 80 come from the server; what we do not know there is a protocol matter, below zero ours.
    return rc > 0 ? Code::Protocol : Code::Internal;
}

QString resultName(int rc)
{
    const Row *row = rowOf(rc);
    return row ? QString::fromLatin1(row->name) : QStringLiteral("result %1").arg(rc);
}

core::Error faultOf(int rc, const QString &what, const QString &says, const QString &place)
{
    QString detail = resultName(rc);
    // Active Directory ends its texts with a NUL, which is no text.
    const QString text = QString(says).remove(QChar(0)).trimmed();
    if (!text.isEmpty())
        detail += QStringLiteral(": ") + text;
    return core::Error{codeOf(rc), what, detail, place, rc};
}

} // namespace gatehouse::ldap
