// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nearest.h"

#include <algorithm>
#include <vector>

namespace gatehouse::core {

namespace {

/// Insertions, deletions, substitutions and swaps of neighbours that turn @p a into @p b (optimal string alignment).
int editDistance(const QString &a, const QString &b)
{
    const auto columns = size_t(b.size()) + 1;
    std::vector<int> beforeLast(columns);
    std::vector<int> last(columns);
    std::vector<int> row(columns);
    for (size_t j = 0; j < columns; ++j)
        last[j] = int(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = int(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = size_t(j);
            const int cost = a[i - 1] == b[j - 1] ? 0 : 1;
            row[at] = std::min({last[at] + 1, row[at - 1] + 1, last[at - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], beforeLast[at - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[columns - 1];
}

} // namespace

QString nearest(const QString &word, const QStringList &known)
{
    constexpr qsizetype kLongestWord = 100; // longer ones are no slips of the finger
    if (word.isEmpty() || word.size() > kLongestWord)
        return {};
    const QString folded = word.toCaseFolded();
    QString best;
    qsizetype bestDistance = word.size() < 4 ? 2 : 1 + std::max<qsizetype>(2, word.size() / 3);
    for (const QString &candidate : known) {
        const QString other = candidate.toCaseFolded();
        if (other == folded)
            return candidate;
        const bool part = folded.size() >= 3 && other.contains(folded);
        const qsizetype distance = part ? 1 : editDistance(folded, other);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

QString didYouMean(const QString &word, const QStringList &known)
{
    const QString meant = nearest(word, known);
    return meant.isEmpty() ? QString() : QStringLiteral("; did you mean \"%1\"?").arg(meant);
}

} // namespace gatehouse::core
