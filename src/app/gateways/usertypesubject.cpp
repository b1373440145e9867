// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/usertypesubject.h"

#include "app/gateways/usertypeperson.h"
#include "app/gateways/usertyperows.h"
#include "core/config/configuration.h"
#include "core/dn.h"
#include "core/filter.h"
#include "ldap/session.h"
#include "provision/soundrows.h"
#include "signon/lookup.h"
#include "signon/nestedgroups.h"
#include "signon/prospect.h"
#include "store/environment.h"

#include <QCoreApplication>

namespace gatehouse::app {

namespace {

constexpr QByteArrayView kIdentifier("${identifier}");

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::UserTypeSubject)
};

/// A user type's mapping over many people; groups stand behind the environment's own attributes.
class SignOnTried final : public provision::TriedMapping {
public:
    SignOnTried(core::SignOnMapping mapping, const QList<core::AttributeMapping> &rows, const core::AttributeCatalog &own,
                QString gateway, core::MappingWhen when)
        : m_mapping(std::move(mapping)), m_gateway(std::move(gateway)), m_catalog(withGroups(own)),
          m_groups(m_catalog.find(core::kExternalGroupNames))
    {
        for (const core::AttributeMapping &row : rows)
            m_targets.push_back({m_catalog.find(row.target), when});
    }

    const core::SlotNames &sources() const override { return m_mapping.sources(); }
    const core::AttributeCatalog &catalog() const override { return m_catalog; }
    const std::vector<core::Mapping::Target> &targets() const override { return m_targets; }
    core::MappedEntry evaluate(const core::EntryView &entry, bool active, qint64) const override
    {
        core::MappedSignOn mapped = m_mapping.evaluate(entry.toEntry(), active);
        mapped.groupNames.sort();
        if (!mapped.groupNames.isEmpty())
            mapped.values.set(m_groups, mapped.groupNames);
        return {std::move(mapped.values), std::move(mapped.problems)};
    }
    core::Result<void> complete(store::Environment &environment, core::User &user) const override
    {
        if (!m_mapping.mapsGroups())
            return {};
        const auto names = environment.signOns().groupNames(user.row, m_gateway);
        if (!names)
            return core::fail(names.error());
        if (!names->isEmpty())
            user.values.set(m_groups, *names);
        return {};
    }
    link::Need need() const override { return link::Need::Lookup; }
    core::MatchBy matchBy() const override { return core::MatchBy::LinkAlone; }

private:
    static core::AttributeCatalog withGroups(const core::AttributeCatalog &own)
    {
        QList<core::AttributeDefinition> custom;
        for (int number = own.builtInCount(); number < own.size(); ++number)
            custom.append(own.at(number));
        return core::AttributeCatalog(custom << core::externalGroupNames());
    }

    core::SignOnMapping m_mapping;
    QString m_gateway;
    core::AttributeCatalog m_catalog;
    int m_groups;
    std::vector<core::Mapping::Target> m_targets;
};

class UserTypeSubject final : public TrialSubject {
public:
    UserTypeSubject(EditedUserType edited, provision::Scope scope, bool countable)
        : TrialSubject(edited.gateway, std::move(scope)), m_edited(std::move(edited)), m_countable(countable)
    {
    }

    bool isSignOn() const override { return true; }
    QString uncountable() const override
    {
        return m_countable ? QString()
                           : Words::tr("Nobody can be counted: ${identifier} stands below a “not”, or in a match without an "
                                       "attribute, so no filter finds everybody whom some user name would find. Somebody can "
                                       "still be tried by their user name.");
    }
    QString search() const override { return m_edited.userType.searchBaseDn + u'\n' + m_edited.userType.newUserLookup->ldapFilterPattern; }
    QString settings() const override
    {
        const core::UserType &one = m_edited.userType;
        return QStringList{one.orderedCorrelationAttributes.join(u','), QString::number(m_edited.population),
                           one.newUserLookup->nestedGroups ? QStringLiteral("nested") : QString(),
                           updates() ? QStringLiteral("updates") : QString()}
            .join(u'\n');
    }

    Work byIdentifier(const QString &typed) const override
    {
        return [edited = m_edited, typed](ldap::Session &session) -> core::Result<std::any> {
            signon::Considered considered;
            signon::Lookup lookup(session, edited.gateway, edited.userType, nullptr);
            const auto found = lookup.byIdentifier(typed, considered);
            if (!found)
                return core::fail(found.error());
            IdentifierAnswer answer{{}, considered.filters.value(0), considered.found, considered.why};
            if (*found) {
                const auto all = session.read((*found)->entry.dn, core::SlotNames{"*", "+"}
                                                                      + signon::lookupAttributes(edited.gateway, edited.userType, nullptr));
                if (!all)
                    return core::fail(all.error());
                answer.entry = std::make_shared<const core::Entry>(*all);
            }
            return std::any(answer);
        };
    }
    QString identifierOf(const core::Entry &entry) const override
    {
        const auto pattern = core::Filter::parse(m_edited.userType.newUserLookup->ldapFilterPattern);
        return pattern ? typedIn(*pattern, entry) : QString();
    }

