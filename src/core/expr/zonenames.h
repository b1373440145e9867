// SPDX-License-Identifier: GPL-3.0-or-later
//
// Abbreviations of time zones that are in common use in English. CLDR's English locale has only the American ones, so
// ICU alone would write "GMT+1" where Java writes "CET". Constant table, any thread.
#pragma once

#include "core/expr/zone.h"

namespace gatehouse::core::expr {

/// The abbreviation of a CLDR metazone ("Europe_Central"); empty when there is none. @p zone decides between those
/// that share a metazone.
QString shortZoneName(const QString &metaZone, const QString &zone, bool summer);
/// Every abbreviation with the zone it stands for when it is read.
std::vector<ZoneName> shortZoneNames();

} // namespace gatehouse::core::expr
