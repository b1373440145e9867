// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/match.h"

namespace gatehouse::core {

Matched match(MatchBy by, bool isLinked, const std::optional<Namesake> &namesake)
{
    if (isLinked)
        return {Match::Linked, namesake && !namesake->isLinkedUser};
    if (!namesake)
        return {Match::Nobody, false};
    if (by == MatchBy::LinkAlone || namesake->hasAnotherEntry)
        return {Match::Nobody, true};
    return {Match::Named, false};
}

} // namespace gatehouse::core
