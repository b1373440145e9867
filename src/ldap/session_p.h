// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a session holds. Private to the room; belongs to the session's thread.
#pragma once

#include "ldap/connection_p.h"
#include "ldap/search_p.h"
#include "ldap/session.h"

namespace gatehouse::ldap {

struct Session::Private {
    Connection connection;
    std::unique_ptr<Channel> channel; ///< once the connection is secured; it then works on the connection alone
    Target target;
    std::vector<Address> addresses; ///< empty where the target's dialler connects
    QString reached;                ///< numeric address
    std::optional<CertificateReport> certificate;
    std::optional<ServerInfo> info;
    Paging paging;
    bool isSecured = false;
    bool isSealed = false;          ///< by Kerberos
    core::CancelToken cancelled; ///< for sessions to other servers, opened for referrals

    ~Private() { close(); }
    void close();
    [[nodiscard]] core::Result<QString> connectByOther();
    /// An error where there is no secured connection, or none any more.
    [[nodiscard]] core::Result<void> checkOpen() const;
    /// Runs @p bind, which has the connection for itself meanwhile.
    template <typename Bind>
    auto alone(const Bind &bind)
    {
        std::optional<decltype(bind(connection))> result;
        channel->alone([&](Connection &own) { result.emplace(bind(own)); });
        return *std::move(result);
    }
};

} // namespace gatehouse::ldap
