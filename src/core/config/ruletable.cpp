// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/limits.h"
#include "core/config/rule.h"
#include "core/config/tables.h"
#include "core/plan/guards.h"

namespace gatehouse::core {

namespace {

const Table<RuleScope> &scopeTable()
{
    static const Table<RuleScope> table("Who is meant.", [](Table<RuleScope> &keys) {
        const QJsonObject unit{{QStringLiteral("$ref"), QStringLiteral("#/$defs/dn")}};
        keys.text("baseDn", &RuleScope::baseDn, "Where the rule reads.").require().is(QStringLiteral("dn"));
        keys.texts("userOrganizationalUnits", &RuleScope::userOrganizationalUnits,
                   "Units at or below the base DN that hold users; all of it where there are none.")
            .holds(unit);
        keys.text(
            "userFilter", &RuleScope::userFilter,
            "Which entries are users (RFC 4515), as it is: nothing is added to it. Where it is left out, the vendor's "
            "filter for people is used, in Active Directory (&(objectCategory=person)(objectClass=user)).");
        keys.texts("groupOrganizationalUnits", &RuleScope::groupOrganizationalUnits,
                   "Units at or below the base DN that hold groups.")
            .holds(unit);
    });
    return table;
}

const Table<AttributeMapping> &attributeMappingTable()
{
    static const Table<AttributeMapping> table(
        "One attribute: source or expression, not both.", [](Table<AttributeMapping> &keys) {
            const auto has = [](const QString &key) {
                return QJsonObject{{QStringLiteral("required"), QJsonArray{key}}};
            };
            keys.definition = QStringLiteral("attributeMapping");
            keys.identity = QStringLiteral("target");
            keys.conditions = {{QStringLiteral("oneOf"),
                                QJsonArray{has(QStringLiteral("source")), has(QStringLiteral("expression"))}}};
            keys.text("target", &AttributeMapping::target, "The user's attribute, e.g. name.given.")
                .require()
                .says(QStringLiteral("minLength"), 1);
            keys.text("source", &AttributeMapping::source, "The directory's attribute; \"active\" is computed.")
                .is(QStringLiteral("ldapAttribute"));
            keys.text("expression", &AttributeMapping::expression,
                      "An expression in the PingOne Expression Language; attributes stand in it by their names.")
                .says(QStringLiteral("minLength"), 1);
            keys.choice("when", &AttributeMapping::when, mappingWhenWords(),
                        "always; onCreate: only for new users; whenEmpty: only while the user has no value.");
        });
    return table;
}

const Table<RuleMappings> &mappingsTable()
{
    static const Table<RuleMappings> table("What becomes of each kind of object.", [](Table<RuleMappings> &keys) {
        keys.list("attributeMappings", &RuleMappings::users, attributeMappingTable(),
                  "Where the user's attributes come from; required attributes must be among them.")
            .need();
    });
    return table;
}

const Table<Onboarding> &onboardingTable()
{
    static const Table<Onboarding> table("What becomes of new users.", [](Table<Onboarding> &keys) {
        keys.text("population", &Onboarding::population, "Their population; the default one where it is left out.");
        keys.flag("authenticateViaLdap", &Onboarding::authenticateViaLdap,
                  "Their password is checked by the gateway's directory.");
        keys.text("gatewayUserType", &Onboarding::gatewayUserType,
                  "The user type by which it is checked; needed with authenticateViaLdap.");
        keys.choice("mfaDeviceManagement", &Onboarding::mfaDeviceManagement, mfaDeviceManagementWords(),
                    "What happens to MFA devices.");
    });
    return table;
}

const Table<Guards> &guardsTable()
{
    static const Table<Guards> table(
        "Limits that stop a run before its first change; -1 is no limit, 0 allows none. One object is within every "
        "percentage but 0.",
        [](Table<Guards> &keys) {
            for (const GuardKey &guard : guardKeys())
                keys.number(guard.name.data(), guard.value, guard.about, guard.lowest, guard.highest);
            keys.flag(
                kUnitLoss.data(), &Guards::unitLoss,
                "Everybody below one organizational unit vanishing stops the run, unless the directory confirms that "
                "they were deleted.");
        });
    return table;
}

const Table<RuleSchedule> &scheduleTable()
{
    static const Table<RuleSchedule> table("When the rule runs.", [](Table<RuleSchedule> &keys) {
        keys.number("everySeconds", &RuleSchedule::everySeconds, "Seconds between runs.", kShortestSchedule,
                    kLongestSchedule);
    });
    return table;
}

} // namespace

const Table<Rule> &ruleTable()
{
    static const Table<Rule> table("Who is provisioned through a connection, and how.", [](Table<Rule> &keys) {
        keys.definition = QStringLiteral("rule");
        keys.thingName();
        keys.thingDescription();
        keys.choice("direction", &Rule::direction, directionWords(),
                    "inbound: from the directory; outbound is not available in this version.")
            .require();
        keys.text("connection", &Rule::connection, "The connection.").require().is(QStringLiteral("name"));
        keys.flag("enabled", &Rule::enabled, "Runs on its schedule.");
        keys.part(&Rule::scope, scopeTable());
        keys.part(&Rule::mappings, mappingsTable());
        keys.object("onboarding", &Rule::onboarding, onboardingTable());
        keys.object("guards", &Rule::guards, guardsTable());
        keys.object("schedule", &Rule::schedule, scheduleTable());
    });
    return table;
}

} // namespace gatehouse::core
