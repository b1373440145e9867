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
    Target target;
    std::vector<Address> addresses; ///< empty where the target's dialler connects
    QString reached;                ///< numeric address
    std::optional<CertificateReport> certificate;
    std::optional<ServerInfo> info;
    Paging paging;
    bool isSecured = false;
    bool isSealed = false;          ///< by Kerberos
    core::CancelToken cancelled; ///< for sessions to other servers, opened for referrals

    [[nodiscard]] core::Result<QString> connectByOther();
    [[nodiscard]] core::Result<void> bindByPassword();
};

} // namespace gatehouse::ldap
