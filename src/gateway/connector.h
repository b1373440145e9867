// SPDX-License-Identifier: GPL-3.0-or-later
//
// A configured gateway becomes a live session: secret fetched, servers tried in their order until one opens, by this
// machine or through a gateway client. All functions block; never on the GUI thread.
#pragma once

#include "core/config/forward.h"
#include "core/result.h"
#include "ldap/session.h"
#include "link/versions.h"

#include <memory>

namespace gatehouse::gateway {

struct OpenSession {
    std::unique_ptr<ldap::Session> session;
    ldap::ServerInfo server;
    QString serverHostAndPort;
};

/// Opens a session to the first server that answers well. A refused bind or certificate ends the search at once (the
/// next server would lock the account further); an unreachable or silent one goes on to the next. The error names
/// every server tried. Through gateway clients: @p need decides which versions of them will do (Unsupported when all
/// are too old); Unreachable when none is connected, Busy when another program has them.
[[nodiscard]] core::Result<OpenSession> openSession(const core::Gateway &gateway, const core::CancelToken &cancel,
                                                    const ldap::Deadlines &deadlines = {},
                                                    link::Need need = link::Need::InboundProvisioning);

/// A second connection to the server that @p open leads to, secured like the first and bound as nobody yet: for the bind
/// of somebody who signs on.
[[nodiscard]] core::Result<std::unique_ptr<ldap::Session>> openUnbound(const core::Gateway &gateway, const OpenSession &open,
                                                                       const core::CancelToken &cancel,
                                                                       const ldap::Deadlines &deadlines = {});

/// Whom the gateway binds as: a DN or a user principal name; empty: nobody.
QString bindAccountOf(const core::Gateway &gateway);
/// The password of that account; empty for nobody's bind. Errors are those of the vault.
[[nodiscard]] core::Result<core::Secret> readBindPassword(const core::Gateway &gateway, const core::CancelToken &cancel);

/// What a session needs to reach server number @p index of the gateway.
[[nodiscard]] core::Result<ldap::Target> targetOf(const core::Gateway &gateway, int index,
                                                  const core::Secret &password, const ldap::Deadlines &deadlines,
                                                  link::Need need = link::Need::InboundProvisioning);

} // namespace gatehouse::gateway
