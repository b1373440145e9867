// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is fuzzed: one function of the program a target, fed with any octets. A target aborts where something is wrong
// beyond a crash. libFuzzer runs one (fuzzer.cpp, built on request), the ordinary tests run all of them for a moment
// (replay.h): every beginning of every seed, for readers that look a character too far, then random changes of the
// seeds.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <cstdlib>

namespace gatehouse::fuzz {

struct Target {
    const char *name;
    void (*run)(QByteArrayView input);
    QList<QByteArray> seeds;  ///< inputs that get far
    QList<QByteArray> tokens; ///< pieces that matter to the function
};

/// What NAME_targets.cpp defines.
QList<Target> exprTargets();
QList<Target> coreTargets();
QList<Target> linkTargets();
QList<Target> ldapTargets();
QList<Target> provisionTargets();

inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace gatehouse::fuzz
