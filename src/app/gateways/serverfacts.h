// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory server is and can, in words, for a card beside the connection test: maker, version, naming contexts,
// clock, and its controls and extensions by what they are for. Pure functions.
#pragma once

#include "ldap/server.h"

#include <QList>
#include <QString>

#include <utility>

namespace gatehouse::app {

/// Label and value, in the order in which they are shown; what the server does not tell is left out.
QList<std::pair<QString, QString>> serverFacts(const ldap::ServerInfo &server);
/// "Results in pages"; the OID itself when it is none that we know.
QString oidText(const QString &oid);

} // namespace gatehouse::app
