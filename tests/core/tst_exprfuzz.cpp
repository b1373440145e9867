// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fuzzers of the expression language for a moment, with all that they once found; longer with GATEHOUSE_LONG=1.
#include "../fuzz/expr_targets.cpp"

#include "tests/fuzz/replay.h"
#include "tests/support/testmain.h"

class ExprFuzzTest : public QObject {
    Q_OBJECT

private slots:
    void corpusIsThere();
    void target_data() { gatehouse::fuzz::targetRows(gatehouse::fuzz::exprTargets()); }
    void target()
    {
        QFETCH(int, index);
        gatehouse::fuzz::replay(gatehouse::fuzz::exprTargets(), index);
    }
};

void ExprFuzzTest::corpusIsThere()
{
    QVERIFY(corpus().size() >= 50);
}

CONSOLE_TEST(ExprFuzzTest)
#include "tst_exprfuzz.moc"
