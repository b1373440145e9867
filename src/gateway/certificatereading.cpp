// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/certificatereading.h"

#include "core/config/gateway.h"
#include "gateway/connector.h"

namespace gatehouse::gateway {

core::Result<ldap::CertificateReport> readCertificate(const core::Gateway &gateway, const QString &server,
                                                      const core::CancelToken &cancel, const ldap::Deadlines &deadlines)
{
    const auto target = targetOf(gateway, int(gateway.serversHostAndPort.indexOf(server)), {}, deadlines);
    if (!target)
        return core::fail(target.error());
    ldap::Session session;
    session.cancelWith(cancel);
    if (auto resolved = session.resolve(*target); !resolved)
        return core::fail(resolved.error());
    if (auto connected = session.connect(); !connected)
        return core::fail(connected.error());
    const auto secured = session.secure();
    const auto report = session.certificate();
    if (report && !report->sha256.isEmpty())
        return *report;
    if (!secured)
        return core::fail(secured.error());
    return core::fail(core::Code::Protocol, QStringLiteral("the server showed no certificate"), {}, server);
}

} // namespace gatehouse::gateway
