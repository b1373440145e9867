// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run.h"

namespace gatehouse::provision {

QString phaseKey(Phase phase)
{
    switch (phase) {
    case Phase::Opening: return QStringLiteral("opening");
    case Phase::Reading: return QStringLiteral("reading");
    case Phase::Planning: return QStringLiteral("planning");
    case Phase::Applying: return QStringLiteral("applying");
    case Phase::Finishing: return QStringLiteral("finishing");
    }
    return {};
}

} // namespace gatehouse::provision
