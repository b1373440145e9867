// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of objects since a plan was made: whether a step that was refused is done already, can still be done
// (what changed is nothing that it is about), or is overtaken. Reads the environment in its thread.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"

#include <QString>
#include <QUuid>

#include <vector>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

struct Drift {
    enum class State {
        Ready,   ///< all that the step changes, and the link, are as they were
        Done,    ///< they are as the step makes them
        Drifted, ///< they are neither
    };
    State state = State::Drifted;
    qint64 revision = 0; ///< Ready: of the user now
    QString reason = {}; ///< Drifted: for people; empty: whoever refused the step knows it
};

/// One for each of @p steps, which go through @p gateway.
[[nodiscard]] core::Result<std::vector<Drift>> driftOf(store::Environment &environment, const QUuid &gateway,
                                                       const std::vector<core::Step> &steps);

} // namespace gatehouse::provision
