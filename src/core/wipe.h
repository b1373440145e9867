// SPDX-License-Identifier: GPL-3.0-or-later
//
// For octets and texts on their way into or out of a core::Secret, where a library has no other type: overwritten as soon as
// they have been used. Pure, any thread.
#pragma once

#include <QByteArray>
#include <QString>

#include <string.h>

namespace gatehouse::core {

/// Empties @p octets. What others share with it is theirs to wipe.
inline void wipe(QByteArray &octets)
{
    if (octets.isDetached() && !octets.isEmpty())
        explicit_bzero(octets.data(), size_t(octets.size()));
    octets.clear();
}

inline void wipe(QString &text)
{
    if (text.isDetached() && !text.isEmpty())
        explicit_bzero(text.data(), size_t(text.size()) * sizeof(QChar));
    text.clear();
}

} // namespace gatehouse::core
