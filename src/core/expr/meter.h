// SPDX-License-Identifier: GPL-3.0-or-later
//
// The budget of one evaluation. Everything that loops or produces text pays here first and stops when the budget is
// spent. Owned by one evaluation, used by its thread only; never waits.
#pragma once

#include "core/expr/limits.h"

namespace gatehouse::core::expr {

class Meter {
public:
    enum class Spent { Nothing, Steps, Text, TextLength, ListSize, Digits, Matches, MatchedText };

    /// Pays for @p count steps of work; false when the budget is spent.
    [[nodiscard]] bool steps(qint64 count)
    {
        m_steps -= count;
        return m_steps >= 0 || stop(Spent::Steps);
    }
    /// Pays for scanning @p length units of text.
    [[nodiscard]] bool scan(qint64 length) { return steps(1 + length / 32); }
    /// Pays for a text of @p length units that is about to be made.
    [[nodiscard]] bool text(qint64 length)
    {
        if (length > kMaxTextLength)
            return stop(Spent::TextLength);
        m_units -= length;
        return m_units >= 0 ? scan(length) : stop(Spent::Text);
    }
    /// Pays for a list of @p size elements that is about to be made.
    [[nodiscard]] bool list(qint64 size) { return size > kMaxListSize ? stop(Spent::ListSize) : steps(1 + size); }
    /// Pays for work on numbers of @p digits digits.
    [[nodiscard]] bool digits(qint64 digits)
    {
        return digits > kMaxNumberDigits ? stop(Spent::Digits) : steps(1 + digits * digits / 1024);
    }
    /// Pays for a match that needs the full backtracking allowance.
    [[nodiscard]] bool expensiveMatch() { return --m_matches >= 0 || stop(Spent::Matches); }

    qint64 left() const { return m_steps; }
    Spent spent() const { return m_spent; }
    bool isSpent() const { return m_spent != Spent::Nothing; }
    bool stop(Spent reason)
    {
        if (m_spent == Spent::Nothing)
            m_spent = reason;
        return false;
    }

private:
    qint64 m_steps = kMaxSteps;
    qint64 m_units = kMaxProducedUnits;
    int m_matches = kMaxExpensiveMatches;
    Spent m_spent = Spent::Nothing;
};

} // namespace gatehouse::core::expr
