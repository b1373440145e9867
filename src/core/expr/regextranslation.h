// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the regular expressions of Java to those of PCRE2. The Java pattern is read by its own grammar, so nothing that
// only PCRE2 knows (recursion, conditions, verbs, callouts) gets through, and every construct that the two read
// differently is written out: line ends of . ^ $, word boundaries, class unions and intersections, octal and Unicode
// escapes, POSIX classes. Pure function, any thread.
#pragma once

#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

namespace gatehouse::core::expr {

struct TranslatedRegex {
    QString pattern;        ///< for PCRE2 in UTF mode, without options
    QStringList groupNames; ///< by group number, "" for groups without a name; group 0 included
};

/// The error says what is wrong and where in the pattern.
[[nodiscard]] tl::expected<TranslatedRegex, QString> translateRegex(const QString &java);

/// The set that \p{name} stands for, as it is written inside of brackets in PCRE2; empty when it is not known.
QString regexProperty(const QString &name, bool unicode);

} // namespace gatehouse::core::expr
