// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/messages.h"

#include "core/wipe.h"
#include "link/limits.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace gatehouse::link {

using core::Code;

namespace {

const QString kProtocol = QStringLiteral("protocol");

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

core::Result<QJsonObject> objectOf(QByteArrayView payload, const QString &what)
{
    const QJsonDocument document = QJsonDocument::fromJson(payload.toByteArray());
    if (!document.isObject())
        return core::fail(Code::Protocol, what + QStringLiteral(" is no JSON object"));
    return document.object();
}

QString textOf(const QJsonObject &object, const char *key)
{
    return shown(object.value(QLatin1String(key)).toString());
}

} // namespace

QString healthName(Health health)
{
    switch (health) {
    case Health::Healthy: return QStringLiteral("HEALTHY");
    case Health::Degraded: return QStringLiteral("DEGRADED");
    case Health::Unhealthy: break;
    }
    return QStringLiteral("UNHEALTHY");
}

QString shown(const QString &text, qsizetype most)
{
    QString copy = text.left(most);
    std::replace_if(copy.begin(), copy.end(), [](QChar c) { return !c.isPrint(); }, QChar(u'?'));
    return copy;
}

core::Secret print(const Hello &hello)
{
    QByteArray text = compact({{kProtocol, hello.protocol},
                               {QStringLiteral("version"), hello.version},
                               {QStringLiteral("hostName"), hello.hostName},
                               {QStringLiteral("instance"), hello.instance.toString(QUuid::WithoutBraces)}});
    text.chop(1);
    // Not through QJsonObject, which keeps copies. A credential has no character that JSON would escape.
    const core::Secret credential = hello.credential.text();
    text.reserve(text.size() + credential.reveal().size() + 32);
    text.append(",\"credential\":\"").append(credential.reveal()).append("\"}");
    return core::Secret(std::move(text));
}

core::Result<Hello> parseHello(QByteArrayView payload)
{
    const auto object = objectOf(payload, QStringLiteral("the hello"));
    if (!object)
        return core::fail(object.error());
    Hello hello;
    hello.protocol = object->value(kProtocol).toInt();
    hello.version = textOf(*object, "version").left(32);
    hello.hostName = textOf(*object, "hostName");
    hello.instance = QUuid::fromString(textOf(*object, "instance"));
    QString shownCredential = object->value(QStringLiteral("credential")).toString();
    const core::Secret text(shownCredential.toLatin1());
    core::wipe(shownCredential);
    auto credential = core::GatewayCredential::parse(text.reveal());
    if (!credential)
        return core::fail(credential.error());
    hello.credential = *credential;
    return hello;
}

QByteArray print(const Report &report)
{
    QJsonArray servers;
    for (const ServerState &state : report.servers) {
        servers.append(QJsonObject{{QStringLiteral("server"), state.server},
                                   {QStringLiteral("up"), state.isReachable},
                                   {QStringLiteral("detail"), state.detail.left(64)}});
    }
    QByteArray text = compact({{QStringLiteral("busy"), report.busyPercentage}, {QStringLiteral("servers"), servers}});
    // Many servers with long names: then without the reasons, and at last without the names that are too many.
    for (qsizetype most = servers.size(); text.size() > kMaxText && most > 0; --most) {
        servers.removeLast();
        text = compact({{QStringLiteral("busy"), report.busyPercentage}, {QStringLiteral("servers"), servers}});
    }
    return text;
}

core::Result<Report> parseReport(QByteArrayView payload)
{
    const auto object = objectOf(payload, QStringLiteral("the report"));
    if (!object)
        return core::fail(object.error());
    Report report;
    report.busyPercentage = std::clamp(object->value(QStringLiteral("busy")).toInt(), 0, 100);
    const QJsonArray servers = object->value(QStringLiteral("servers")).toArray();
    for (const QJsonValue &value : servers) {
        if (report.servers.size() == kMaxServers)
            break;
        const QJsonObject server = value.toObject();
        report.servers.append({textOf(server, "server"), server.value(QStringLiteral("up")).toBool(), textOf(server, "detail")});
    }
    return report;
}

QByteArray print(const OpenRequest &request)
{
    return compact({{QStringLiteral("host"), request.host}, {QStringLiteral("port"), request.port},
                    {QStringLiteral("milliseconds"), request.milliseconds}});
}

core::Result<OpenRequest> parseOpen(QByteArrayView payload)
{
    const auto object = objectOf(payload, QStringLiteral("the request for a stream"));
    if (!object)
        return core::fail(object.error());
    const int port = object->value(QStringLiteral("port")).toInt();
    OpenRequest request{object->value(QStringLiteral("host")).toString(), quint16(port),
                        std::clamp(object->value(QStringLiteral("milliseconds")).toInt(), 1, 60'000)};
    if (request.host.isEmpty() || request.host.size() > 253 || port < 1 || port > 65535)
        return core::fail(Code::Protocol, QStringLiteral("the request for a stream names no host and port"));
    return request;
}

QByteArray printWelcome()
{
    return compact({{kProtocol, kProtocolVersion}});
}

core::Result<int> parseWelcome(QByteArrayView payload)
{
    const auto object = objectOf(payload, QStringLiteral("the welcome"));
    if (!object)
        return core::fail(object.error());
    return object->value(kProtocol).toInt();
}

QByteArray print(const core::Error &error)
{
    return compact({{QStringLiteral("code"), core::codeName(error.code)},
                    {QStringLiteral("what"), error.what.left(512)},
                    {QStringLiteral("detail"), error.detail.left(512)}});
}

core::Error parseError(QByteArrayView payload)
{
    const auto object = objectOf(payload, QStringLiteral("the failure"));
    core::Error error{Code::Unreachable, QStringLiteral("the gateway client could not connect")};
    if (!object)
        return error;
    for (const Code code : {Code::Timeout, Code::Denied, Code::Busy}) {
        if (object->value(QStringLiteral("code")).toString() == core::codeName(code))
            error.code = code;
    }
    error.what = shown(object->value(QStringLiteral("what")).toString(), 512);
    error.detail = shown(object->value(QStringLiteral("detail")).toString(), 512);
    return error;
}

} // namespace gatehouse::link
