// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/textsearch.h"

#include <QString>

#include <algorithm>

namespace gatehouse::core::expr {

/// Up to here the product of the lengths is as good as linear, and QString's search is the faster one.
static constexpr qsizetype kShortPart = 32;

TextSearch::TextSearch(QStringView part) : m_part(part)
{
    if (part.size() <= kShortPart)
        return;
    // Knuth, Morris and Pratt.
    m_borders.resize(size_t(part.size()), 0);
    qint32 border = 0;
    for (qsizetype at = 1; at < part.size(); ++at) {
        while (border > 0 && part[at] != part[border])
            border = m_borders[size_t(border) - 1];
        border += part[at] == part[border] ? 1 : 0;
        m_borders[size_t(at)] = border;
    }
}

qsizetype TextSearch::first(QStringView text, qsizetype from) const
{
    if (m_borders.empty())
        return text.indexOf(m_part, from);
    qint32 matched = 0;
    for (qsizetype at = from; at < text.size(); ++at) {
        while (matched > 0 && text[at] != m_part[matched])
            matched = m_borders[size_t(matched) - 1];
        matched += text[at] == m_part[matched] ? 1 : 0;
        if (matched == m_part.size())
            return at + 1 - matched;
    }
    return -1;
}

qsizetype lastOf(QStringView text, QStringView part, qsizetype from)
{
    const QStringView searched = text.first(std::min(from + part.size(), text.size()));
    if (part.size() <= kShortPart)
        return searched.size() < part.size() ? -1 : searched.lastIndexOf(part, searched.size() - part.size());
    // The last one is the first one from behind.
    QString backwards = searched.toString();
    QString wanted = part.toString();
    std::reverse(backwards.begin(), backwards.end());
    std::reverse(wanted.begin(), wanted.end());
    const qsizetype found = TextSearch(wanted).first(backwards, 0);
    return found < 0 ? -1 : backwards.size() - found - wanted.size();
}

} // namespace gatehouse::core::expr
