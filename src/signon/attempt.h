// SPDX-License-Identifier: GPL-3.0-or-later
//
// One sign-on from what was typed, or from the ticket that came, to what is stored: choose the user type, find the entry, check the password, work out
// user and groups, record them all or not at all. A simulation is the same way without the person's bind and without the
// writes. Blocks on the directory (each wait bounded by the request's deadlines) and uses the environment in its thread;
// lives for one attempt. Tells nobody but the report and the audit why somebody was refused.
#pragma once

#include "core/cancel.h"
#include "core/config/configuration.h"
#include "gateway/connector.h"
#include "kerberos/acceptor.h"
#include "kerberos/exchange.h"
#include "signon/lookup.h"
#include "signon/nestedgroups.h"
#include "signon/report.h"
#include "store/environment.h"

#include <QElapsedTimer>

#include <memory>

namespace gatehouse::signon {

class Attempt {
public:
    Attempt(store::Environment &environment, Request request, core::CancelToken cancel);

    /// Errors are those of the question (no such gateway or user type), of the environment, and Cancelled. Everything else
    /// is a report.
    [[nodiscard]] core::Result<Report> run();

private:
    /// Whether to go on; the report has the reason where not.
    using Step = core::Result<bool>;

    [[nodiscard]] core::Result<void> prepare();
    [[nodiscard]] Step walk();
    [[nodiscard]] Step walkByPassword();
    [[nodiscard]] Step walkByTicket();
    [[nodiscard]] Step go(std::initializer_list<Step (Attempt::*)()> steps);
    // Against guessing.
    QString source() const;
    [[nodiscard]] Step takeTurn();
    [[nodiscard]] Step takeTurnOfPerson();
    [[nodiscard]] Step foretellLock(const QString &subject);
    [[nodiscard]] Step countGuess(const QStringList &subjects);
    [[nodiscard]] core::Result<void> settleGuess(bool brokenOff);
    [[nodiscard]] core::Result<void> openForPerson();
    void evenOut();
    void keepPace();
    void sleepUntil(qint64 milliseconds);
    // By name and password.
    [[nodiscard]] Step knowUser();
    [[nodiscard]] Step openDirectory();
    void learnSchema();
    [[nodiscard]] Step findEntry();
    [[nodiscard]] Step findLinked();
    [[nodiscard]] Step findNew();
    // By ticket.
    [[nodiscard]] Step openForTicket();
    [[nodiscard]] Step takeTicket();
    [[nodiscard]] core::Result<void> judgeTicket(const kerberos::Holder &holder);
    [[nodiscard]] Step findHolder();
    [[nodiscard]] Step judgeHolder();
    [[nodiscard]] core::Result<QByteArray> desktopToken(const kerberos::Exchange &exchange);

    using Find = std::function<core::Result<std::optional<FoundEntry>>(Lookup &lookup, Considered &considered)>;
    /// The first user type that finds exactly one entry.
    [[nodiscard]] Step findFirst(const Find &find);
    [[nodiscard]] Step settleUser();
    [[nodiscard]] Step keepOwnUserType();
    [[nodiscard]] Step checkPassword();
    [[nodiscard]] Step checkInDirectory();
    /// The bind of who signs on: with the password or, where nothing else would hide it, with a ticket.
    [[nodiscard]] core::Result<ldap::BindAnswer> bindPerson(ldap::Session &session, const core::Entry &entry,
                                                            const core::Secret &password) const;
    [[nodiscard]] Step foretell(ldap::AccountState state);
    [[nodiscard]] Step workOut();
    /// What becomes of the user and of their groups.
    [[nodiscard]] Step foresee();
    [[nodiscard]] Step readNestedGroups(const core::SignOnMapping &mapping, std::optional<NestedGroups> &nested);
    [[nodiscard]] Step changePassword();
    [[nodiscard]] core::Result<void> sendNewPassword();
    [[nodiscard]] Step record();
    [[nodiscard]] core::Result<void> decideHash();

    Step refuse(const QString &reason);
    Step refuse(const QString &reason, const core::Error &error);
    void stand(core::ProblemCode code, const QString &message, const QString &attribute = {});
    void take(FoundEntry found, const core::UserType &userType);
    [[nodiscard]] core::Result<std::optional<core::SignOnMapping>> mappingOf(const core::UserType &userType) const;
    const core::UserType *userTypeNamed(const QString &name) const;
    bool isByTicket() const;
    bool isActiveDirectory() const { return m_gateway.vendor == core::Vendor::ActiveDirectory; }

    store::Environment &m_environment;
    Request m_request;
    core::CancelToken m_cancel;
    QElapsedTimer m_timer;
    QStringList m_guesses;    ///< what this attempt is counted under
    qint64 m_waited = 0;      ///< milliseconds until it was its turn
    qint64 m_opening = -1;    ///< milliseconds that the directory took to be opened; -1: it was not tried
    bool m_asked = false;     ///< the directory was asked about the password
    bool m_hashed = false;    ///< the password was hashed, which takes time
    bool m_passwordWasRight = false;
    bool m_isTurnedAway = false; ///< before anything was asked
    Report m_report;
    core::Configuration m_configuration;
    core::Gateway m_gateway;
    std::optional<core::User> m_user;        ///< whose record it is, as stored
    const core::UserType *m_userType = nullptr; ///< of m_gateway
    QByteArray m_hash;                       ///< stored with the user
    std::optional<gateway::OpenSession> m_directory;
    std::shared_ptr<const core::Schema> m_schema; ///< of the directory; nullptr: it shows none
    std::unique_ptr<ldap::Session> m_person; ///< bound as who signs on, or refused so far
    bool m_mustChange = false;               ///< the password was right, but is not good any more
    QByteArray m_holderSid;                  ///< objectSid of whose the ticket is
    std::optional<FoundEntry> m_found;
    store::SignOn m_record;
};

} // namespace gatehouse::signon
