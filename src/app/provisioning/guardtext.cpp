// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/guardtext.h"

#include "app/text.h"

#include <QLocale>

#include <algorithm>

namespace gatehouse::app {

namespace {

const QString kCount = QStringLiteral("maxDeprovisions");
const QString kPercent = QStringLiteral("maxDeprovisionPercent");

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
    for (const core::GuardVerdict &verdict : verdicts) {
        if (verdict.tripped)
            return tr("Stopped by guard");
    }
    for (const core::GuardVerdict &verdict : verdicts) {
        if (verdict.name == kCount)
            return tr("Guards: %1 of %2 deprovisions allowed")
                .arg(Text::number(qint64(verdict.actual)), Text::number(qint64(verdict.limit)));
    }
    return tr("Guards: %1 of at most %2 deprovisioned")
        .arg(percent(verdicts.first().actual), percent(verdicts.first().limit));
}

QString GuardText::sentence(const core::GuardVerdict &verdict)
{
    if (verdict.name == kCount)
        return tr("%1 people would be disabled or deleted; at most %2 may be in one run.")
            .arg(Text::number(qint64(verdict.actual)), Text::number(qint64(verdict.limit)));
    if (verdict.name == kPercent)
        return tr("%1 of the people this rule has provisioned would be disabled or deleted; at most %2 may be in one "
                  "run.")
            .arg(percent(verdict.actual), percent(verdict.limit));
    return tr("%1: %2, the limit is %3").arg(verdict.name).arg(verdict.actual).arg(verdict.limit);
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
