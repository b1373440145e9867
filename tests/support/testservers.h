// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the real servers that a test drives are on this machine. A missing one skips the test on a workstation and
// fails it where REQUIRE_SERVERS=1 says that all of them must be there.
#pragma once

#include <QString>
#include <QTest>

namespace gatehouse::test {

class TestServers {
public:
    /// The absolute path of @p program, also outside PATH (/usr/sbin, /usr/lib); empty when it is missing.
    static QString find(const QString &program);
    /// Whether this machine has the network address, e.g. "::1".
    static bool hasAddress(const QString &address);
    /// Whether a missing server is a failure.
    static bool areRequired();
};

} // namespace gatehouse::test

/// First line of a test function or of initTestCase(): goes on only when @p program is installed.
#define REQUIRE_SERVER(program)                                                                              \
    do {                                                                                                     \
        if (gatehouse::test::TestServers::find(QStringLiteral(program)).isEmpty()) {                         \
            if (gatehouse::test::TestServers::areRequired())                                                 \
                QFAIL(program " is not installed, but REQUIRE_SERVERS is set");                              \
            QSKIP(program " is not installed");                                                              \
        }                                                                                                    \
    } while (false)

/// The same for a network address: containers often have no IPv6.
#define REQUIRE_ADDRESS(address)                                                                             \
    do {                                                                                                     \
        if (!gatehouse::test::TestServers::hasAddress(QStringLiteral(address)))                              \
            QSKIP("this machine has no " address);                                                           \
    } while (false)

/// The same for what else a server needs of the machine; @p says names what is missing.
#define REQUIRE_ABILITY(ability, says)                                                                       \
    do {                                                                                                     \
        if (!(ability)) {                                                                                    \
            if (gatehouse::test::TestServers::areRequired())                                                 \
                QFAIL(says ", but REQUIRE_SERVERS is set");                                                  \
            QSKIP(says);                                                                                     \
        }                                                                                                    \
    } while (false)
