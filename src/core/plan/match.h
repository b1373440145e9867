// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whose entry is this: the user whom a link ties it to; else, for a rule, the user who has the username that the entry maps
// to and no other entry of this gateway. One answer for runs, previews, single people and sign-ons. Pure, any thread.
#pragma once

#include <optional>

namespace gatehouse::core {

/// By what an entry finds its user. A sign-on takes nobody over by a name, which anybody could give to an entry.
enum class MatchBy { LinkOrName, LinkAlone };

/// The user who has the username that the entry maps to.
struct Namesake {
    bool isLinkedUser = false;    ///< the very user whom the link ties the entry to
    bool hasAnotherEntry = false; ///< is linked to another entry of the gateway
};

enum class Match {
    Nobody, ///< the entry is nobody's yet
    Linked,
    Named,  ///< the namesake's, to whom it will be linked
};
struct Matched {
    Match match = Match::Nobody;
    bool isNameTaken = false; ///< somebody else has the username
    bool operator==(const Matched &) const = default;
};

/// @p isLinked: a link ties the entry to a user who is there. @p namesake: nothing where nobody has the username, or where the
/// entry maps to none.
Matched match(MatchBy by, bool isLinked, const std::optional<Namesake> &namesake);

} // namespace gatehouse::core
