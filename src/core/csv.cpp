// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/csv.h"

#include <algorithm>

namespace gatehouse::core {

QByteArray csvField(const QString &text)
{
    QByteArray octets = text.toUtf8();
    const QString trimmed = text.trimmed();
    // "=1+1" and its like: some programs look past spaces, and take the wide forms of East Asian keyboards.
    static const QString formula = QStringLiteral("=+-@\uFF1D\uFF0B\uFF0D\uFF20");
    const bool runs = (!trimmed.isEmpty() && formula.contains(trimmed.front())) || text.startsWith(u'\t')
        || text.startsWith(u'\r') || text.startsWith(u'\n');
    if (runs)
        octets.prepend('\'');
    const bool quoted = std::any_of(octets.begin(), octets.end(),
                                    [](char c) { return c == '"' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t'; });
    return quoted ? '"' + octets.replace('"', "\"\"") + '"' : octets; // RFC 4180 2
}

} // namespace gatehouse::core
