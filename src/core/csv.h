// SPDX-License-Identifier: GPL-3.0-or-later
//
// One field of a CSV file (RFC 4180), for people who open exports in a spreadsheet. Pure functions, any thread.
#pragma once

#include <QByteArray>
#include <QString>

namespace gatehouse::core {

/// UTF-8, quoted where it must be. A text that a spreadsheet would run as a formula, also one behind spaces, gets an
/// apostrophe in front, which keeps it a text.
QByteArray csvField(const QString &text);

} // namespace gatehouse::core
