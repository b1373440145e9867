// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a directory server says of itself in its rootDSE (RFC 4512 5.1), and what follows from it. Pure values.
#pragma once

#include <QByteArray>
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
};

} // namespace gatehouse::ldap
