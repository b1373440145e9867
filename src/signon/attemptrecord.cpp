// SPDX-License-Identifier: GPL-3.0-or-later
//
// How an attempt works out user and groups, and records them.
#include "signon/attempt.h"

#include "signon/nestedgroups.h"
#include "signon/passwordhash.h"
#include "signon/reasons.h"
#include "store/auditlog.h"

#include <QSet>

namespace gatehouse::signon {

using core::ProblemCode;
using core::Result;

namespace {

const QString kSignOn = QStringLiteral("signon");

} // namespace

Attempt::Step Attempt::workOut()
{
    const int enabled = m_environment.catalog()->enabled();
    if (m_user && m_user->values.get(enabled) == core::Value(false))
        stand(ProblemCode::NotAllowed, QStringLiteral("the user is disabled in the identity directory"));
    if (isByTicket() && m_user) {
        // Only the time is noted: attributes, groups, link and password stay as they are.
        m_record.user = *m_user;
    } else if (!m_report.readThrough) {
        if (m_user)
            m_record.user = *m_user;
        m_record.user.authorityGateway = m_gateway.name;
        m_record.user.authorityUserType = m_userType->name;
        m_record.gateway = m_gateway.name;
        m_record.gatewayId = m_gateway.id;
        if (m_found) {
            m_record.sourceId = m_found->sourceId;
            m_record.sourceDn = m_found->entry.dn;
            m_record.correlationAttributes = m_found->correlationAttributes;
        }
        if (m_report.createsUser || m_report.updatesUser) {
            const auto mapped = mapUser();
            if (!mapped || !*mapped)
                return mapped;
        }
        const auto plan = m_environment.signOns().plan(m_record);
        if (!plan)
            return core::fail(plan.error());
        for (const core::Problem &problem : plan->problems) {
            // The mapping has said of the attribute already why it has no value.
            const bool known = std::any_of(m_report.problems.begin(), m_report.problems.end(), [&](const core::Problem &other) {
                return !problem.attribute.isEmpty() && other.attribute == problem.attribute;
            });
            if (!known)
                m_report.problems.append(problem);
        }
        if (m_record.groups)
            m_report.groups = plan->groups;
    }
    if (m_report.problems.isEmpty() || m_request.simulate)
        return true;
    return refuse(m_report.problems.constFirst().message);
}

Attempt::Step Attempt::mapUser()
{
    const auto mapping = mappingOf(*m_userType);
    if (!mapping)
        return refuse(QStringLiteral("the mapping cannot be used"), mapping.error());
    if (m_report.createsUser) {
        const core::Population *population = m_configuration.population(m_userType->newUserLookup->population);
        if (population)
            m_record.user.population = population->row;
        else
            stand(ProblemCode::InvalidValue,
                  QStringLiteral("there is no population \"%1\"").arg(m_userType->newUserLookup->population),
                  QStringLiteral("population"));
    }
    const core::MappedSignOn mapped = (*mapping)->evaluate(m_found->entry, m_found->active);
    m_report.problems += mapped.problems;
    const core::AttributeCatalog &catalog = *m_environment.catalog();
    for (const int target : (*mapping)->targets()) {
        const core::Value &before = m_record.user.values.get(target);
        const core::Value &after = mapped.values.get(target);
        m_report.attributes.append({catalog.at(target).name, before, after});
        m_record.user.values.set(target, after);
    }
    return (*mapping)->mapsGroups() ? mapGroups(**mapping) : Step(true);
}

Attempt::Step Attempt::mapGroups(const core::SignOnMapping &mapping)
{
    QList<core::Problem> known; // evaluate() has told them
    const QStringList direct = mapping.groupNames(m_found->entry, m_found->active, known);
    QList<store::ExternalGroup> groups;
    for (const QString &name : direct)
        groups.append(store::externalGroup(name));
    const QByteArray source = mapping.groupSource();
    if (m_userType->newUserLookup->nestedGroups && source.isEmpty())
        stand(ProblemCode::InvalidValue, QStringLiteral("nested groups need a mapping of External Group Names from one attribute, "
                                                        "e.g. memberOf"), core::kExternalGroupNames);
    else if (m_userType->newUserLookup->nestedGroups) {
        const auto nested = nestedGroups(*m_directory->session, m_gateway.vendor, m_found->entry.dn, m_found->entry.values(source));
        if (!nested && nested.error().code == core::Code::LimitExceeded) {
            stand(ProblemCode::NotAllowed, nested.error().text(), core::kExternalGroupNames);
        } else if (!nested) {
            return refuse(QStringLiteral("nested groups cannot be read"), nested.error());
        } else {
            // Nested groups take the way of the direct ones, through the mapping.
            core::Entry all{m_found->entry.dn, {{source, m_found->entry.values(source) + nested->dns}}};
            for (const core::Attribute &attribute : m_found->entry.attributes) {
                if (attribute.name.compare(source, Qt::CaseInsensitive) != 0)
                    all.attributes.append(attribute);
            }
            QSet<QString> seen(direct.begin(), direct.end());
            for (const QString &name : mapping.groupNames(all, m_found->active, known)) {
                if (!seen.contains(name))
                    groups.append(store::externalGroup(name, false));
                seen.insert(name);
            }
            for (auto path = nested->paths.begin(); path != nested->paths.end(); ++path) {
                QStringList names;
                for (const QByteArray &dn : path.value())
                    names.append(store::externalGroup(QString::fromUtf8(dn)).displayName);
                m_report.groupPaths.insert(QString::fromUtf8(path.key()), names);
            }
        }
    }
    m_record.groups = groups;
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
