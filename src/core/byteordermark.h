// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mark that some editors put before UTF-8 (U+FEFF). No reader here takes it for a part of the text. Pure function,
// any thread.
#pragma once

#include <QByteArrayView>

namespace gatehouse::core {

/// The same octets without a UTF-8 byte order mark at their beginning.
inline QByteArrayView withoutByteOrderMark(QByteArrayView utf8)
{
    constexpr QByteArrayView mark("\xef\xbb\xbf");
    return utf8.startsWith(mark) ? utf8.sliced(mark.size()) : utf8;
}

} // namespace gatehouse::core
