// SPDX-License-Identifier: GPL-3.0-or-later
//
// The groups that somebody is in through other groups. Active Directory tells them in one search (the in-chain rule,
// MS-ADTS 3.1.1.3.4.4.3); elsewhere they are walked, group by group, each once, so that a circle ends. Uses a session that
// the caller owns; writes nothing.
#pragma once

#include "core/config/forward.h"
#include "core/result.h"
#include "ldap/session.h"

#include <QByteArray>
#include <QHash>
#include <QList>

namespace gatehouse::signon {

struct NestedGroups {
    QList<QByteArray> dns; ///< without the direct ones
    /// DN of a nested group -> the DNs from a direct group to it, both included; shortest way. Missing where the directory
    /// does not show one.
    QHash<QByteArray, QList<QByteArray>> paths;
    bool isWhole = true; ///< false: part of the directory was not read, and somebody may be in more groups than these
};

/// @p direct: DNs of the groups that @p person is in by itself. LimitExceeded from kMaxGroupsOfUser groups on.
[[nodiscard]] core::Result<NestedGroups> nestedGroups(ldap::Session &session, core::Vendor vendor, const QByteArray &person,
                                                      const QList<QByteArray> &direct);

} // namespace gatehouse::signon
