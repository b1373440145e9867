// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testservers.h"

#include <QHostAddress>
#include <QStandardPaths>
#include <QTcpServer>

namespace gatehouse::test {

QString TestServers::find(const QString &program)
{
    const QString inPath = QStandardPaths::findExecutable(program);
    if (!inPath.isEmpty())
        return inPath;
    return QStandardPaths::findExecutable(
        program, {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin"), QStringLiteral("/usr/libexec"),
                  QStringLiteral("/usr/lib/openldap")});
}

bool TestServers::hasAddress(const QString &address)
{
    return QTcpServer().listen(QHostAddress(address));
}

bool TestServers::areRequired()
{
    const QByteArray value = qgetenv("REQUIRE_SERVERS");
    return !value.isEmpty() && value != "0";
}

} // namespace gatehouse::test
