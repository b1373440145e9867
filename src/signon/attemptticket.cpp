// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an attempt goes on that comes with a Kerberos ticket in the place of a name and a password: the ticket is for the
// gateway's service account, and says who it is. Such a sign-on may make a user, but never changes one.
#include "signon/attempt.h"

#include "gateway/ticketcheck.h"
#include "gateway/vault.h"
#include "kerberos/initiator.h"
#include "kerberos/tickets.h"
#include "signon/reasons.h"
#include "store/links.h"
#include "store/usedtickets.h"

namespace gatehouse::signon {

using core::Code;
using core::ProblemCode;
using core::Result;

namespace {

/// The SID of a ticket that has none in it, by its name. A domain controller tries several readings of a name (MS-KILE
/// 3.3.5.6.1); where they lead to several accounts nobody can say which of them it meant.
Result<QByteArray> sidByName(ldap::Session &session, const QString &base, const kerberos::Holder &holder)
{
    const QString full = holder.name.contains(u'@') ? holder.name : holder.name + u'@' + holder.realm;
    ldap::SearchRequest request;
    request.base = base.toUtf8();
    request.filter = core::Filter::any({core::Filter::equality("sAMAccountName", holder.name.toUtf8()),
                                        core::Filter::equality("sAMAccountName", holder.name.toUtf8() + '$'),
                                        core::Filter::equality("userPrincipalName", full.toUtf8())})
                         .toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"objectSid"});
    request.limit = 2;
    QList<QByteArray> sids;
    const auto end = session.search(request, [&](core::EntryBatch &&page) {
        for (qsizetype i = 0; i < page.size(); ++i)
            sids.append(page.at(i).count(0) > 0 ? page.at(i).value(0, 0).toByteArray() : QByteArray());
        return true;
    });
    if (!end)
        return core::fail(end.error());
    if (sids.size() == 1 && !sids.constFirst().isEmpty())
        return sids.constFirst();
    return core::fail(Code::NotFound, sids.isEmpty() ? QStringLiteral("no account is found for the ticket")
                                                     : QStringLiteral("several accounts fit the ticket's name, and it has no SID in it"),
                      {}, full);
}

} // namespace

bool Attempt::isByTicket() const
{
    return m_request.proof != Proof::Password;
}

Attempt::Step Attempt::openForTicket()
{
    if (!m_gateway.kerberos || !isActiveDirectory())
        return refuse(QStringLiteral("the gateway takes no Kerberos tickets: Kerberos is not enabled on its Connection tab"));
    auto opened = gateway::openSession(m_gateway, m_cancel, m_request.deadlines, link::Need::Lookup);
    if (!opened)
        return refuse(QStringLiteral("the directory cannot be used"), opened.error());
    m_directory = *std::move(opened);
    m_report.server = m_directory->serverHostAndPort;
    learnSchema();
    if (m_directory->server.kerberosRealm.isEmpty())
        return refuse(QStringLiteral("the server names no Kerberos realm, as a domain controller does"));
    return true;
}

/// The token of whoever is signed on to this desktop, as a browser would send it.
Result<QByteArray> Attempt::desktopToken(const kerberos::Exchange &exchange)
{
    const auto services = gateway::servicePrincipalNames(*m_directory->session, m_directory->server.defaultNamingContext,
                                                         m_gateway.kerberos->serviceAccountUserPrincipalName);
    if (!services)
        return core::fail(services.error());
    const QString service = services->constFirst();
    const QString realm = m_directory->server.kerberosRealm;
    auto tickets = kerberos::Tickets::ofDesktop();
    if (!tickets)
        return core::fail(tickets.error());
    if (auto fetched = tickets->fetch(service, realm, exchange); !fetched)
        return core::fail(fetched.error());
    auto initiator = kerberos::Initiator::begin(*tickets, service, realm,
                                                {.mechanism = kerberos::Initiator::Settings::Mechanism::Negotiate});
    if (!initiator)
        return core::fail(initiator.error());
    return initiator->step({});
}

