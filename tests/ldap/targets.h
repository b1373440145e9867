// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests of this room share: where a test's server is, and how to read it whole.
#pragma once

#include "ldap/session.h"
#include "tests/support/slapd.h"

#include <QElapsedTimer>

namespace gatehouse::test {

inline ldap::Target targetOf(const Slapd &slapd,
                             core::ConnectionSecurity security = core::ConnectionSecurity::None)
{
    ldap::Target target;
    target.host = slapd.host();
    target.port = security == core::ConnectionSecurity::Tls ? slapd.tlsPort() : slapd.port();
    target.security = security;
    target.trust.caFile = slapd.caFile();
    target.bindDn = slapd.bindDn();
    target.password = core::Secret(slapd.password());
    return target;
}

/// A server on the loopback that is not slapd, without TLS and anonymous.
inline ldap::Target plainTarget(quint16 port)
{
    ldap::Target target;
    target.host = QStringLiteral("127.0.0.1");
    target.port = port;
    target.security = core::ConnectionSecurity::None;
    return target;
}

inline ldap::SearchRequest requestFor(const QList<QByteArray> &attributes,
                                      const QByteArray &filter = "(objectClass=inetOrgPerson)",
                                      const QByteArray &base = "dc=example,dc=com")
{
    ldap::SearchRequest request;
    request.base = base;
    request.filter = filter;
    request.attributes = std::make_shared<const core::SlotNames>(attributes);
    return request;
}

/// Everything a search brought.
struct Gathered {
    QList<core::Entry> entries;
    QList<qsizetype> batches; ///< sizes
    ldap::PageSink sink()
    {
        return [this](core::EntryBatch &&batch) {
            batches.append(batch.size());
            for (qsizetype i = 0; i < batch.size(); ++i)
                entries.append(batch.at(i).toEntry());
            return true;
        };
    }
};

/// Milliseconds that pass are what a deadline test is about: the answer must come at the deadline, not before it and
/// not much after. A busy machine is given time.
inline constexpr int kDeadlineMilliseconds = 300;
inline constexpr int kGraceMilliseconds = 2'500;

inline ldap::Deadlines longDeadlines()
{
    using std::chrono::milliseconds;
    return {milliseconds(60'000), milliseconds(60'000), milliseconds(60'000), milliseconds(60'000), milliseconds(60'000)};
}

} // namespace gatehouse::test
