// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts that came from outside (a directory, a server, a file, a gateway client), made fit to be shown: control
// characters, escape sequences, line breaks, marks that turn the direction of writing and all else that is not seen
// but acts stands there by its number, "<U+001B>". Everything that a program prints, logs or shows as one line goes
// through here. Pure functions, any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

namespace gatehouse::core {

/// True for characters that act without being seen, or end a line: controls (C0, DEL, C1), format characters
/// (direction, zero width, byte order mark, tags), line and paragraph separators, Hangul fillers, halves of pairs,
/// noncharacters.
bool isHiddenCharacter(char32_t code);

/// @p text as one line: what is hidden is written as "<U+202E>". A joiner stays where the script or an emoji needs it.
/// Nothing is copied when there is nothing to write.
QString visible(const QString &text);

/// As visible(), for the value at fault in a message: spaces that look like others or like nothing (at the ends, two in
/// a row, no-break, ideographic ...) are shown, too.
QString pointedOut(const QString &text);

/// UTF-8 for a terminal: as visible(), but line feeds and tabs stay; octets that are no UTF-8 become "<9B>".
QByteArray visibleLines(const QByteArray &utf8);

/// The same JSON document with what is hidden in its texts as \uXXXX: another program reads the same, a terminal sees
/// nothing that acts.
QByteArray visibleJson(const QByteArray &json);

/// At most @p most characters, with an ellipsis for what was cut; for values and names inside of messages.
QString shortened(const QString &text, qsizetype most = 100);

} // namespace gatehouse::core
