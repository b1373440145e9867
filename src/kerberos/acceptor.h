// SPDX-License-Identifier: GPL-3.0-or-later
//
// The service's end: who comes with a ticket for the service account. The account's keys are made of its passwords, the
// present one and those that still count, with the salt that the domain tells (RFC 3962 4). Keys are in memory only. Any
// thread, each object in one at a time.
#pragma once

#include "core/secret.h"
#include "kerberos/exchange.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <memory>

namespace gatehouse::kerberos {

class ServiceKeys {
public:
    /// @p account: user principal name of the service account. Unauthenticated when the domain knows no such account.
    [[nodiscard]] static core::Result<ServiceKeys> byPasswords(const QString &account, const QString &realm,
                                                               const QList<core::Secret> &passwords, const Exchange &exchange);
    ServiceKeys(ServiceKeys &&other) noexcept;
    ServiceKeys &operator=(ServiceKeys &&other) noexcept;
    ~ServiceKeys();
    const QByteArray &tableName() const;

private:
    struct Private;
    explicit ServiceKeys(std::unique_ptr<Private> made);
    std::unique_ptr<Private> d;
};

/// Whoever a ticket belongs to, as the domain says.
struct Holder {
    QString name;    ///< without the realm: the account name, or a user principal name
    QString realm;
    QByteArray sid;  ///< objectSid in octets, out of the signed part of the ticket (MS-PAC 2.10); empty: the ticket has none
    QString service; ///< that the ticket was issued for, without the realm: "HTTP/console.example.com"
    QByteArray fingerprint; ///< the same each time that this token is shown, however it is wrapped, and no other's
    QDateTime expiresAt;    ///< the ticket; nobody is let in with it afterwards
};

/// @p token: an initial GSS-API token, Kerberos' own or wrapped in a negotiation (RFC 4178), as it comes after "Negotiate" in
/// an HTTP header (RFC 4559). Whoever accepts it has to see that the fingerprint is new and that the service is theirs: the
/// library's own memory of tokens depends on this process' surroundings, and it takes whatever ticket one of the keys opens.
/// Errors: InvalidInput (no such token, NTLM for example), Unauthenticated (for another account, expired, clocks too far apart).
[[nodiscard]] core::Result<Holder> accept(const ServiceKeys &keys, const QByteArray &token);

/// The SID in a PAC's UPN_DNS_INFO buffer; empty when there is none or the buffer is damaged. For accept(), and its tests.
QByteArray sidOf(const QByteArray &upnDnsInfo);

} // namespace gatehouse::kerberos
