// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text without what caseless comparison does not see. Pure function, any thread.
#pragma once

#include <QString>

namespace gatehouse::core {

/// NFKC_Casefold (Unicode 3.13, R5): compatibility forms are replaced, case is folded in full ("ß" -> "ss"),
/// characters that nobody sees (soft hyphen, joiners, variation selectors) go; the result is in NFC. What RFC 4518
/// 2.2 and 2.3 ask of caseIgnoreMatch. Folding twice changes nothing.
QString caseFolded(const QString &text);

} // namespace gatehouse::core
