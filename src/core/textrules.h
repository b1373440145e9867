// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a text attribute must look like beyond its length, one function per TextRule. Runs for every attribute of
// every entry of a run, so plain ASCII is decided by hand-written scans; compiled regular expressions serve only the
// rules that are grammars (language tags, zones). Pure functions, any thread.
#pragma once

#include "core/identity.h"

#include <QStringView>

namespace gatehouse::core {

/// True when @p text follows @p rule. Empty texts are refused by every rule.
bool follows(TextRule rule, QStringView text);

/// The rest of the sentence "<attribute> …" for a text that does not follow @p rule.
QString explain(TextRule rule);

/// Any text without control characters, line separators, unpaired surrogates and noncharacters. Format characters
/// (joiners, direction marks) are part of real names in Persian, Hindi or Hebrew and pass.
bool isPrintable(QStringView text, bool lineBreaks = false);

/// Nothing but spaces and format characters, or nothing at all: no value. Octets are UTF-8; those that are not are no blank.
bool isBlank(QStringView text);
bool isBlank(QByteArrayView utf8);

/// RFC 5322 addr-spec without comments and folding, internationalised as RFC 6531 3.3 allows; lengths as in RFC 5321
/// 4.5.3.1 (64 octets before the @, 255 after it).
bool isEmailAddress(QStringView text);

} // namespace gatehouse::core