/// A ticket is for one of the service account's own names: another account may have the same password, and then the same
/// keys open its tickets. And each is good for one time, for every process of the environment.
Result<void> Attempt::judgeTicket(const kerberos::Holder &holder)
{
    const QString what = QStringLiteral("the ticket is not accepted");
    const auto services = gateway::servicePrincipalNames(*m_directory->session, m_directory->server.defaultNamingContext,
                                                         m_gateway.kerberos->serviceAccountUserPrincipalName);
    if (!services)
        return core::fail(services.error());
    if (!gateway::isNamed(holder.service, *services))
        return core::fail(Code::Denied, what, QStringLiteral("it is for the service %1, which is none of the service account's: %2")
                                                  .arg(holder.service, services->join(QStringLiteral(", "))));
    store::UsedTickets used(m_environment.database());
    const auto known = used.isUsed(holder.fingerprint);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    // Clocks may differ; whoever set them to differ by more than a day has no use for tickets.
    const auto isNew = !known                  ? core::Result<bool>(core::fail(known.error()))
                       : *known                ? core::Result<bool>(false)
                       : m_request.simulate    ? core::Result<bool>(true)
                                               : used.use(holder.fingerprint, holder.expiresAt.addDays(1), now);
    if (!isNew)
        return core::fail(isNew.error());
    if (!*isNew)
        return core::fail(Code::Denied, what, QStringLiteral("the ticket has been used before"));
    return {};
}

Attempt::Step Attempt::takeTicket()
{
    const kerberos::Exchange exchange = [this](const QByteArray &message) { return m_directory->session->askKdc(message); };
    const QString realm = m_directory->server.kerberosRealm;
    const auto passwords = gateway::readSecretAndRetained(m_gateway.kerberos->serviceAccountPassword,
                                                          gateway::ownerOfServiceAccount(m_gateway), m_cancel);
    if (!passwords)
        return refuse(QStringLiteral("tickets cannot be read"), passwords.error());
    const auto keys = kerberos::ServiceKeys::byPasswords(m_gateway.kerberos->serviceAccountUserPrincipalName, realm, *passwords, exchange);
    if (!keys)
        return refuse(QStringLiteral("tickets cannot be read"), keys.error());
    QByteArray token = m_request.ticket;
    if (m_request.proof == Proof::DesktopTicket) {
        auto made = desktopToken(exchange);
        if (!made)
            return refuse(QStringLiteral("this desktop has no ticket to show"), made.error());
        token = *std::move(made);
    }
    const auto holder = kerberos::accept(*keys, token);
    if (!holder)
        return refuse(QStringLiteral("the ticket does not let anybody in"), holder.error());
    if (auto good = judgeTicket(*holder); !good)
        return refuse(QStringLiteral("the ticket does not let anybody in"), good.error());
    m_report.ticketHolder = holder->name + u'@' + holder->realm;
    m_report.identifier = m_report.ticketHolder;
    m_request.identifier = m_report.ticketHolder;
    // Another domain may know others by the same names.
    if (holder->realm.compare(realm, Qt::CaseInsensitive) != 0)
        return refuse(QStringLiteral("the ticket is of another domain than the gateway's, %1").arg(realm));
    m_holderSid = holder->sid;
    if (m_holderSid.isEmpty()) {
        auto sid = sidByName(*m_directory->session, m_directory->server.defaultNamingContext, *holder);
        if (!sid)
            return refuse(QStringLiteral("the directory cannot be searched"), sid.error());
        m_holderSid = *std::move(sid);
    }
    return true;
}

Attempt::Step Attempt::findHolder()
{
    return findFirst([this](Lookup &lookup, Considered &considered) -> Result<std::optional<FoundEntry>> {
        auto found = lookup.bySid(m_holderSid, considered);
        if (!found || !*found || (*found)->sourceId.isEmpty())
            return found;
        const auto owner = m_environment.links().userOf(m_gateway.id, (*found)->sourceId);
        if (!owner)
            return core::fail(owner.error());
        // Whom the directory has let in here before is known; the filter says who may come anew.
        if (*owner != 0)
            return found;
        const auto admitted = lookup.admits((*found)->entry, considered);
        if (!admitted)
            return core::fail(admitted.error());
        return *admitted ? found : std::optional<FoundEntry>();
    });
}

Attempt::Step Attempt::judgeHolder()
{
    m_report.checker = Checker::Ticket;
    // The ticket may be older than what has become of the account.
    const ldap::AccountState state = ldap::accountStateOf(m_found->entry, QDateTime::currentDateTimeUtc());
    if (state == ldap::AccountState::Disabled || state == ldap::AccountState::AccountExpired)
        stand(ProblemCode::NotAllowed, stateReason(state, {}));
    if (m_user && m_user->authorityGateway != m_gateway.name)
        stand(ProblemCode::NotAllowed, QStringLiteral("the user does not sign on through this gateway yet, and a ticket changes no record: "
                                                      "sign on with the password once"));
    if (m_report.problems.isEmpty() || m_request.simulate)
        return true;
    return refuse(m_report.problems.constFirst().message);
}

} // namespace gatehouse::signon
