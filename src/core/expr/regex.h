// SPDX-License-Identifier: GPL-3.0-or-later
//
// A regular expression as java.util.regex understands it, run by PCRE2 with a bound on backtracking. What the two
// engines read differently is translated (regextranslation.h) or refused with a reason. Immutable; matching is safe
// from any number of threads. Never hangs: a match that needs too much work ends with the meter spent.
#pragma once

#include "core/expr/meter.h"

#include <QRegularExpression>

#include <tl/expected.hpp>

#include <memory>

namespace gatehouse::core::expr {

struct RegexFault {
    QString message; ///< says where in the pattern
};

/// A text made safe for matching, once for any number of matches: half characters (lone surrogates) become U+FFFD.
class Subject {
public:
    explicit Subject(const QString &text);
    const QString &text() const { return m_text; }
    qsizetype size() const { return m_text.size(); }

private:
    QString m_text;
};

class Regex {
public:
    /// With a meter the work is paid for; patterns that are constants are compiled without one.
    [[nodiscard]] static tl::expected<std::shared_ptr<const Regex>, RegexFault> compile(const QString &pattern,
                                                                                      Meter *meter = nullptr);

    /// Whether the whole of @p subject matches. False when the meter is spent.
    [[nodiscard]] bool matchesWhole(const Subject &subject, bool &found, Meter &meter) const;
    /// The next match from @p from on, as match.hasMatch(). False when the meter is spent.
    [[nodiscard]] bool find(const Subject &subject, qsizetype from, QRegularExpressionMatch &match,
                            Meter &meter) const;

    int groupCount() const { return m_groupCount; }
    /// The number of a named group, -1 when there is none.
    int groupNumber(const QString &name) const { return int(m_groupNames.indexOf(name)); }

private:
    Regex() = default;
    bool run(const QRegularExpression &quick, const QRegularExpression &full, const Subject &subject, qsizetype from,
             QRegularExpressionMatch &match, Meter &meter) const;

    QRegularExpression m_findQuick;
    QRegularExpression m_findFull;
    QRegularExpression m_wholeQuick;
    QRegularExpression m_wholeFull;
    QStringList m_groupNames; ///< by number; group 0 is the whole match
    int m_groupCount = 0;
};

/// What matches are replaced by: $1, ${name}, and \ before a character that stands for itself.
class Replacement {
public:
    [[nodiscard]] static tl::expected<Replacement, QString> parse(const QString &text, const Regex &regex);
    /// Appends the replacement of @p match. False when the meter is spent.
    [[nodiscard]] bool append(QString &result, const QRegularExpressionMatch &match, Meter &meter) const;

private:
    struct Part {
        QString text;
        int group = -1;
    };
    std::vector<Part> m_parts;
};

/// Replaces the first or all matches. False when the meter is spent, or with @p problem when the replacement is not
/// valid; as in Java that matters only when something is replaced.
[[nodiscard]] bool replaceMatches(const Regex &regex, const Subject &subject, const QString &replacement, bool all,
                                  QString &result, QString &problem, Meter &meter);

} // namespace gatehouse::core::expr
