// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an attempt works out user and groups, and records them.
#include "core/config/usertype.h"
#include "signon/attempt.h"

#include "signon/passwordhash.h"
#include "signon/prospect.h"
#include "signon/reasons.h"
#include "signon/sight.h"
#include "store/auditlog.h"

namespace gatehouse::signon {

using core::ProblemCode;
using core::Result;

namespace {

const QString kSignOn = QStringLiteral("signon");

} // namespace

Attempt::Step Attempt::workOut()
{
    if (isByTicket() && m_user) {
        // Only the time is noted: attributes, groups, link and password stay as they are.
        m_record.user = *m_user;
        if (const QString reason = disabledReason(*m_user, *m_environment.catalog()); !reason.isEmpty())
            stand(ProblemCode::NotAllowed, reason);
    } else if (const auto foreseen = foresee(); !foreseen || !*foreseen) {
        return foreseen;
    }
    if (m_report.problems.isEmpty() || m_request.simulate)
        return true;
    return refuse(m_report.problems.constFirst().message);
}

Attempt::Step Attempt::foresee()
{
    std::optional<core::SignOnMapping> mapping;
    std::optional<NestedGroups> nested;
    if (m_report.createsUser || m_report.updatesUser) {
        auto compiled = mappingOf(*m_userType);
        if (!compiled)
            return refuse(QStringLiteral("the mapping cannot be used"), compiled.error());
        mapping = *std::move(compiled);
        const auto read = readNestedGroups(*mapping, nested);
        if (!read || !*read)
            return read;
    }
    if (mapping && m_user && m_found && m_report.updatesUser) {
        auto kept = targetsOutOfSight(m_environment, *m_directory->session, m_gateway, *m_userType, *mapping, *m_user, *m_found,
                                      m_schema);
        if (!kept)
            return refuse(QStringLiteral("the directory cannot be read"), kept.error());
        m_report.kept = *std::move(kept);
    }
    const core::Population *population =
        m_userType->newUserLookup ? m_configuration.population(m_userType->newUserLookup->population) : nullptr;
    const Ground ground{m_gateway, *m_userType, m_found ? &*m_found : nullptr, m_user ? &*m_user : nullptr,
                        population ? population->row : 0, m_report.kept};
    auto prospect = prospectOf(m_environment, ground, mapping ? &*mapping : nullptr, nested ? &*nested : nullptr);
    if (!prospect)
        return core::fail(prospect.error());
    m_report.problems += prospect->problems;
    m_report.attributes = prospect->attributes;
    m_report.groups = prospect->groups;
    m_report.groupPaths = prospect->groupPaths;
    m_record = std::move(prospect->record);
    return true;
}

Attempt::Step Attempt::readNestedGroups(const core::SignOnMapping &mapping, std::optional<NestedGroups> &nested)
{
    const QByteArray source = mapping.groupSource();
    if (!mapping.mapsGroups() || !m_userType->newUserLookup->nestedGroups || source.isEmpty())
        return true;
    auto read = nestedGroups(*m_directory->session, m_gateway.vendor, m_found->entry.dn, m_found->entry.values(source));
    if (!read && read.error().code == core::Code::LimitExceeded) {
        stand(ProblemCode::NotAllowed, read.error().text(), core::kExternalGroupNames);
        return true;
    }
    if (!read)
        return refuse(QStringLiteral("nested groups cannot be read"), read.error());
    nested = *std::move(read);
    m_report.groupsAreWhole = nested->isWhole;
    return true;
}

Result<void> Attempt::decideHash()
{
    if (isByTicket()) // it brings no password, and takes none away
        return {};
    if (m_userType->passwordAuthority == core::PasswordAuthority::Ldap) {
        // The directory has the say: what is stored from an earlier time must not outlive it.
        if (!m_hash.isEmpty())
            m_record.passwordHash = QByteArray();
        return {};
    }
    if (m_report.checker == Checker::IdentityDirectory && !m_report.passwordChanged && !isOutdated(m_hash))
        return {};
    auto hash = hashPassword(m_report.passwordChanged ? m_request.newPassword : m_request.password);
    if (!hash)
        return core::fail(hash.error());
    m_record.passwordHash = *std::move(hash);
    return {};
}

Attempt::Step Attempt::record()
{
    if (m_request.simulate) {
        m_report.outcome = !m_report.problems.isEmpty() ? Outcome::Refused
                           : m_mustChange               ? Outcome::NewPasswordNeeded
                                                        : Outcome::Succeeded;
        if (!m_report.problems.isEmpty())
            m_report.reason = m_report.problems.constFirst().message;
        return true;
    }
    if (m_report.readThrough) {
        m_report.outcome = Outcome::Succeeded;
        if (auto recorded = m_environment.audit().record(kSignOn, m_request.identifier, auditDetail(m_report)); !recorded)
            return core::fail(recorded.error());
        return true;
    }
    if (auto decided = decideHash(); !decided)
        return refuse(QStringLiteral("the password cannot be kept"), decided.error());
    m_record.at = QDateTime::currentDateTimeUtc();
    m_record.auditAction = kSignOn;
    m_report.outcome = Outcome::Succeeded;
    m_record.auditDetail = auditDetail(m_report);
    auto stored = m_environment.signOns().record(m_record);
    if (!stored)
        return refuse(QStringLiteral("the sign-on cannot be recorded"), stored.error());
    m_report.user = *std::move(stored);
    return true;
}

} // namespace gatehouse::signon
