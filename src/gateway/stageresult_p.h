// SPDX-License-Identifier: GPL-3.0-or-later
//
// How stages of the connection test say what they found. Pure functions, private to the room.
#pragma once

#include "gateway/test.h"

namespace gatehouse::gateway {

inline StageResult passed(const QString &text)
{
    return {.text = text};
}

inline StageResult warning(const QString &text, const QString &remedy)
{
    return {.verdict = Verdict::Warning, .text = text, .remedy = remedy};
}

inline StageResult skipped(const QString &text)
{
    return {.verdict = Verdict::Skipped, .text = text};
}

inline StageResult failed(const core::Error &error)
{
    StageResult result;
    result.verdict = Verdict::Failed;
    result.text = error.what;
    if (!error.detail.isEmpty())
        result.text += QStringLiteral(": ") + error.detail;
    result.error = error;
    return result;
}

/// The same with the place: a file or a variable of this machine, where the error is not of the server.
inline StageResult failedAt(const core::Error &error)
{
    StageResult result = failed(error);
    if (!error.where.isEmpty())
        result.text += QStringLiteral(" (%1)").arg(error.where);
    return result;
}

} // namespace gatehouse::gateway
