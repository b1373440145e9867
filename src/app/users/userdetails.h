// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the details of one user show, read at once: the record, the groups, the linked LDAP entries with the
// names of their gateways and rules and when the rule last ran. read() runs in the reader thread; the rest are pure
// functions.
#pragma once

#include "core/externallink.h"
#include "core/identity.h"
#include "store/reader.h"
#include "store/signonlocks.h"

#include <QDateTime>

#include <optional>

namespace gatehouse::app {

struct LinkedEntry {
    QString gateway; ///< name; the id as text when the gateway is gone
    QString rule;    ///< name; empty when no rule provisions it
    QString dn;
    QString sourceId;
    bool deprovisioned = false;
    QDateTime lastRun; ///< when the rule last ran to an end; invalid: never
};

struct UserDetails {
    core::User user;
    QList<core::Group> groups;
    QList<LinkedEntry> links;
    core::ExternalLink externalLink; ///< of the user's sign-on
    std::optional<store::SignOnLock> lock; ///< after wrong passwords
};

[[nodiscard]] core::Result<UserDetails> readUserDetails(store::Reader &reader, qint64 row);

/// "Locked after 10 wrong passwords, until 15:04."
QString lockText(const store::SignOnLock &lock);

/// The attributes of a profile by sections, in the order of forms. `enabled` is not among them: it has its switch.
struct AttributeSection {
    enum class Kind { Account, Name, Contact, Address, Preferences, Custom };
    Kind kind = Kind::Account;
    QList<int> attributes; ///< numbers in the catalogue
};
QList<AttributeSection> attributeSections(const core::AttributeCatalog &catalog);
/// A section's title.
QString sectionTitle(AttributeSection::Kind kind);

} // namespace gatehouse::app
