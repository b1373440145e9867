// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exit codes of gatehousectl: what kind of end a command came to, for scripts.
#pragma once

#include "core/error.h"

namespace gatehouse::cli {

enum class Exit {
    Done = 0,
    Internal = 1,
    Usage = 2,       ///< or configuration, not found, or a file of this machine: environment, plan, output
    Directory = 3,   ///< cannot reach, secure or bind to a directory, or it broke off
    SomeFailed = 4,  ///< done, but some objects failed
    Guard = 5,       ///< stopped by a guard, waiting for approval
    Locked = 6,      ///< another run holds the rule
    Changes = 10,    ///< there are changes (plan --exit-code, config diff)
};

/// The exit code that tells a script what kind of failure this was.
Exit exitFor(const core::Error &error);

} // namespace gatehouse::cli
