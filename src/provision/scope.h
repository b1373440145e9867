// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a rule looks for people and which entries it means. Pure, any thread.
#pragma once

#include "core/config/forward.h"
#include "core/result.h"
#include "ldap/dialect.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace gatehouse::provision {

struct Scope {
    QList<QByteArray> bases; ///< none of them below another
    QByteArray filter;       ///< RFC 4515
};

/// Syntax when the base DN, an OU or the filter does not parse.
[[nodiscard]] core::Result<Scope> scopeOf(const core::Rule &rule, const ldap::Dialect &dialect);

/// The places a rule reads: its OUs, else its base; what lies below another of them is read with that one.
QList<QByteArray> basesOf(const core::Rule &rule);

/// Whether @p dn lies in one of @p bases.
bool liesIn(QByteArrayView dn, const QList<QByteArray> &bases);

} // namespace gatehouse::provision
