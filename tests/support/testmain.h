// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tests of a room are one program; each class in it is a test of ctest's, named as its file without "tst_":
//
//     test_core dn [QtTest's arguments]
//
// A class registers itself with one of the macros below, which also say what has to be there before it: an application
// without a window, one with, a keychain, or ports that a domain controller may use.
#pragma once

#include <QTest>

#include <optional>

namespace gatehouse::test {

class RegisteredTest {
public:
    /// Runs before there is an application, with the whole command line; may start the program again. An exit code ends it.
    using Before = std::optional<int> (*)(int argc, char **argv);
    using Run = int (*)(int argc, char **argv);
    /// @p file is its source's path, which gives the test its name; @p run makes the application and the test.
    RegisteredTest(const char *file, Run run, Before before = nullptr);
};

/// Runs the @p Test inside an @p Application of Qt's.
template <typename Application, typename Test>
int runTest(int argc, char **argv)
{
    Application application(argc, argv);
    Test test;
    return QTest::qExec(&test, argc, argv);
}

/// Whether long forms are asked for (tests/run --long): many kills, soaks, minutes of random input.
inline bool isLong()
{
    return qEnvironmentVariableIsSet("GATEHOUSE_LONG");
}

} // namespace gatehouse::test

/// A test with its own function to run it, and what has to be done before.
#define REGISTER_TEST(...) static const gatehouse::test::RegisteredTest registeredTest(__FILE__, __VA_ARGS__);
/// A test without windows, and one with.
#define CONSOLE_TEST(Test) REGISTER_TEST(gatehouse::test::runTest<QCoreApplication, Test>)
#define WINDOW_TEST(Test) REGISTER_TEST(gatehouse::test::runTest<QApplication, Test>)
