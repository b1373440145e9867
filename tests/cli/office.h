// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment whose gateway is reached through clients, and the programs about it: each a process of its own, as on
// the machines of those who use them.
#pragma once

#include "tests/cli/ctl.h"
#include "tests/support/loopback.h"

#include <QTest>

#include <memory>

namespace gatehouse::test {

inline quint16 freePort()
{
    Listener listener;
    return listener.listen() ? listener.port() : quint16(0);
}

/// Its endpoint listens on a port of its own.
struct Office {
    Ctl ctl;
    QString credential;
    QString id;
    QStringList command; ///< of the client, as it was shown

    /// @p servers: instead of the directory's own place, for example proxies before it.
    bool configure(const Slapd &slapd, const QJsonObject &schedule = {}, const QStringList &servers = {})
    {
        QJsonObject configuration = Ctl::configuration(slapd);
        QJsonArray gateways = configuration.value(QStringLiteral("gateways")).toArray();
        QJsonObject gateway = gateways.at(0).toObject();
        gateway.insert(QStringLiteral("mode"), QStringLiteral("clients"));
        if (!servers.isEmpty())
            gateway.insert(QStringLiteral("serversHostAndPort"), QJsonArray::fromStringList(servers));
        configuration.insert(QStringLiteral("gateways"), QJsonArray{gateway});
        if (!schedule.isEmpty()) {
            QJsonObject rule = configuration.value(QStringLiteral("rules")).toArray().at(0).toObject();
            rule.insert(QStringLiteral("schedule"), schedule);
            configuration.insert(QStringLiteral("rules"), QJsonArray{rule});
        }
        if (ctl.configure(configuration).exitCode != 0)
            return false;
        const Printed endpoint = ctl.run({QStringLiteral("gateway"), QStringLiteral("endpoint"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1"),
                                          QStringLiteral("--host-name"), QStringLiteral("127.0.0.1"), QStringLiteral("--port"), QString::number(freePort())});
        const QJsonObject made = ctl.run({QStringLiteral("--json"), QStringLiteral("gateway"), QStringLiteral("credential"), QStringLiteral("create"),
                                          QStringLiteral("Directory")}).json();
        credential = made.value(QStringLiteral("credential")).toString();
        id = made.value(QStringLiteral("id")).toString();
        command = made.value(QStringLiteral("command")).toString().split(u' ');
        const QString file = ctl.write(QStringLiteral("credential"), credential.toLatin1());
        QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner);
        command.replaceInStrings(QStringLiteral("FILE"), file);
        return endpoint.exitCode == 0 && !credential.isEmpty() && command.takeFirst() == QStringLiteral("gatehouse-gateway");
    }
    /// The client's command when it may go to @p server only.
    QStringList commandFor(const QString &server) const
    {
        QStringList alone = command;
        for (qsizetype at = alone.indexOf(QStringLiteral("--server")); at >= 0; at = alone.indexOf(QStringLiteral("--server")))
            alone.remove(at, 2);
        return alone + QStringList{QStringLiteral("--server"), server};
    }
};

inline std::unique_ptr<QProcess> start(const QString &program, const QStringList &arguments)
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->start(QStringLiteral(GATEHOUSE_BIN_DIR "/") + program, arguments);
    process->waitForStarted();
    return process;
}

inline std::unique_ptr<QProcess> startClient(const QStringList &arguments)
{
    return start(QStringLiteral("gatehouse-gateway"), arguments + QStringList{QStringLiteral("--health-port"), QStringLiteral("0")});
}

/// What it printed, after it ended in good order on SIGTERM.
inline QByteArray end(QProcess &process)
{
    process.terminate();
    process.waitForFinished(10'000);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return "ended with " + QByteArray::number(process.exitCode());
    return process.readAll();
}

inline bool waitForText(QProcess &process, QByteArray &seen, const char *text, int milliseconds = 15'000)
{
    return QTest::qWaitFor([&] {
        seen += process.readAll();
        return seen.contains(text);
    }, milliseconds);
}

} // namespace gatehouse::test
