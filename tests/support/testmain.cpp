// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QMap>

#include <cstdio>

namespace gatehouse::test {

namespace {

struct Entry {
    RegisteredTest::Run run = nullptr;
    RegisteredTest::Before before = nullptr;
};

QMap<QString, Entry> &entries()
{
    static QMap<QString, Entry> all;
    return all;
}

} // namespace

RegisteredTest::RegisteredTest(const char *file, Run run, Before before)
{
    const QString name = QFileInfo(QString::fromUtf8(file)).completeBaseName().remove(QStringLiteral("tst_"));
    if (entries().contains(name))
        qFatal("two tests are named %s", qPrintable(name));
    entries().insert(name, {run, before});
}

/// The first argument names the test; QtTest gets the others.
static int runNamed(int argc, char **argv)
{
    const Entry test = argc > 1 ? entries().value(QString::fromLocal8Bit(argv[1])) : Entry();
    if (!test.run) {
        std::fprintf(stderr, "usage: %s TEST [FUNCTION]...\n", argv[0]);
        for (auto entry = entries().cbegin(); entry != entries().cend(); ++entry)
            std::fprintf(stderr, "  %s\n", qPrintable(entry.key()));
        return 2;
    }
    if (test.before) {
        if (const std::optional<int> ended = test.before(argc, argv))
            return *ended;
    }
    argv[1] = argv[0];
    return test.run(argc - 1, argv + 1);
}

} // namespace gatehouse::test

int main(int argc, char **argv)
{
    return gatehouse::test::runNamed(argc, argv);
}
