// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whom other rules of the gateway mean. Two rules may read from one place: each keeps its people for as long as its own
// filter and units find them. Somebody whom another rule finds now is that rule's, and is not disabled for having left
// this one. Everything blocks and belongs to the thread of the session.
#pragma once

#include "core/entry.h"
#include "ldap/session.h"
#include "provision/rulecontext.h"

#include <QHash>
#include <QSet>

#include <span>
#include <vector>

namespace gatehouse::provision {

/// Immutable ids of entries that the rule reads and that are linked to another rule, by the row of that one.
using Contended = QHash<qint64, std::vector<QByteArray>>;

/// What becomes of them.
struct ContendedAnswer {
    qint64 kept = 0;                      ///< the other rule means them still
    QSet<QByteArray> freed;               ///< it does not: they are this rule's
    std::vector<core::EntryBatch> pages;  ///< the entries of these
};
[[nodiscard]] core::Result<ContendedAnswer> settleContended(ldap::Session &session, const RuleContext &context, const Contended &contended);

/// Those of @p ids that @p scope finds now. A base that is not there has nobody below it.
[[nodiscard]] core::Result<QSet<QByteArray>> meantBy(ldap::Session &session, const RuleContext &context, const Scope &scope,
                                                     std::span<const QByteArray> ids);

} // namespace gatehouse::provision
