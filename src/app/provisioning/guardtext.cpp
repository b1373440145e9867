// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/guardtext.h"

#include "app/text.h"
#include "core/plan/guards.h"

#include <QLocale>

#include <algorithm>

namespace gatehouse::app {

namespace {

QString percent(double value)
{
    return QLocale().toString(value, 'f', value < 10 && value != double(int(value)) ? 1 : 0) + QStringLiteral(" %");
}

} // namespace

bool GuardText::anyTripped(const QList<core::GuardVerdict> &verdicts)
{
    return std::any_of(verdicts.begin(), verdicts.end(), [](const core::GuardVerdict &verdict) { return verdict.tripped; });
}

QString GuardText::summary(const QList<core::GuardVerdict> &verdicts)
{
    if (verdicts.isEmpty())
        return tr("No guards");
    if (anyTripped(verdicts))
        return tr("Stopped by guard");
    for (const core::GuardVerdict &verdict : verdicts) {
        if (verdict.name == QLatin1String("maxDeprovisions"))
            return tr("Guards: %1 of %2 deprovisions allowed")
                .arg(Text::number(qint64(verdict.actual)), Text::number(qint64(verdict.limit)));
        if (verdict.name == QLatin1String("maxDeprovisionPercent"))
            return tr("Guards: %1 of at most %2 deprovisioned").arg(percent(verdict.actual), percent(verdict.limit));
    }
    return tr("Within the guards");
}

QString GuardText::sentence(const core::GuardVerdict &verdict)
{
    const QString actual = Text::number(qint64(verdict.actual)), limit = Text::number(qint64(verdict.limit));
    const QString share = percent(verdict.actual), most = percent(verdict.limit);
    const QString &name = verdict.name;
    if (name == QLatin1String("maxDeprovisions"))
        return tr("%1 people would be disabled or deleted; at most %2 may be in one run.").arg(actual, limit);
    if (name == QLatin1String("maxDeprovisionPercent"))
        return tr("%1 of the people this rule has provisioned would be disabled or deleted; at most %2 may be in one run.")
            .arg(share, most);
    if (name == QLatin1String("maxBlanked"))
        return verdict.subject.isEmpty() ? tr("Nobody would lose a value.")
                                         : tr("%1 people would lose their value of “%2”; at most %3 may in one run.")
                                               .arg(actual, verdict.subject, limit);
    if (name == QLatin1String("maxBlankedPercent"))
        return verdict.subject.isEmpty() ? tr("Nobody would lose a value.")
                                         : tr("%1 of those who have “%2” would lose it; at most %3 may in one run.")
                                               .arg(share, verdict.subject, most);
    if (name == QLatin1String("maxUpdates"))
        return tr("%1 people would be updated; at most %2 may be in one run.").arg(actual, limit);
    if (name == QLatin1String("maxUpdatePercent"))
        return tr("%1 of the people this rule has provisioned would be updated; at most %2 may be in one run.").arg(share, most);
    if (name == QLatin1String("maxRenames"))
        return tr("%1 people would get another username; at most %2 may in one run.").arg(actual, limit);
    if (name == QLatin1String("maxRenamePercent"))
        return tr("%1 of the people this rule has provisioned would get another username; at most %2 may in one run.")
            .arg(share, most);
    if (name == QLatin1String("minReadPercent"))
        return tr("The directory delivered %1 of what the last good run read; it must be %2 at least.").arg(share, most);
    if (name == core::kEmptyRead)
        return tr("The directory delivered nobody, where there were people before. Such a read is never applied.");
    if (name == core::kUnitLoss)
        return verdict.subject.isEmpty() ? tr("No organizational unit has lost everybody.")
                                         : tr("Everybody below “%1” has vanished, and the directory does not confirm that they "
                                              "were deleted.").arg(verdict.subject);
    return tr("%1: %2, the limit is %3").arg(name).arg(verdict.actual).arg(verdict.limit);
}

QString GuardText::whyStopped(const QList<core::GuardVerdict> &verdicts)
{
    QStringList lines;
    for (const core::GuardVerdict &verdict : verdicts) {
        if (verdict.tripped)
            lines << sentence(verdict);
    }
    if (lines.isEmpty())
        return {};
    return tr("A guard stops this plan. %1 Look at who would be affected; if it is meant, raise the rule's guards on its "
              "Sync tab and preview again.")
        .arg(lines.join(u' '));
}

} // namespace gatehouse::app
