// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our end of a Kerberos security context with a service (GSS-API, RFC 2743 and RFC 4121): the tokens that prove who we are
// and that the service is who it says, and afterwards the sealing of messages. Uses tickets that are there already, so it
// never waits for a network. Belongs to one thread at a time.
#pragma once

#include "core/result.h"
#include "kerberos/tickets.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

namespace gatehouse::kerberos {

class Initiator {
public:
    struct Settings {
        /// Kerberos itself, or wrapped in a negotiation as browsers send it (RFC 4178).
        enum class Mechanism { Kerberos, Negotiate } mechanism = Mechanism::Kerberos;
        bool sealing = false;       ///< messages shall be wrapped afterwards
        QByteArray channelBinding = {}; ///< of the TLS channel around it (RFC 5929), with its prefix; empty: none
    };

    /// @p tickets must have the one for the service (Tickets::fetch) and outlive this.
    [[nodiscard]] static core::Result<Initiator> begin(const Tickets &tickets, const QString &service, const QString &realm,
                                                       const Settings &settings);
    Initiator(Initiator &&other) noexcept;
    Initiator &operator=(Initiator &&other) noexcept;
    ~Initiator();

    /// Our next token, after the other side's last (empty: the first); empty when there is nothing more to say.
    [[nodiscard]] core::Result<QByteArray> step(const QByteArray &fromService);
    bool isEstablished() const;
    bool canSeal() const;

    /// @p seal: encrypted, else only protected against change.
    [[nodiscard]] core::Result<QByteArray> wrap(QByteArrayView plain, bool seal);
    /// Untrusted where somebody has changed, repeated or reordered it, or has not sealed it though @p seal says it must be.
    [[nodiscard]] core::Result<QByteArray> unwrap(QByteArrayView wrapped, bool seal);
    /// Octets of plain text that fit into a sealed message of @p wrapped octets.
    qsizetype longestPlain(quint32 wrapped) const;

private:
    struct Private;
    explicit Initiator(std::unique_ptr<Private> made);
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::kerberos
