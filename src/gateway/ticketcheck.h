// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Kerberos service account of a gateway, as the domain knows it. Uses a session that the caller owns, in its thread;
// blocks; writes nothing.
#pragma once

#include "core/cancel.h"
#include "core/config/forward.h"
#include "core/result.h"
#include "gateway/test.h"
#include "ldap/session.h"

namespace gatehouse::gateway {

/// The service principal names of @p account (a user principal name) below @p base, e.g. "HTTP/console.example.com". NotFound
/// when there is no such account, or when it has none: without one nobody can get a ticket for it.
[[nodiscard]] core::Result<QStringList> servicePrincipalNames(ldap::Session &session, const QString &base, const QString &account);

/// Whether @p service is one of these names. A computer's "HOST/name" stands for the services that Windows counts to it, of
/// which a web server is one (MS-ADTS 3.1.1.5.1.3, sPNMappings).
bool isNamed(const QString &service, const QStringList &names);

/// Whether people's tickets can be read: the account's password is right, it has a name that tickets are made for, and the
/// domain makes them. @p typedPassword, when not empty, is tried in place of the one that the gateway refers to.
StageResult checkTickets(ldap::Session &session, const core::Gateway &gateway, const ldap::ServerInfo &server,
                         const core::CancelToken &cancel, const core::Secret &typedPassword = {});

} // namespace gatehouse::gateway
