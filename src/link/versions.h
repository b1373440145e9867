// SPDX-License-Identifier: GPL-3.0-or-later
//
// What depends on the version that a gateway client says it has. Older clients are shown, and refused for what they
// cannot do. Pure functions.
#pragma once

#include <QString>

namespace gatehouse::link {

/// What a stream is wanted for, each with the oldest client that can do it; later ones need more.
enum class Need {
    Lookup,              ///< any client
    InboundProvisioning, ///< 2.3.3
    GroupMemberships,    ///< 4.0
};

enum class UpdateStatus { AtLatest, UpgradeAvailable, UpgradeRecommended, UpgradeRequired };

/// The oldest version that meets the need, e.g. "2.3.3"; empty: any.
QString oldestVersionFor(Need need);
/// A version that cannot be read meets nothing but Lookup.
bool meets(const QString &version, Need need);
/// In words, for errors: "inbound provisioning".
QString needText(Need need);
UpdateStatus updateStatusOf(const QString &version);
/// As the PingOne API writes it, e.g. "UPGRADE_REQUIRED".
QString updateStatusName(UpdateStatus status);

} // namespace gatehouse::link
