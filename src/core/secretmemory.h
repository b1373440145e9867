// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a program does at its start, so that the secrets in its memory stay there.
#pragma once

#include <sys/prctl.h>
#include <sys/resource.h>

namespace gatehouse::core {

/// No core dump is written of this process, and no other process of the same user may look into its memory. First
/// thing in main().
inline void keepOutOfCoreDumps()
{
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) // their own checks look into it
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

} // namespace gatehouse::core
