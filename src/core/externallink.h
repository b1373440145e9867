// SPDX-License-Identifier: GPL-3.0-or-later
//
// The link of a user to an entry in an LDAP directory, as the API writes it below password.external.gateway: which
// gateway and user type, and the link attributes by which the entry is found again. Pure value, any thread.
#pragma once

#include <QJsonObject>
#include <QUuid>

namespace gatehouse::core {

struct ExternalLink {
    QUuid gateway;  ///< null where the gateway is gone
    QUuid userType;
    QJsonObject correlationAttributes; ///< name to text: objectGUID, objectSid and the like as people write them
    bool operator==(const ExternalLink &) const = default;
};

/// @p user, a user's JSON, with the ids and link attributes in its password.external.gateway; as it is without one.
QJsonObject withExternalLink(QJsonObject user, const ExternalLink &link);

} // namespace gatehouse::core
