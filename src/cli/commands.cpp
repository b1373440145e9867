// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "cli/commands/configcommands.h"
#include "cli/commands/credentialcommands.h"
#include "cli/commands/directorycommands.h"
#include "cli/commands/exprcommand.h"
#include "cli/commands/gatewaycommands.h"
#include "cli/commands/historycommands.h"
#include "cli/commands/linkcommands.h"
#include "cli/commands/plancommands.h"
#include "cli/commands/runcommands.h"
#include "cli/commands/servecommand.h"
#include "cli/commands/signoncommand.h"
#include "cli/commands/unlockcommand.h"

#include <QCoreApplication>

namespace gatehouse::cli {

namespace {

constexpr int kManyArguments = 100'000;

template <typename T>
std::function<std::unique_ptr<Command>()> maker()
{
    return [] { return std::make_unique<T>(); };
}

QString tr(const char *text)
{
    return QCoreApplication::translate("Commands", text);
}

} // namespace

const std::vector<CommandEntry> &allCommands()
{
    static const std::vector<CommandEntry> entries = {
        {QStringLiteral("config apply"), QStringLiteral("FILE"), 1, 1, tr("Make the environment what the file says"), maker<ConfigApply>()},
        {QStringLiteral("config diff"), QStringLiteral("FILE"), 1, 1, tr("Show what config apply would change"), maker<ConfigDiff>()},
        {QStringLiteral("config export"), QString(), 0, 0, tr("Print the configuration as a file"), maker<ConfigExport>()},
        {QStringLiteral("config schema"), QString(), 0, 0, tr("Print the JSON Schema of a configuration file"), maker<ConfigSchema>()},
        {QStringLiteral("gateway list"), QString(), 0, 0, tr("List the gateways"), maker<GatewayList>()},
        {QStringLiteral("gateway show"), QStringLiteral("NAME"), 1, 1, tr("Show a gateway"), maker<GatewayShow>()},
        {QStringLiteral("gateway test"), QStringLiteral("NAME"), 1, 1, tr("Test a gateway, stage by stage"), maker<GatewayTest>()},
        {QStringLiteral("gateway credential create"), QStringLiteral("NAME"), 1, 1, tr("Make a credential for gateway clients, shown once"), maker<CredentialCreate>()},
        {QStringLiteral("gateway credential list"), QStringLiteral("[NAME]"), 0, 1, tr("List the credentials of gateway clients"), maker<CredentialList>()},
        {QStringLiteral("gateway credential revoke"), QStringLiteral("ID"), 1, 1, tr("Revoke a credential and cut off its clients"), maker<CredentialRevoke>()},
        {QStringLiteral("gateway endpoint"), QString(), 0, 0, tr("Show or set where gateway clients dial in"), maker<GatewayEndpoint>()},
        {QStringLiteral("plan"), QStringLiteral("RULE"), 1, 1, tr("Show what a run would change"), maker<PlanCommand>()},
        {QStringLiteral("plan show"), QStringLiteral("FILE"), 1, 1, tr("Show a plan that was made earlier, by file or id"), maker<PlanShow>()},
        {QStringLiteral("plan diff"), QStringLiteral("FILE FILE"), 2, 2, tr("Show in what two plans differ, object by object"), maker<PlanDiff>()},
        {QStringLiteral("apply"), QStringLiteral("[RULE]"), 0, kManyArguments, tr("Run a rule, or apply a plan (--plan FILE)"), maker<ApplyCommand>()},
        {QStringLiteral("run list"), QStringLiteral("[RULE]"), 0, 1, tr("List past runs"), maker<RunList>()},
        {QStringLiteral("run show"), QStringLiteral("ID"), 1, 1, tr("Show a run and its per-object results"), maker<RunShow>()},
        {QStringLiteral("signon"), QStringLiteral("GATEWAY [USERNAME]"), 1, 2, tr("Sign somebody on, or simulate it"), maker<SignOnCommand>()},
        {QStringLiteral("user list"), QString(), 0, 0, tr("List users"), maker<UserList>()},
        {QStringLiteral("user show"), QStringLiteral("KEY"), 1, 1, tr("Show a user, by username or id"), maker<UserShow>()},
        {QStringLiteral("user link"), QStringLiteral("KEY GATEWAY DN"), 3, 3, tr("Tie a user to another entry, for example an account made anew"), maker<UserLink>()},
        {QStringLiteral("user unlink"), QStringLiteral("KEY GATEWAY"), 2, 2, tr("Forget which entry of a gateway a user is"), maker<UserUnlink>()},
        {QStringLiteral("user unlock"), QStringLiteral("[KEY]"), 0, 1, tr("Lift a lock after wrong passwords"), maker<UserUnlock>()},
        {QStringLiteral("user export"), QString(), 0, 0, tr("Write all users as CSV or JSON lines"), maker<UserExport>()},
        {QStringLiteral("group list"), QString(), 0, 0, tr("List groups"), maker<GroupList>()},
        {QStringLiteral("group show"), QStringLiteral("NAME"), 1, 1, tr("Show a group with its members"), maker<GroupShow>()},
        {QStringLiteral("expr"), QStringLiteral("[EXPRESSION]"), 0, 1, tr("Evaluate or check an expression"), maker<ExprCommand>()},
        {QStringLiteral("population list"), QString(), 0, 0, tr("List populations"), maker<PopulationList>()},
        {QStringLiteral("serve"), QString(), 0, 0, tr("Run enabled rules on their schedule, and the endpoint for gateway clients"), maker<ServeCommand>()},
    };
    return entries;
}

} // namespace gatehouse::cli
