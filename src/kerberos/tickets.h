// SPDX-License-Identifier: GPL-3.0-or-later
//
// Kerberos tickets of one account, in memory only: got with a password, or taken over from the desktop's sign-on (RFC 4120).
// They go with the object, and the desktop's own are never changed. Belongs to one thread at a time; what asks the key
// distribution centre blocks as long as the exchange does.
#pragma once

#include "core/secret.h"
#include "kerberos/exchange.h"

#include <QString>

#include <memory>

namespace gatehouse::kerberos {

class Tickets {
public:
    /// @p account: "svc@EXAMPLE.COM", a user principal name with any suffix that the domain knows, or the bare account name.
    /// Errors: Unauthenticated (wrong password, no such account, disabled, expired, clocks too far apart), Unsupported (no
    /// kind of encryption in common, an account of another realm), and those of the exchange.
    /// @p service: empty, or kChangePassword, for which a right password is enough that has expired.
    [[nodiscard]] static core::Result<Tickets> byPassword(const QString &account, const core::Secret &password, const QString &realm,
                                                          const Exchange &exchange, const QByteArray &service = {});
    /// Those of whoever is signed on to this desktop. NotFound when nobody is, or when the tickets have expired.
    [[nodiscard]] static core::Result<Tickets> ofDesktop();

    Tickets(Tickets &&other) noexcept;
    Tickets &operator=(Tickets &&other) noexcept;
    ~Tickets();

    /// Gets the ticket for a service of @p realm, e.g. "ldap/dc1.example.com". NotFound when the domain knows no such service.
    [[nodiscard]] core::Result<void> fetch(const QString &service, const QString &realm, const Exchange &exchange);
    /// Whose they are, e.g. "svc@EXAMPLE.COM".
    QString holder() const;
    /// Where the GSS-API finds them.
    const QByteArray &cacheName() const;

private:
    struct Private;
    explicit Tickets(std::unique_ptr<Private> made);
    std::unique_ptr<Private> d;
};

/// RFC 3244: the service by which passwords are changed.
inline constexpr char kChangePassword[] = "kadmin/changepw";

/// Why the domain gives an account no ticket.
enum class Refusal { None, WrongPassword, UnknownAccount, Revoked, PasswordExpired };
/// None for errors that are no answer of the domain's about the account.
Refusal refusalOf(const core::Error &error);

/// "ldap/dc1.example.com" with its realm, as Kerberos writes it.
QString principalOf(const QString &service, const QString &realm);

} // namespace gatehouse::kerberos
