// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's people, as a mapping is tried on them.
#include "app/provisioning/trialsubject.h"
#include "core/config/configuration.h"

#include "core/mapping.h"
#include "ldap/dialect.h"
#include "provision/ruleperson.h"
#include "provision/soundrows.h"

#include <QCoreApplication>

namespace gatehouse::app {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::RuleSubject)
};

class RuleSubject final : public TrialSubject {
public:
    RuleSubject(core::Gateway gateway, provision::Scope scope, core::Connection preferences)
        : TrialSubject(std::move(gateway), std::move(scope)), m_preferences(std::move(preferences))
    {
    }

    bool isSignOn() const override { return false; }
    core::SlotNames sources(const QList<core::AttributeMapping> &rows,
                            const std::shared_ptr<const core::AttributeCatalog> &catalog) const override
    {
        const auto mapping = core::Mapping::compile(sound(rows, catalog), catalog);
        return mapping ? mapping->sources() : core::SlotNames();
    }
    provision::PersonJudgement judgement(const TriedPerson &person, const QList<core::AttributeMapping> &rows) const override
    {
        return [gateway = gateway(), preferences = m_preferences, entry = person.entry, rows](store::Environment &environment) {
            return provision::rulePerson(environment, gateway, preferences, *entry, rows);
        };
    }
    provision::CompileMapping compile() const override { return provision::compileRuleMapping; }
    QList<core::AttributeMapping> sound(const QList<core::AttributeMapping> &rows,
                                        const std::shared_ptr<const core::AttributeCatalog> &catalog) const override
    {
        return provision::soundRows(rows, catalog).rows;
    }

private:
    core::Connection m_preferences;
};

} // namespace

TrialSubjectOr ruleSubject(const core::Configuration &configuration, const core::Rule &rule)
{
    const core::Connection *connection = configuration.connection(rule.connection);
    const core::Gateway *gateway = connection ? configuration.gateway(connection->gateway) : nullptr;
    if (!gateway || gateway->type != core::GatewayType::Ldap)
        return core::fail(core::Code::InvalidInput, QStringLiteral("no directory"),
                          Words::tr("The rule's connection has no LDAP gateway, so there is nobody to try the mapping on"));
    auto scope = provision::scopeOf(rule, ldap::Dialect(gateway->vendor));
    if (!scope)
        return core::fail(scope.error());
    return std::make_shared<const RuleSubject>(*gateway, *std::move(scope), *connection);
}

} // namespace gatehouse::app
