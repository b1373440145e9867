// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fuzzers' targets in an ordinary test: a few seconds, or a minute a target with GATEHOUSE_LONG=1. An input that
// does not end within its time is printed, and the test program with it ends: nothing else stops an endless loop.
#pragma once

#include "tests/fuzz/target.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <random>

#include <unistd.h>

namespace gatehouse::fuzz {

/// Seconds that one input may take; sanitizers and a busy machine are slow, an endless loop is slower.
inline constexpr unsigned kSecondsPerInput = 60;
inline constexpr qint64 kMillisecondsPerTarget = 300;
inline constexpr qint64 kLongMillisecondsPerTarget = 60'000;
inline constexpr qsizetype kLongestInput = 4'000;

inline const char *g_target = "";
inline QByteArray g_input;

/// Says what was tried when the time was over or the target aborted.
inline void ended(int signal)
{
    const auto say = [](const char *text, size_t size) {
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, size);
    };
    if (signal == SIGALRM)
        say("\nno end: ", 9);
    else
        say("\naborted: ", 10);
    say(g_target, strlen(g_target));
    say(" with these octets in hexadecimal: ", 35);
    say(g_input.constData(), size_t(g_input.size()));
    say("\n", 1);
    _exit(1);
}

inline void runOne(const Target &target, const QByteArray &input)
{
    g_target = target.name;
    g_input = input.toHex();
    ::alarm(kSecondsPerInput);
    target.run(input);
    ::alarm(0);
}

/// The seeds changed at random.
class Mutation {
public:
    Mutation(const Target &target, quint32 seed) : m_target(target), m_random(seed) {}

    QByteArray next()
    {
        QByteArray input = seed();
        for (qsizetype changes = below(6) + 1; changes > 0; --changes)
            change(input);
        return input.left(kLongestInput);
    }

private:
    qsizetype below(qsizetype count) { return count <= 1 ? 0 : qsizetype(m_random() % quint32(count)); }
    QByteArray seed() { return m_target.seeds.isEmpty() ? QByteArray() : m_target.seeds.at(below(m_target.seeds.size())); }

    void change(QByteArray &input)
    {
        static const QByteArrayView special("\0\t\n\r \"'#$%&()*+,-./0123456789:;<=>?@[\\]^_`{|}~\x1b\x7f\x80\xc2\xff", 47);
        const qsizetype at = below(input.size() + 1);
        switch (below(8)) {
        case 0:
            input.insert(at, char(below(256)));
            break;
        case 1:
            input.insert(at, special[below(special.size())]);
            break;
        case 2:
            if (!m_target.tokens.isEmpty())
                input.insert(at, m_target.tokens.at(below(m_target.tokens.size())));
            break;
        case 3:
            input.remove(at, below(8) + 1);
            break;
        case 4:
            input.truncate(at);
            break;
        case 5:
            input.insert(at, input.mid(below(input.size() + 1), below(40)));
            break;
        case 6:
            input += seed().mid(below(20));
            break;
        default:
            if (at < input.size())
                input[at] = char(input.at(at) ^ char(1 << below(8)));
        }
    }

    const Target &m_target;
    std::mt19937 m_random;
};

/// A row for each target.
inline void targetRows(const QList<Target> &all)
{
    QTest::addColumn<int>("index");
    for (qsizetype index = 0; index < all.size(); ++index)
        QTest::newRow(all.at(index).name) << int(index);
}

inline void replay(const QList<Target> &all, int index)
{
    std::signal(SIGALRM, ended);
    std::signal(SIGABRT, ended);
    const Target target = all.at(index);
    for (const QByteArray &seed : target.seeds) {
        // A long seed's beginnings in steps, so that each target takes its moment and no more.
        const qsizetype step = 1 + seed.size() / 500;
        for (qsizetype length = 0; length < seed.size(); length += step)
            runOne(target, seed.left(length));
        runOne(target, seed);
    }
    bool isNumber = false;
    const int given = qEnvironmentVariableIntValue("GATEHOUSE_FUZZ_SEED", &isNumber);
    const bool isLong = qEnvironmentVariable("GATEHOUSE_LONG") == QStringLiteral("1");
    const auto first = isNumber ? quint32(given) : isLong ? std::random_device{}() : quint32(index + 1);
    Mutation mutation(target, first);
    QElapsedTimer timer;
    timer.start();
    qint64 count = 0;
    for (; timer.elapsed() < (isLong ? kLongMillisecondsPerTarget : kMillisecondsPerTarget); ++count)
        runOne(target, mutation.next());
    if (isLong)
        qInfo("%s: %lld inputs, GATEHOUSE_FUZZ_SEED=%u", target.name, count, first);
}

} // namespace gatehouse::fuzz
