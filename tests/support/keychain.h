// SPDX-License-Identifier: GPL-3.0-or-later
//
// A desktop's keychain for tests: gnome-keyring, unlocked, on a session bus of its own and with a home of its own, so
// that the keychain of whoever runs the tests is never touched. It is there for a program that runs below command();
// tests therefore run themselves again.
#pragma once

#include "tests/support/testmain.h"

#include <QProcessEnvironment>
#include <QStringList>

#include <optional>

class QTemporaryDir;

namespace gatehouse::test {

class Keychain {
public:
    static bool isInstalled();
    /// What stands before a program and its arguments.
    static QStringList command();
    /// For a program that is to see no other keychain than that of @p home.
    static QProcessEnvironment environment(const QTemporaryDir &home);

    /// Runs this program again with a keychain, where it has none and there is one: its exit code then.
    static std::optional<int> enter(int argc, char **argv);
    /// How many secrets it holds; -1: it does not answer. Inside.
    static int count();
};

} // namespace gatehouse::test

/// A test that needs a keychain. Without one on this machine it runs as it is, and REQUIRE_KEYCHAIN skips or fails it.
/// @p Application: QApplication for windows, else QCoreApplication.
#define KEYCHAIN_TEST(Test, Application)                                                                     \
    REGISTER_TEST((gatehouse::test::runTest<Application, Test>), gatehouse::test::Keychain::enter)
#define REQUIRE_KEYCHAIN()                                                                                   \
    do {                                                                                                     \
        REQUIRE_SERVER("dbus-run-session");                                                                  \
        REQUIRE_SERVER("gnome-keyring-daemon");                                                              \
    } while (false)
