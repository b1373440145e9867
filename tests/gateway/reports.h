// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reports of the staged connection test, at a glance.
#pragma once

#include "gateway/test.h"

namespace gatehouse::test {

/// Of a gateway without Kerberos, whose stage comes after these.
inline const QList<gateway::Stage> kStages = gateway::stagesOf(core::Gateway());

/// "passed passed warning …" of the stages up to reading people, for comparing them at once.
inline QString verdicts(const gateway::TestReport &report)
{
    QStringList words;
    for (const gateway::StageResult &result : report.stages) {
        if (kStages.indexOf(result.stage) <= kStages.indexOf(gateway::Stage::Page))
            words.append(gateway::verdictKey(result.verdict));
    }
    return words.join(QLatin1Char(' '));
}

inline const gateway::StageResult &at(const gateway::TestReport &report, gateway::Stage stage)
{
    return report.stages.at(gateway::allStages().indexOf(stage));
}

} // namespace gatehouse::test
