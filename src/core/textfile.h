// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text in a file that people write: editors on other systems put a mark before it, which is no part of it. Pure
// functions, any thread.
#pragma once

#include <QByteArray>

namespace gatehouse::core {

/// @p file as UTF-8 without a byte order mark; UTF-16, as Windows' "Unicode" is, is turned into it. Octets without a mark
/// stay as they are.
QByteArray textOfFile(const QByteArray &file);
/// The one line of a file that holds a secret: without the mark, and without a line break at its end.
QByteArray secretOfFile(const QByteArray &file);

} // namespace gatehouse::core
