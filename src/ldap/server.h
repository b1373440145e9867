// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory server says of itself in its rootDSE (RFC 4512 5.1), and what follows from it. Pure values.
#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace gatehouse::ldap {

enum class Product { Unknown, ActiveDirectory, OpenLdap, Ds389, PingDirectory, OpenDj };

struct ServerInfo {
    Product product = Product::Unknown;
    QString vendor;  ///< as shown to people, e.g. "OpenLDAP"
    QString version;
    QStringList namingContexts;
    QString defaultNamingContext;
    QStringList supportedControls;
    QStringList supportedExtensions;
    QStringList supportedSaslMechanisms;
    bool pagedResults = false; ///< RFC 2696 announced
    QDateTime clock;           ///< the server's, where it tells it (Active Directory's currentTime)
    QDateTime readAt;          ///< this machine's clock when it was read
    QString kerberosRealm;     ///< of an Active Directory domain, e.g. "EXAMPLE.COM"
    QString dnsHostName;       ///< the server's own name, where it tells it
    QString changeLog;         ///< base of the change log, where there is one
    QString firstChange;       ///< number of the oldest and of the newest change in it
    QString lastChange;
};

} // namespace gatehouse::ldap