    core::SlotNames sources(const QList<core::AttributeMapping> &rows,
                            const std::shared_ptr<const core::AttributeCatalog> &catalog) const override
    {
        const auto mapping = compileUserTypeRows(sound(rows, catalog), catalog);
        return mapping ? mapping->sources() : core::SlotNames();
    }
    Evidence evidence(const core::Entry &entry, const QList<core::AttributeMapping> &rows) const override
    {
        if (!m_edited.userType.newUserLookup->nestedGroups)
            return {};
        for (const core::UserTypeMapping &row : userTypeMappings(rows)) {
            const auto value = row.name == core::kExternalGroupNames ? core::LdapValue::parse(row.value)
                                                                     : tl::unexpected(QList<core::Error>());
            if (!value || value->sources().size() != 1)
                continue;
            const QByteArray source = value->sources().constFirst();
            return {entry.dn + '\0' + source.toLower(),
                    [vendor = gateway().vendor, dn = entry.dn, direct = entry.values(source)](ldap::Session &session) -> core::Result<std::any> {
                        auto nested = signon::nestedGroups(session, vendor, dn, direct);
                        if (!nested)
                            return core::fail(nested.error());
                        return std::any(*std::move(nested));
                    }};
        }
        return {};
    }
    provision::PersonJudgement judgement(const TriedPerson &person, const QList<core::AttributeMapping> &rows) const override
    {
        return [edited = m_edited, person, rows](store::Environment &environment) {
            return userTypePerson(environment, edited, person, rows);
        };
    }
    provision::CompileMapping compile() const override
    {
        const core::MappingWhen when = updates() ? core::MappingWhen::Always : core::MappingWhen::OnCreate;
        return [name = gateway().name, when](const QList<core::AttributeMapping> &rows,
                                             const std::shared_ptr<const core::AttributeCatalog> &catalog)
                   -> tl::expected<std::shared_ptr<const provision::TriedMapping>, QList<core::Error>> {
            auto mapping = compileUserTypeRows(rows, catalog);
            if (!mapping)
                return tl::unexpected(mapping.error());
            return std::make_shared<const SignOnTried>(*std::move(mapping), rows, *catalog, name, when);
        };
    }
    QList<core::AttributeMapping> sound(const QList<core::AttributeMapping> &rows,
                                        const std::shared_ptr<const core::AttributeCatalog> &catalog) const override
    {
        const auto all = compileUserTypeRows(rows, catalog);
        return provision::soundRows(rows, all ? QList<core::Error>() : all.error()).rows;
    }

private:
    bool updates() const { return signon::intentOf(m_edited.userType, true, true).updates; }
    /// What @p filter would find the entry by.
    static QString typedIn(const core::Filter &filter, const core::Entry &entry)
    {
        if (filter.kind() == core::Filter::Kind::Equality && filter.value() == kIdentifier) {
            const QList<QByteArray> values = entry.values(filter.attribute());
            return values.isEmpty() || !values.constFirst().isValidUtf8() ? QString() : QString::fromUtf8(values.constFirst());
        }
        for (const core::Filter &child : filter.children()) {
            if (const QString typed = typedIn(child, entry); !typed.isEmpty())
                return typed;
        }
        return {};
    }

    EditedUserType m_edited;
    bool m_countable;
};

} // namespace

core::Result<std::optional<provision::Scope>> migratableScope(const core::UserType &userType)
{
    const auto base = core::Dn::parse(userType.searchBaseDn.trimmed());
    if (!base)
        return core::fail(base.error());
    const auto pattern = core::Filter::parse(userType.newUserLookup ? userType.newUserLookup->ldapFilterPattern : QString());
    if (!pattern)
        return core::fail(pattern.error());
    const auto everybody = pattern->withAny(kIdentifier);
    if (!everybody)
        return std::nullopt;
    return provision::Scope{{base->toUtf8()}, everybody->toUtf8()};
}

TrialSubjectOr userTypeSubject(const core::Configuration &configuration, const core::Gateway &gateway, const core::UserType &userType)
{
    const auto unready = [](const QString &why) { return core::fail(core::Code::InvalidInput, QStringLiteral("not yet"), why); };
    if (!userType.newUserLookup)
        return unready(Words::tr("The user type migrates nobody, so nothing is mapped"));
    const core::NewUserLookup &lookup = *userType.newUserLookup;
    if (userType.searchBaseDn.trimmed().isEmpty() || lookup.ldapFilterPattern.trimmed().isEmpty())
        return unready(Words::tr("Fill in base DN and LDAP filter first: they say who can be tried"));
    const auto scope = migratableScope(userType);
    const auto pattern = core::Filter::parse(lookup.ldapFilterPattern);
    if (!scope || !pattern || !pattern->holds(kIdentifier))
        return unready(Words::tr("Base DN or LDAP filter are not whole yet: they say who can be tried"));
    const core::Population *population = configuration.population(lookup.population);
    EditedUserType edited{gateway, userType, population ? population->row : 0};
    for (const core::UserType &stored : gateway.userTypes) {
        if (stored.id == userType.id && !stored.id.isNull())
            edited.storedName = stored.name;
    }
    edited.userType.searchBaseDn = userType.searchBaseDn.trimmed();
    provision::Scope where = scope->value_or(provision::Scope());
    return std::make_shared<const UserTypeSubject>(std::move(edited), std::move(where), scope->has_value());
}

} // namespace gatehouse::app
