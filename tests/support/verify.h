// SPDX-License-Identifier: GPL-3.0-or-later
//
// A check for Result values that says why when it fails. (QVERIFY2 evaluates its text also when all is well, and
// there is no error to ask then.)
#pragma once

#include <QTest>

#define VERIFY_RESULT(result)                                                                                \
    QVERIFY2((result).has_value(), (result).has_value() ? "" : qPrintable((result).error().text()))
