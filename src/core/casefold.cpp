// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/casefold.h"

#include <unicode/unorm2.h>

#include <algorithm>

namespace gatehouse::core {

QString caseFolded(const QString &text)
{
    // ASCII is its own normal form.
    const auto isAscii = [](QChar c) { return c.unicode() < 0x80; };
    if (std::all_of(text.begin(), text.end(), isAscii))
        return text.toLower();

    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFKCCasefoldInstance(&status);
    if (U_FAILURE(status)) // ICU without its data
        return text.toCaseFolded().normalized(QString::NormalizationForm_KC);
    // Unicode 3.13, D147: decomposed first, or marks that fold (U+0345) end up in another order.
    const QString source = text.normalized(QString::NormalizationForm_D);
    QString folded(source.size() * 3 + 16, Qt::Uninitialized);
    const auto fold = [&] {
        status = U_ZERO_ERROR;
        return unorm2_normalize(normalizer, reinterpret_cast<const UChar *>(source.utf16()), int32_t(source.size()),
                                reinterpret_cast<UChar *>(folded.data()), int32_t(folded.size()), &status);
    };
    int32_t length = fold();
    if (status == U_BUFFER_OVERFLOW_ERROR) { // a single character can become 18
        folded.resize(length);
        length = fold();
    }
    folded.truncate(length);
    return folded;
}

} // namespace gatehouse::core
