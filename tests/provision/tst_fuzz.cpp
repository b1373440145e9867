// SPDX-License-Identifier: GPL-3.0-or-later
//
// The room's fuzzers for a moment; longer with GATEHOUSE_LONG=1.
#include "../fuzz/provision_targets.cpp"

#include "tests/fuzz/replay.h"
#include "tests/support/testmain.h"

class ProvisionFuzzTest : public QObject {
    Q_OBJECT

private slots:
    void target_data() { gatehouse::fuzz::targetRows(gatehouse::fuzz::provisionTargets()); }
    void target()
    {
        QFETCH(int, index);
        gatehouse::fuzz::replay(gatehouse::fuzz::provisionTargets(), index);
    }
};

CONSOLE_TEST(ProvisionFuzzTest)
#include "tst_fuzz.moc"
