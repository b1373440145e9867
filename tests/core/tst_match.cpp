// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/match.h"
#include "tests/support/testmain.h"

using namespace gatehouse::core;

class MatchTest : public QObject {
    Q_OBJECT
private slots:
    void linkDecides()
    {
        for (const MatchBy by : {MatchBy::LinkOrName, MatchBy::LinkAlone}) {
            QCOMPARE(match(by, true, {}), (Matched{Match::Linked, false}));
            QCOMPARE(match(by, true, Namesake{true, false}), (Matched{Match::Linked, false}));
            QCOMPARE(match(by, true, Namesake{false, false}), (Matched{Match::Linked, true}));
            QCOMPARE(match(by, true, Namesake{false, true}), (Matched{Match::Linked, true}));
            QCOMPARE(match(by, false, {}), (Matched{Match::Nobody, false}));
        }
    }

    void nameDecidesForRulesOnly()
    {
        QCOMPARE(match(MatchBy::LinkOrName, false, Namesake{}), (Matched{Match::Named, false}));
        QCOMPARE(match(MatchBy::LinkOrName, false, Namesake{false, true}), (Matched{Match::Nobody, true}));
        QCOMPARE(match(MatchBy::LinkAlone, false, Namesake{}), (Matched{Match::Nobody, true}));
        QCOMPARE(match(MatchBy::LinkAlone, false, Namesake{false, true}), (Matched{Match::Nobody, true}));
    }
};

CONSOLE_TEST(MatchTest)
#include "tst_match.moc"
