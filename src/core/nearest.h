// SPDX-License-Identifier: GPL-3.0-or-later
//
// The word that was probably meant. Pure function, any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace gatehouse::core {

/// The one of @p known nearest to @p word: the same in another letter case, or containing it, or few edits away.
/// Empty when none is near.
QString nearest(const QString &word, const QStringList &known);

/// `; did you mean "x"?`, or nothing when no word is near: the end of a sentence about an unknown word.
QString didYouMean(const QString &word, const QStringList &known);

} // namespace gatehouse::core
