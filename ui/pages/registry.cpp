// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/registry.h"

#include "ui/pages/audit/auditpage.h"
#include "ui/pages/expressions/expressionspage.h"
#include "ui/pages/gateways/gatewayspage.h"
#include "ui/pages/groups/groupspage.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/pages/populationspage.h"
#include "ui/pages/provisioning/provisioningpage.h"
#include "ui/pages/runs/runspage.h"
#include "ui/pages/users/userspage.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

template <typename T>
Page *make(const PageContext &context, QWidget *parent)
{
    return new T(context, parent);
}

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::pages", text);
}

} // namespace

std::vector<PageEntry> allPages()
{
    const QString directory = words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Directory"));
    const QString integrations = words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Integrations"));
    const QString tools = words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Tools"));
    const QString activity = words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Activity"));
    return {
        {QStringLiteral("overview"), {}, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Overview")),
         QStringLiteral("overview"), make<OverviewPage>},
        {QStringLiteral("users"), directory, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Users")),
         QStringLiteral("users"), make<UsersPage>},
        {QStringLiteral("groups"), directory, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Groups")),
         QStringLiteral("groups"), make<GroupsPage>},
        {QStringLiteral("populations"), directory, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Populations")),
         QStringLiteral("populations"), make<PopulationsPage>},
        {QStringLiteral("gateways"), integrations, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Gateways")),
         QStringLiteral("gateway"), make<GatewaysPage>},
        {QStringLiteral("provisioning"), integrations, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Provisioning")),
         QStringLiteral("provisioning"), make<ProvisioningPage>},
        {QStringLiteral("expressions"), tools, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Expression Builder")),
         QStringLiteral("expression"), make<ExpressionsPage>},
        {QStringLiteral("runs"), activity, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Runs")),
         QStringLiteral("runs"), make<RunsPage>},
        {QStringLiteral("audit"), activity, words(QT_TRANSLATE_NOOP("gatehouse::ui::pages", "Audit")),
         QStringLiteral("audit"), make<AuditPage>},
    };
}

} // namespace gatehouse::ui
