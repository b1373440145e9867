// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds a text in another one in a time that is linear in both, whatever they hold: QString's search needs the product
// of their lengths for texts such as 'aaa…a' and 'baaa…a'. Lives on the stack of one call, one thread; the texts
// outlive it.
#pragma once

#include <QStringView>

#include <vector>

namespace gatehouse::core::expr {

class TextSearch {
public:
    /// @p part is not empty.
    explicit TextSearch(QStringView part);

    /// Where @p part first begins in @p text from @p from on; -1 when it does not.
    qsizetype first(QStringView text, qsizetype from) const;

private:
    QStringView m_part;
    std::vector<qint32> m_borders; ///< of each beginning of a long part: the longest end that is a beginning, too
};

/// Where @p part, which is not empty, last begins in @p text at @p from or before; -1 when it does not.
qsizetype lastOf(QStringView text, QStringView part, qsizetype from);

} // namespace gatehouse::core::expr
