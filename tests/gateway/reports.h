// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reports of the staged connection test, at a glance.
#pragma once

#include "gateway/test.h"

namespace gatehouse::test {

inline const QList<gateway::Stage> kStages{gateway::Stage::Resolve, gateway::Stage::Connect, gateway::Stage::Secure,
                                           gateway::Stage::Bind,    gateway::Stage::RootDse, gateway::Stage::ReadBase,
                                           gateway::Stage::Page};

/// "passed passed warning …", for comparing a whole report.
inline QString verdicts(const gateway::TestReport &report)
{
    QStringList words;
    for (const gateway::StageResult &result : report.stages)
        words.append(gateway::verdictKey(result.verdict));
    return words.join(QLatin1Char(' '));
}

inline const gateway::StageResult &at(const gateway::TestReport &report, gateway::Stage stage)
{
    return report.stages.at(kStages.indexOf(stage));
}

} // namespace gatehouse::test
