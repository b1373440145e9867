// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the JSON payloads of the tunnel's frames say. Pure values and functions; what comes from the other side is
// checked for types and limits before anybody sees it.
#pragma once

#include "core/gatewaycredential.h"
#include "core/result.h"
#include "link/instance.h"

#include <QByteArray>

namespace gatehouse::link {

struct Hello {
    int protocol = 0;
    QString version;
    QString hostName;
    QUuid instance;
    core::GatewayCredential credential;
};
struct Report {
    int busyPercentage = 0;
    QList<ServerState> servers;
};
struct OpenRequest {
    QString host;
    quint16 port = 0;
    int milliseconds = 0; ///< how long connecting may take
};

/// Holds the credential.
core::Secret print(const Hello &hello);
QByteArray print(const Report &report);
QByteArray print(const OpenRequest &request);
QByteArray printWelcome();
QByteArray print(const core::Error &error);

[[nodiscard]] core::Result<Hello> parseHello(QByteArrayView payload);
[[nodiscard]] core::Result<Report> parseReport(QByteArrayView payload);
[[nodiscard]] core::Result<OpenRequest> parseOpen(QByteArrayView payload);
/// The protocol version that the endpoint speaks.
[[nodiscard]] core::Result<int> parseWelcome(QByteArrayView payload);
/// The error that a client sent; of all codes only those of connecting: Unreachable, Timeout, Denied, Busy.
core::Error parseError(QByteArrayView payload);

/// A text of the other side, made fit for showing: no control characters, at most @p most characters.
QString shown(const QString &text, qsizetype most = 256);

} // namespace gatehouse::link
