// SPDX-License-Identifier: GPL-3.0-or-later
//
// Identifiers as the environment stores them. New ids are made in the order of time (RFC 9562 5.7, version 7): an
// index over them grows at its end, where random ids would touch a page of their own for every user of a first run.
#pragma once

#include <QUuid>

#include <array>

namespace gatehouse::store {

/// A new id, greater than every one this process has made before. Any thread.
QUuid timeOrderedId();

/// The 16 octets of @p id, big-endian (RFC 9562 4).
std::array<char, 16> octetsOf(const QUuid &id);

} // namespace gatehouse::store
