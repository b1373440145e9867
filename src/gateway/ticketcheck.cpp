// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/ticketcheck.h"

#include "core/config/gateway.h"
#include "core/filter.h"
#include "gateway/stageresult_p.h"
#include "gateway/vault.h"
#include "kerberos/tickets.h"

namespace gatehouse::gateway {

using core::Code;

core::Result<QStringList> servicePrincipalNames(ldap::Session &session, const QString &base, const QString &account)
{
    ldap::SearchRequest request;
    request.base = base.toUtf8();
    request.filter = core::Filter::equality("userPrincipalName", account.toUtf8()).toUtf8();
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"servicePrincipalName"});
    request.limit = 2;
    QStringList names;
    qint64 entries = 0;
    const auto end = session.search(request, [&](core::EntryBatch &&page) {
        entries += page.size();
        for (qsizetype i = 0; i < page.size(); ++i) {
            for (int value = 0; value < page.at(i).count(0); ++value)
                names.append(QString::fromUtf8(page.at(i).value(0, value)));
        }
        return true;
    });
    if (!end)
        return core::fail(end.error());
    if (entries != 1)
        return core::fail(Code::NotFound, QStringLiteral("the service account %1 is not found").arg(account),
                          QStringLiteral("no entry has it as userPrincipalName, or several have"));
    if (names.isEmpty())
        return core::fail(Code::NotFound, QStringLiteral("the service account %1 has no service principal name").arg(account),
                          QStringLiteral("register one: setspn -S HTTP/console.example.com %1").arg(account.section(u'@', 0, 0)));
    return names;
}

bool isNamed(const QString &service, const QStringList &names)
{
    const auto has = [&](const QString &name) { return names.contains(name, Qt::CaseInsensitive); };
    const bool isOfHost = service.section(u'/', 0, 0).compare(QLatin1String("HTTP"), Qt::CaseInsensitive) == 0;
    return has(service) || (isOfHost && has(QStringLiteral("HOST/") + service.section(u'/', 1)));
}

StageResult checkTickets(ldap::Session &session, const core::Gateway &gateway, const ldap::ServerInfo &server,
                         const core::CancelToken &cancel, const core::Secret &typedPassword)
{
    const QString account = gateway.kerberos->serviceAccountUserPrincipalName;
    if (server.kerberosRealm.isEmpty())
        return warning(QStringLiteral("the server names no Kerberos realm, as a domain controller does"),
                       QStringLiteral("Nobody can sign on with a ticket through this server. Name domain controllers as hosts, or "
                                      "disable Kerberos authentication."));
    const auto passwords = typedPassword.isEmpty()
                               ? readSecretAndRetained(gateway.kerberos->serviceAccountPassword, ownerOfServiceAccount(gateway), cancel)
                               : core::Result<QList<core::Secret>>(QList<core::Secret>{typedPassword});
    if (!passwords)
        return failed(passwords.error());
    const kerberos::Exchange exchange = [&session](const QByteArray &message) { return session.askKdc(message); };
    auto tickets = kerberos::Tickets::byPassword(account, passwords->value(0), server.kerberosRealm, exchange);
    if (!tickets)
        return failed(tickets.error());
    const auto names = servicePrincipalNames(session, server.defaultNamingContext, account);
    if (!names)
        return failed(names.error());
    if (auto fetched = tickets->fetch(names->constFirst(), server.kerberosRealm, exchange); !fetched)
        return failed(fetched.error());
    QString text = QStringLiteral("tickets for %1 can be read").arg(names->join(QStringLiteral(", ")));
    if (passwords->size() > 1)
        text += QStringLiteral("; those for %1 retained passwords, too").arg(passwords->size() - 1);
    return passed(text);
}

} // namespace gatehouse::gateway
