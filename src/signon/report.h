// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is asked of a sign-on and what it tells, as values. A report is for administrators: what of it the person may
// learn who signs on is the outcome alone. Any thread.
#pragma once

#include "core/entry.h"
#include "core/identity.h"
#include "core/plan/step.h"
#include "core/secret.h"
#include "ldap/password.h"
#include "ldap/session.h"
#include "store/signons.h"

#include <QHash>
#include <QJsonObject>

#include <chrono>
#include <optional>

namespace gatehouse::signon {

/// What somebody shows to be let in.
enum class Proof {
    Password,
    Ticket,       ///< a Kerberos token that came from elsewhere, from a browser for example
    DesktopTicket ///< the ticket of whoever is signed on to this desktop
};

struct Request {
    QString gateway;
    QString identifier; ///< as typed; tickets have names of their own
    QString userType = {}; ///< empty: the first, in the gateway's order, that finds somebody
    core::Secret password = {};
    Proof proof = Proof::Password;
    QByteArray ticket = {}; ///< for Proof::Ticket: a GSS-API token (RFC 4559)
    core::Secret newPassword = {}; ///< empty: the password stays
    bool simulate = false; ///< everything but the bind of the person and the writes; needs no password
    QString source = {}; ///< from where it comes, an address for example; empty: from who runs this program. Guesses are counted
    ldap::Deadlines deadlines = {};
    /// Refusals are answered at multiples of this time, so that it does not tell what was wrong.
    std::chrono::milliseconds refusalPace{500};
};

enum class Outcome {
    Succeeded,        ///< simulated: nothing stands in the way
    Refused,          ///< whatever the reason, the person is told one and the same
    NewPasswordNeeded ///< the password was right, but has expired or must be changed; may be changed here
};

/// One user type that was tried, in its turn.
struct Considered {
    QString userType;
    bool chosen = false;
    QString baseDn;
    QStringList filters; ///< as sent; link attributes have one each
    QStringList found;   ///< DNs, the first few
    QString why;         ///< why it was chosen, or was not
};

enum class Checker { Nobody, Directory, IdentityDirectory, Ticket };
/// "Negotiate YII…" as in an HTTP header, or the base64 text alone, or the octets themselves.
QByteArray ticketOctets(const QByteArray &given);

struct Report {
    Outcome outcome = Outcome::Refused;
    QString reason; ///< one sentence for administrators
    QString gateway;
    QString identifier;
    bool simulated = false;
    QList<Considered> considered;
    QString userType; ///< the one that was chosen
    QString server;   ///< host:port; empty when the directory was not asked
    std::optional<core::Entry> entry;
    QByteArray sourceId; ///< the entry's immutable id
    Checker checker = Checker::Nobody;
    QString ticketHolder; ///< who the ticket says it is, e.g. "zoe@EXAMPLE.COM"
    std::optional<ldap::BindAnswer> bind;

    bool createsUser = false;
    bool updatesUser = false;
    bool readThrough = false; ///< the directory checks the password, and no record is made
    bool passwordChanged = false;
    std::optional<core::User> user; ///< as stored: before a simulated or refused sign-on, after a successful one
    QList<core::AttributeChange> attributes; ///< every mapped one, changed or not
    bool groupsAreWhole = true; ///< false: part of the directory was not read, so nobody is taken out of a group
    QStringList kept; ///< targets that would be blanked, and are not: the account is seen to read them of nobody else
    std::optional<QList<store::GroupChange>> groups; ///< nothing: memberships stay
    QHash<QString, QStringList> groupPaths; ///< of nested groups: name -> names from the user's own group on
    QJsonObject correlationAttributes;
    QList<core::Problem> problems; ///< what stands in the way
    std::optional<core::Error> error; ///< of the directory or the environment
    qint64 milliseconds = 0;
};

/// "succeeded", "refused", "newPasswordNeeded".
QString outcomeName(Outcome outcome);
/// The whole report, for administrators.
QJsonObject toJson(const Report &report);

} // namespace gatehouse::signon
