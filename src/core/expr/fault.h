// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with an expression, and where. A fault is a value: it fails the attribute that is mapped, never the
// run. Plain value, any thread.
#pragma once

#include <QList>
#include <QString>

namespace gatehouse::core::expr {

/// What a person can do about a fault: correct the text; look at the data; make the expression simpler.
enum class FaultKind : quint8 { Syntax, Evaluation, Limit };

struct Fault {
    QString message;  ///< an English sentence that says what to write instead where that is known
    int offset = 0;   ///< first wrong UTF-16 unit of the expression
    int length = 0;   ///< 0 when something is missing at offset
    int relatedOffset = -1; ///< the other half, e.g. the parenthesis that is never closed; -1 when there is none
    int relatedLength = 0;
    FaultKind kind = FaultKind::Syntax;
    bool operator==(const Fault &) const = default;
};

/// A name or a text as a message shows it: the beginning of a long one.
inline QString excerpt(const QString &text)
{
    constexpr qsizetype most = 60;
    return text.size() <= most ? text : QString(text.left(most) + u'…');
}

/// "a list" at the beginning of a sentence: "A list".
inline QString capitalized(QString text)
{
    if (!text.isEmpty())
        text[0] = text.at(0).toUpper();
    return text;
}

} // namespace gatehouse::core::expr
