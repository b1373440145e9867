// SPDX-License-Identifier: GPL-3.0-or-later
//
// A check for Result values that says why when it fails. (QVERIFY2 evaluates its text also when all is well, and
// there is no error to ask then.)
#pragma once

#include <QTest>

#define VERIFY_RESULT(result)                                                                                \
    do {                                                                                                     \
        const auto &verifiedResult = (result); /* evaluated once: it may open a connection */                \
        QVERIFY2(verifiedResult.has_value(),                                                                 \
                 verifiedResult.has_value() ? "" : qPrintable(verifiedResult.error().text()));               \
    } while (false)
