// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server's certificate read once more, before somebody decides to trust it: name, connection and TLS only, nothing is
// sent after that. Blocks; never on the GUI thread.
#pragma once

#include "core/config/forward.h"
#include "core/result.h"
#include "ldap/session.h"

namespace gatehouse::gateway {

/// The certificate that @p server ("host:port", one of the gateway's) shows now, trusted or not. Protocol when it shows
/// none; else why the server was not reached.
[[nodiscard]] core::Result<ldap::CertificateReport> readCertificate(const core::Gateway &gateway, const QString &server,
                                                                    const core::CancelToken &cancel,
                                                                    const ldap::Deadlines &deadlines = {});

} // namespace gatehouse::gateway
