// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/regex.h"

#include "core/expr/fault.h"
#include "core/expr/regextranslation.h"

#include <chrono>
#include <optional>

namespace gatehouse::core::expr {

/// What compiling a pattern costs besides its length, in steps.
static constexpr qint64 kCompileSteps = 500;
/// What one match costs besides the length of the text, in steps.
static constexpr qint64 kMatchSteps = 20;

static QRegularExpression bounded(const QString &pattern, int steps)
{
    const QString limits = QStringLiteral("(*LIMIT_MATCH=%1)(*LIMIT_DEPTH=%1)").arg(steps);
    return QRegularExpression(limits + pattern);
}

static bool payForTime(std::chrono::steady_clock::time_point start, Meter &meter)
{
    const auto taken = std::chrono::steady_clock::now() - start;
    return meter.steps(std::chrono::nanoseconds(taken).count() / kRegexNanosecondsPerStep);
}

tl::expected<std::shared_ptr<const Regex>, RegexFault> Regex::compile(const QString &pattern, Meter *meter)
{
    if (meter && !meter->steps(kCompileSteps + pattern.size()))
        return tl::unexpected(RegexFault{});
    const auto start = std::chrono::steady_clock::now();
    const tl::expected<TranslatedRegex, QString> translated = translateRegex(pattern);
    if (!translated)
        return tl::unexpected(RegexFault{translated.error()});
    const QString whole = QStringLiteral("\\A(?:") + translated->pattern + QStringLiteral(")\\z");
    std::shared_ptr<Regex> regex(new Regex);
    regex->m_findQuick = bounded(translated->pattern, kRegexQuickSteps);
    regex->m_findFull = bounded(translated->pattern, kRegexFullSteps);
    regex->m_wholeQuick = bounded(whole, kRegexQuickSteps);
    regex->m_wholeFull = bounded(whole, kRegexFullSteps);
    regex->m_groupNames = translated->groupNames;
    regex->m_groupCount = int(translated->groupNames.size()) - 1;
    if (!regex->m_findQuick.isValid()) {
        return tl::unexpected(RegexFault{QStringLiteral("The regular expression is not valid: %1.")
                                             .arg(regex->m_findQuick.errorString())});
    }
    if (meter && !payForTime(start, *meter))
        return tl::unexpected(RegexFault{});
    return regex;
}

Subject::Subject(const QString &text) : m_text(text)
{
    if (QStringView(m_text).isValidUtf16())
        return;
    for (qsizetype at = 0; at < m_text.size(); ++at) {
        const QChar unit = m_text.at(at);
        if (unit.isHighSurrogate() && at + 1 < m_text.size() && m_text.at(at + 1).isLowSurrogate())
            ++at;
        else if (unit.isSurrogate())
            m_text[at] = QChar(QChar::ReplacementCharacter);
    }
}

bool Regex::run(const QRegularExpression &quick, const QRegularExpression &full, const Subject &subject,
                qsizetype from, QRegularExpressionMatch &match, Meter &meter) const
{
    if (!meter.steps(kMatchSteps))
        return false;
    if (subject.size() > kMaxRegexSubject)
        return meter.stop(Meter::Spent::MatchedText);
    const auto start = std::chrono::steady_clock::now();
    const auto matched = [&](const QRegularExpression &expression) {
        match = expression.match(subject.text(), from, QRegularExpression::NormalMatch,
                                 QRegularExpression::DontCheckSubjectStringMatchOption);
        return match.isValid();
    };
    if (!matched(quick)) {
        if (!meter.expensiveMatch())
            return false;
        if (!matched(full))
            return meter.stop(Meter::Spent::Matches);
    }
    return payForTime(start, meter);
}

bool Regex::matchesWhole(const Subject &subject, bool &found, Meter &meter) const
{
    QRegularExpressionMatch match;
    if (!run(m_wholeQuick, m_wholeFull, subject, 0, match, meter))
        return false;
    found = match.hasMatch();
    return true;
}

bool Regex::find(const Subject &subject, qsizetype from, QRegularExpressionMatch &match, Meter &meter) const
{
    return run(m_findQuick, m_findFull, subject, from, match, meter);
}

tl::expected<Replacement, QString> Replacement::parse(const QString &text, const Regex &regex)
{
    Replacement result;
    QString plain;
    const auto flush = [&] {
        if (!plain.isEmpty())
            result.m_parts.push_back({std::exchange(plain, QString())});
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar unit = text.at(at);
        if (unit == u'\\') {
            if (++at == text.size())
                return tl::unexpected(QStringLiteral("The replacement ends in a '\\': write '\\\\' for the character."));
            plain += text.at(at);
            continue;
        }
        if (unit != u'$') {
            plain += unit;
            continue;
        }
        const QChar next = at + 1 < text.size() ? text.at(at + 1) : QChar();
        if (next == u'{') {
            const qsizetype end = text.indexOf(u'}', at);
            const QString name = end < 0 ? QString() : text.mid(at + 2, end - at - 2);
            const int number = name.isEmpty() ? -1 : regex.groupNumber(name);
            if (number < 0)
                return tl::unexpected(QStringLiteral("The regular expression has no group '%1'.").arg(excerpt(name)));
            flush();
            result.m_parts.push_back({QString(), number});
            at = end;
            continue;
        }
        if (next < u'0' || next > u'9')
            return tl::unexpected(QStringLiteral("'$' must be followed by the number of a group: write '\\$' for the "
                                                 "character."));
        int number = next.unicode() - u'0';
        if (number > regex.groupCount())
            return tl::unexpected(QStringLiteral("The regular expression has no group %1.").arg(number));
        for (++at; at + 1 < text.size(); ++at) { // more digits while there are so many groups
            const QChar digit = text.at(at + 1);
            if (digit < u'0' || digit > u'9' || number * 10 + (digit.unicode() - u'0') > regex.groupCount())
                break;
            number = number * 10 + (digit.unicode() - u'0');
        }
        flush();
        result.m_parts.push_back({QString(), number});
    }
    flush();
    return result;
}

bool Replacement::append(QString &result, const QRegularExpressionMatch &match, Meter &meter) const
{
    for (const Part &part : m_parts) {
        const QStringView text = part.group < 0 ? QStringView(part.text) : match.capturedView(part.group);
        if (!meter.text(text.size()))
            return false;
        if (result.size() + text.size() > kMaxTextLength)
            return meter.stop(Meter::Spent::TextLength);
        result += text;
    }
    return true;
}

bool replaceMatches(const Regex &regex, const Subject &given, const QString &replacement, bool all, QString &result,
                    QString &problem, Meter &meter)
{
    const QString &subject = given.text();
    qsizetype from = 0;
    qsizetype copied = 0;
    QString text;
    std::optional<Replacement> parts;
    while (from <= subject.size()) {
        QRegularExpressionMatch match;
        if (!regex.find(given, from, match, meter))
            return false;
        if (!match.hasMatch())
            break;
        if (!parts) {
            tl::expected<Replacement, QString> parsed = Replacement::parse(replacement, regex);
            if (!parsed) {
                problem = std::move(parsed.error());
                return false;
            }
            parts = std::move(*parsed);
        }
        const QStringView between = QStringView(subject).mid(copied, match.capturedStart() - copied);
        if (!meter.text(between.size()))
            return false;
        text += between;
        if (!parts->append(text, match, meter))
            return false;
        copied = match.capturedEnd();
        from = copied;
        if (match.capturedLength() == 0) { // go on behind the next character
            const bool pair = from + 1 < subject.size() && subject.at(from).isHighSurrogate()
                && subject.at(from + 1).isLowSurrogate();
            from += pair ? 2 : 1;
        }
        if (!all)
            break;
    }
    if (!parts) {
        result = subject;
        return true;
    }
    const QStringView rest = QStringView(subject).mid(copied);
    if (!meter.text(rest.size()) || text.size() + rest.size() > kMaxTextLength)
        return meter.stop(Meter::Spent::TextLength);
    result = text + rest;
    return true;
}

} // namespace gatehouse::core::expr
