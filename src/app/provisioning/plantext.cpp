// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/plantext.h"

#include "app/text.h"
#include "core/config/rule.h"

#include <QCoreApplication>
#include <QLocale>

namespace gatehouse::app {

namespace {

constexpr qint64 kManyPeople = 10;
constexpr qint64 kLargePercent = 20;

struct PlanText {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::PlanText)
};

} // namespace

qint64 peopleHere(const core::Counts &counts)
{
    return counts.update + counts.disable + counts.enable + counts.remove + counts.unchanged;
}

QString percentText(qint64 part, qint64 whole)
{
    if (whole <= 0)
        return PlanText::tr("%1 %").arg(QLocale().toString(0));
    // Never all while somebody is left, never none while somebody is meant.
    if (part > 0 && part * 100 < whole)
        return PlanText::tr("under 1 %");
    if (part < whole && part * 100 > whole * 99)
        return PlanText::tr("over 99 %");
    return PlanText::tr("%1 %").arg(QLocale().toString((part * 100 + whole / 2) / whole));
}

bool isLargeShare(const core::Counts &counts)
{
    const qint64 here = peopleHere(counts);
    const qint64 changed = here - counts.unchanged;
    return changed >= kManyPeople && changed * 100 >= here * kLargePercent;
}

QString whyNotInScope(const core::Rule &rule, const std::optional<core::Error> &error)
{
    QStringList lines;
    if (error) {
        lines << Text::headline(*error);
        if (!error->detail.isEmpty())
            lines << error->detail;
    } else {
        lines << PlanText::tr("No entry that the rule takes has this username, DN or id.");
    }
    const QStringList places = rule.scope.userOrganizationalUnits.isEmpty() ? QStringList{rule.scope.baseDn}
                                                                            : rule.scope.userOrganizationalUnits;
    lines << PlanText::tr("The rule takes entries below %1.").arg(places.join(QStringLiteral("; ")));
    if (!rule.scope.userFilter.isEmpty())
        lines << PlanText::tr("They must match %1.").arg(rule.scope.userFilter);
    return lines.join(u'\n');
}

} // namespace gatehouse::app
