// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON that a person wrote: read strictly, with faults that say where (line and column) and what to write instead,
// and keys that stand twice found, because one of them would silently be lost. Pure functions, any thread.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QList>

namespace gatehouse::core {

/// The document; a byte order mark is skipped. Code::Syntax with "line L, column C: …" in the detail; the offset is in
/// characters (UTF-16 code units) from the start of the text.
[[nodiscard]] Result<QJsonDocument> readJson(const QByteArray &utf8);

/// Keys that stand twice in one object of a well-formed document, each with its JSON path in `where`.
QList<Error> repeatedKeys(const QByteArray &utf8);

} // namespace gatehouse::core
