// SPDX-License-Identifier: GPL-3.0-or-later
//
// gatehousectl as a script would call it: a process, its exit code, what it printed. An environment of its own.
#pragma once

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include "tests/support/slapd.h"

namespace gatehouse::test {

struct Printed {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    QList<QJsonObject> jsonLines() const
    {
        QList<QJsonObject> objects;
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty())
                objects.append(QJsonDocument::fromJson(line).object());
        }
        return objects;
    }
};

class Ctl {
public:
    static constexpr int kDeadlineMs = 120'000;

    QTemporaryDir folder;
    QString environment = folder.filePath(QStringLiteral("test.gatehouse"));

    static QString program() { return QStringLiteral(GATEHOUSE_BIN_DIR "/gatehousectl"); }

    Printed run(const QStringList &arguments) const
    {
        QProcess process;
        process.start(program(), QStringList{QStringLiteral("--environment"), environment} + arguments);
        Printed printed;
        if (!process.waitForFinished(kDeadlineMs)) {
            process.kill();
            process.waitForFinished();
            return printed;
        }
        printed.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        printed.out = process.readAllStandardOutput();
        printed.err = process.readAllStandardError();
        return printed;
    }

    QString write(const QString &name, const QByteArray &octets) const
    {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(octets);
        return file.fileName();
    }

    /// A configuration with one rule "People in" that reads ou=people of @p slapd.
    static QJsonObject configuration(const Slapd &slapd)
    {
        const auto object = [](const char *json) { return QJsonDocument::fromJson(json).object(); };
        QJsonObject root = object(R"({
          "populations": [{"name": "People", "default": true}],
          "connections": [{"name": "Directory", "gateway": "Directory",
                           "users": {"create": true, "update": true, "disable": true,
                                     "deprovision": {"enabled": true, "removeAction": "Disable"}}}],
          "rules": [{"name": "People in", "direction": "inbound", "connection": "Directory",
                     "attributeMappings": [{"target": "username", "source": "uid"},
                                           {"target": "name.given", "source": "givenName"},
                                           {"target": "name.family", "source": "sn"},
                                           {"target": "email", "source": "mail"},
                                           {"target": "title", "source": "title"}]}]})");
        QJsonObject rule = root.value(QStringLiteral("rules")).toArray().at(0).toObject();
        rule.insert(QStringLiteral("baseDn"), QString(QStringLiteral("ou=people,") + slapd.baseDn()));
        root.insert(QStringLiteral("rules"), QJsonArray{rule});
        root.insert(QStringLiteral("gateways"),
                    QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("Directory")},
                                           {QStringLiteral("type"), QStringLiteral("LDAP")},
                                           {QStringLiteral("vendor"), QStringLiteral("LDAPv3-compliant Directory Server")},
                                           {QStringLiteral("serversHostAndPort"), QJsonArray{slapd.tlsHostAndPort()}},
                                           {QStringLiteral("connectionSecurity"), QStringLiteral("TLS")},
                                           {QStringLiteral("caCertificateFile"), slapd.caFile()},
                                           {QStringLiteral("bindDN"), slapd.bindDn()},
                                           {QStringLiteral("bindPassword"), QJsonObject{{QStringLiteral("file"), slapd.passwordFile()}}}}});
        return root;
    }

    Printed configure(const QJsonObject &configuration) const
    {
        return run({QStringLiteral("config"), QStringLiteral("apply"),
                    write(QStringLiteral("config.json"), QJsonDocument(configuration).toJson())});
    }
};

} // namespace gatehouse::test
