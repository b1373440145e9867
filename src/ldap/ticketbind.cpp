// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/ticketbind_p.h"

#include "kerberos/initiator.h"
#include "kerberos/tickets.h"
#include "ldap/faults_p.h"
#include "ldap/sealing_p.h"
#include "ldap/secure_p.h"

#include <QtEndian>

namespace gatehouse::ldap {

using core::Code;
using core::Error;

namespace {

constexpr char kMechanism[] = "GSSAPI";
constexpr int kLongestTalk = 10; ///< messages
/// RFC 4752 3.3: what protects the messages after the bind.
constexpr quint8 kNoLayer = 1;
constexpr quint8 kConfidentiality = 4;
constexpr quint32 kLongestSealed = 1 << 20; ///< that we take in one piece

/// One round of the bind: what we say, and what the server answers; nothing when it is done.
core::Result<std::optional<QByteArray>> say(Connection &connection, const Target &target, const QByteArray &token)
{
    berval credential{ber_len_t(token.size()), const_cast<char *>(token.constData())};
    berval *answered = nullptr;
    const Watchdog::Wait wait(connection.watchdog, target.deadlines.bind);
    const int rc = ldap_sasl_bind_s(connection.ld, nullptr, kMechanism, &credential, nullptr, nullptr, &answered);
    QByteArray answer;
    if (answered != nullptr) {
        answer = viewOf(*answered).toByteArray();
        ber_bvfree(answered);
    }
    const bool isExpired = connection.watchdog.verdict() != Watchdog::Verdict::None;
    if (rc == LDAP_SASL_BIND_IN_PROGRESS && !isExpired)
        return answer;
    if (rc == LDAP_SUCCESS && !isExpired)
        return std::nullopt;
    return core::fail(connection.faultOf(rc, QStringLiteral("the bind of %1 with a Kerberos ticket failed").arg(target.bindDn)));
}

Error wentWrong(const Connection &connection, const QString &detail)
{
    return Error{Code::Protocol, QStringLiteral("the bind with a Kerberos ticket went wrong"), detail, connection.place};
}

/// The last two messages: the server offers layers, we choose one (RFC 4752 3.1).
core::Result<quint32> chooseLayer(Connection &connection, const Target &target, kerberos::Initiator &initiator, const QByteArray &offered)
{
    const auto plain = initiator.unwrap(offered, false);
    if (!plain)
        return core::fail(plain.error());
    if (plain->size() != 4)
        return core::fail(wentWrong(connection, QStringLiteral("the server offers no protection that can be read")));
    const bool isOverTls = target.security != core::ConnectionSecurity::None;
    const quint8 wanted = isOverTls ? kNoLayer : kConfidentiality;
    if ((quint8(plain->at(0)) & wanted) == 0)
        return core::fail(isOverTls ? Code::Unsupported : Code::Untrusted, QStringLiteral("the Kerberos bind is not protected as it must be"),
                          isOverTls ? QStringLiteral("it wants to seal messages inside of TLS, too")
                                    : QStringLiteral("without TLS all that is said must be sealed, and it does not offer that"),
                          connection.place);
    const quint32 longest = qFromBigEndian<quint32>(plain->constData()) & 0xffffffu;
    QByteArray choice(4, '\0');
    qToBigEndian(isOverTls ? 0u : kLongestSealed, choice.data());
    choice[0] = char(wanted);
    const auto wrapped = initiator.wrap(choice, false);
    if (!wrapped)
        return core::fail(wrapped.error());
    const auto answer = say(connection, target, *wrapped);
    if (!answer)
        return core::fail(answer.error());
    if (*answer)
        return core::fail(wentWrong(connection, QStringLiteral("the server does not come to an end")));
    return longest;
}

} // namespace

core::Result<bool> bindByTicket(Connection &connection, const Target &target, const ServerInfo &server, const kerberos::Exchange &exchange)
{
    if (server.kerberosRealm.isEmpty())
        return core::fail(Code::Unsupported, QStringLiteral("the server names no Kerberos realm"),
                          QStringLiteral("its rootDSE has no ldapServiceName, as that of an Active Directory domain controller"),
                          connection.place);
    const QString service = QStringLiteral("ldap/") + target.host;
    auto tickets = kerberos::Tickets::byPassword(target.bindDn, target.password, server.kerberosRealm, exchange);
    if (!tickets)
        return core::fail(tickets.error());
    if (auto fetched = tickets->fetch(service, server.kerberosRealm, exchange); !fetched)
        return core::fail(fetched.error());

    const bool isSealing = target.security == core::ConnectionSecurity::None;
    kerberos::Initiator::Settings settings;
    settings.sealing = isSealing;
    if (!isSealing)
        settings.channelBinding = channelBinding(connection);
    auto begun = kerberos::Initiator::begin(*tickets, service, server.kerberosRealm, settings);
    if (!begun)
        return core::fail(begun.error());
    auto initiator = std::make_shared<kerberos::Initiator>(*std::move(begun));
    QByteArray fromServer;
    for (int message = 0; message < kLongestTalk && !(initiator->isEstablished() && !fromServer.isEmpty()); ++message) {
        QByteArray token; // RFC 4752 3.1: an empty one lets the server go on
        if (!initiator->isEstablished()) {
            auto next = initiator->step(fromServer);
            if (!next)
                return core::fail(next.error());
            token = *std::move(next);
        }
        auto answer = say(connection, target, token);
        if (!answer)
            return core::fail(answer.error());
        if (!*answer)
            return core::fail(wentWrong(connection, QStringLiteral("the server ended it early")));
        fromServer = **std::move(answer);
    }
    const auto longest = chooseLayer(connection, target, *initiator, fromServer);
    if (!longest)
        return core::fail(longest.error());
    if (isSealing && !addSealing(connection, std::move(initiator), *longest, kLongestSealed))
        return core::fail(Code::Internal, QStringLiteral("the LDAP library refused the sealing of messages"), {}, connection.place);
    return isSealing;
}

core::Result<BindAnswer> bindPersonByTicket(Connection &connection, const Target &target, const ServerInfo &server,
                                            const kerberos::Exchange &exchange, const core::Entry &entry)
{
    const auto bound = bindByTicket(connection, target, server, exchange);
    if (bound)
        return BindAnswer{AccountState::Good, LDAP_SUCCESS, resultName(LDAP_SUCCESS), {}};
    BindAnswer answer{AccountState::Refused, LDAP_INVALID_CREDENTIALS, bound.error().text(), {}};
    const AccountState shown = accountStateOf(entry, QDateTime::currentDateTimeUtc());
    switch (kerberos::refusalOf(bound.error())) {
    case kerberos::Refusal::None:
        return core::fail(bound.error());
    case kerberos::Refusal::WrongPassword:
        answer.state = AccountState::WrongPassword;
        break;
    case kerberos::Refusal::UnknownAccount:
        answer.state = AccountState::UnknownAccount;
        break;
    case kerberos::Refusal::Revoked:
        if (shown == AccountState::Disabled || shown == AccountState::AccountExpired || shown == AccountState::Locked)
            answer.state = shown;
        break;
    case kerberos::Refusal::PasswordExpired:
        // Said before the password is looked at. Where it is right, it is good for being changed.
        if (auto right = kerberos::Tickets::byPassword(target.bindDn, target.password, server.kerberosRealm, exchange, kerberos::kChangePassword)) {
            answer.state = shown == AccountState::MustChangePassword ? shown : AccountState::PasswordExpired;
        } else {
            if (kerberos::refusalOf(right.error()) == kerberos::Refusal::None)
                return core::fail(right.error());
            answer.state = AccountState::WrongPassword;
            answer.diagnostic = right.error().text();
        }
        break;
    }
    return answer;
}

} // namespace gatehouse::ldap
