// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory server says of itself in its rootDSE (RFC 4512 5.1), and what follows from it. Pure values.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
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

/// Whether @p dn is the root of one of Active Directory's partitions that hold no people: configuration, DNS zones.
bool isSystemPartition(QByteArrayView dn);
/// The naming contexts in which people may be, the default one alone where the server names one: no partition of the
/// server's own for its settings, its schema, what it measures and what it logs.
QStringList peoplesContexts(const ServerInfo &server);

} // namespace gatehouse::ldap
