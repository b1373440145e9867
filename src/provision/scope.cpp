// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/scope.h"

#include "core/config/rule.h"
#include "core/dn.h"
#include "core/filter.h"

#include <algorithm>

namespace gatehouse::provision {

namespace {

/// The rule's own filter as it is; the vendor's filter for people where there is none.
core::Result<QByteArray> filterOf(const core::Rule &rule, const ldap::Dialect &dialect)
{
    const QString text = rule.scope.userFilter.trimmed();
    if (text.isEmpty())
        return dialect.peopleFilter();
    const auto own = core::Filter::parse(text);
    if (!own)
        return core::fail(own.error().in(QStringLiteral("userFilter")));
    return own->toUtf8();
}

} // namespace

QList<QByteArray> basesOf(const core::Rule &rule)
{
    QStringList texts = rule.scope.userOrganizationalUnits;
    if (texts.isEmpty())
        texts.append(rule.scope.baseDn);
    QList<core::Dn> dns;
    for (const QString &text : std::as_const(texts)) {
        if (auto dn = core::Dn::parse(text))
            dns.append(*std::move(dn));
    }
    QList<QByteArray> bases;
    for (qsizetype i = 0; i < dns.size(); ++i) {
        const bool covered = std::any_of(dns.cbegin(), dns.cend(), [&](const core::Dn &other) {
            return dns.at(i).isBelow(other);
        });
        const QByteArray base = dns.at(i).toUtf8();
        const bool repeated = std::any_of(dns.cbegin(), dns.cbegin() + i, [&](const core::Dn &earlier) {
            return earlier.key() == dns.at(i).key();
        });
        if (!covered && !repeated)
            bases.append(base);
    }
    return bases;
}

core::Result<Scope> scopeOf(const core::Rule &rule, const ldap::Dialect &dialect)
{
    for (const QString &text : rule.scope.userOrganizationalUnits + QStringList{rule.scope.baseDn}) {
        if (auto dn = core::Dn::parse(text); !dn)
            return core::fail(dn.error());
    }
    auto filter = filterOf(rule, dialect);
    if (!filter)
        return core::fail(filter.error());
    return Scope{basesOf(rule), *std::move(filter)};
}

bool liesIn(QByteArrayView dn, const QList<QByteArray> &bases)
{
    const auto parsed = core::Dn::parse(dn);
    if (!parsed)
        return false;
    return std::any_of(bases.cbegin(), bases.cend(), [&](const QByteArray &base) {
        const auto ancestor = core::Dn::parse(QByteArrayView(base));
        return ancestor && parsed->isSameOrBelow(*ancestor);
    });
}

} // namespace gatehouse::provision
