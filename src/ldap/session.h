// SPDX-License-Identifier: GPL-3.0-or-later
//
// One connection to one directory server. We resolve and connect ourselves and hand the descriptor to libldap
// (ldap_init_fd), so that every wait has a deadline and can be cancelled: a watchdog shuts the descriptor down when
// the time is over. All verbs block and belong to the thread that made the session; cancel() may come from any
// thread. Once it is open, a thread of the connection's own does the work (ldap::Channel), and channel() lets others use it
// without blocking, several operations at a time. Nothing is sent after securing the channel failed, and no bind leaves before it is as configured. The
// session never retries, never shows text, never reads ldap.conf or ldaprc.
#pragma once

#include "core/cancel.h"
#include "core/config/hostandport.h"
#include "core/config/security.h"
#include "core/entry.h"
#include "core/result.h"
#include "core/schema.h"
#include "core/secret.h"
#include "ldap/certificate.h"
#include "ldap/channel.h"
#include "ldap/operation.h"
#include "ldap/password.h"
#include "ldap/server.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::ldap {

/// How long each wait may take. A server that accepts and then says nothing fails at the matching deadline.
struct Deadlines {
    std::chrono::milliseconds resolve{5'000};
    std::chrono::milliseconds connect{5'000};
    std::chrono::milliseconds secure{10'000}; ///< StartTLS answer and TLS handshake together
    std::chrono::milliseconds bind{10'000};
    std::chrono::milliseconds silence{30'000}; ///< longest time without an octet from the server during a request
    /// A reading request as a whole, however steadily it drips; a search may take a second more for every
    /// kSlowestEntries that it has brought, up to `longest`. The time that a sink takes does not count.
    std::chrono::milliseconds whole{600'000};
    std::chrono::milliseconds longest = std::chrono::hours(6); ///< of a search: a million entries as slowly as is bearable
    std::chrono::milliseconds referrals{15'000}; ///< to reach the servers that one search is referred to, all together
};
/// Entries a second that a search must bring in the long run.
inline constexpr int kSlowestEntries = 50;

struct Trust {
    bool verify = true;            ///< chain, host name and dates
    QString caFile;                ///< PEM; empty: the system's
    QString systemCaFile = QStringLiteral("/etc/ssl/certs/ca-certificates.crt"); ///< the system's; PEM
    QByteArray pinnedSha256;       ///< 32 octets: exactly this certificate, instead of a chain
};

/// A connection that somebody else made.
struct Dialled {
    int socket = -1;  ///< a connected stream socket, the session's from now on
    QString by;       ///< who made it, for people
    QString address;  ///< numeric, where known
};
/// Makes connections in the session's stead, as a gateway client does. Blocks for at most the time allowed and looks
/// at isCancelled meanwhile. May be called several times, and for other hosts where referrals are followed.
using Dialler = std::function<core::Result<Dialled>(const QString &host, quint16 port, std::chrono::milliseconds allowed,
                                                    const std::function<bool()> &isCancelled)>;

struct Target {
    QString host;
    quint16 port = 389;
    core::ConnectionSecurity security = core::ConnectionSecurity::Tls;
    Trust trust;
    bool followReferrals = false;
    /// Servers to which referrals are followed, with the same account and security. To others a connection is tried, to
    /// tell what is there, and nothing sent.
    QList<core::HostAndPort> trustedServers = {};
    core::BindMechanism mechanism = core::BindMechanism::Simple;
    QString bindDn; ///< empty: anonymous. Gssapi: the user principal name of the account whose ticket is got
    core::Secret password;
    Deadlines deadlines;
    Dialler dialler = {}; ///< empty: the session resolves and connects itself
};

struct SearchRequest {
    QByteArray base;   ///< UTF-8 DN
    Scope scope = Scope::Subtree;
    QByteArray filter; ///< RFC 4515
    std::shared_ptr<const core::SlotNames> attributes;
    int pageSize = 1000; ///< RFC 2696; 0: unpaged
    qint64 limit = 0;    ///< stop cleanly after so many entries; 0: no limit
    QList<RequestControl> controls = {}; ///< beside the paging control
    Dereference dereference = Dereference::Never;
    /// Ends this search alone.
    std::optional<core::CancelToken> cancel = {};
    /// The directory's, where it is known: attributes may then be asked for by any of their names.
    std::shared_ptr<const core::Schema> schema = {};
    /// Of the attributes, those that are asked for only where `schema` knows them or is not known: each name in a request
    /// costs the server a comparison for each attribute of each entry.
    QList<QByteArray> askedWhereKnown = {};
};

/// A place that the server referred to, and that was not read.
struct MissedPlace {
    QString url;     ///< RFC 4516
    QString reason;  ///< e.g. "Connection refused"
    bool isTrusted = false;  ///< the server is one to which referrals may be followed
    bool isFollowed = false; ///< they are followed
};

/// How a search ended. Only a search with `complete` has seen everything that matches.
struct SearchEnd {
    qint64 entries = 0;
    int pages = 0;
    /// Search continuations that were not followed: what is behind them was not seen. Active Directory's own
    /// partitions, which hold no people, are none.
    qint64 referrals = 0;
    QList<MissedPlace> missed = {}; ///< the first kMostMissed of them
    bool complete = false;
    int pageSize = 0;         ///< that the server took; 0: without pages
    QString pagingFault = {}; ///< what it answered to the page size that was asked for, where it did not take it
};
inline constexpr qsizetype kMostMissed = 20;
/// "URL (reason); URL (reason)", for people.
QString namesOf(const QList<MissedPlace> &missed);

/// Takes a page; false stops the search (as by cancel). Called in the session's thread; may block to push back.
using PageSink = std::function<bool(core::EntryBatch &&)>;

class Session {
public:
    Session();
    ~Session();
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    // The stages of opening, in order; open() runs them all.
    /// The addresses, for people; empty where the target's dialler resolves the name.
    [[nodiscard]] core::Result<QString> resolve(const Target &target);
    [[nodiscard]] core::Result<QString> connect();                     ///< the address reached, and by whom
    [[nodiscard]] core::Result<void> secure();                         ///< nothing to do without TLS
    /// With a Kerberos ticket: got from the key distribution centre at the server's host (port 88), reached as the server
    /// is. Over TLS the ticket is bound to the channel; without TLS everything after the bind is sealed by Kerberos.
    [[nodiscard]] core::Result<void> bind();
    [[nodiscard]] core::Result<ServerInfo> readServerInfo();           ///< rootDSE (RFC 4512 5.1)
    [[nodiscard]] core::Result<ServerInfo> open(const Target &target);

    /// The server's certificate and TLS version after secure(), also after it failed on the certificate.
    std::optional<CertificateReport> certificate() const;
    /// What readServerInfo() found, once it has.
    const std::optional<ServerInfo> &serverInfo() const;
    /// host:port, for errors and lists.
    QString place() const;

    /// A paged search; pages reach @p sink as they come, the next page is asked for before the last is handed over.
    /// Where the server refuses pages, or pages of this size, it is read in smaller ones or in one piece; the session
    /// remembers that. No entry is handed over twice. Errors: the server's result as a Code (sizeLimitExceeded -> LimitExceeded, busy -> Busy, noSuchObject ->
    /// NotFound …), Timeout, Cancelled, Unreachable when the connection is lost, Protocol when the server repeats a
    /// cookie. Every value of every attribute in request.attributes is delivered, ranges (`member;range=`) included.
    [[nodiscard]] core::Result<SearchEnd> search(const SearchRequest &request, const PageSink &sink);
    /// One entry with the named attributes; "*" and "+" ask for all of a kind, and the names in the result are those
    /// that the server gave. NotFound when there is none, or when it does not match @p filter.
    [[nodiscard]] core::Result<core::Entry> read(const QByteArray &dn, const core::SlotNames &attributes,
                                                 const QByteArray &filter = "(objectClass=*)");

    /// A bind as somebody who signs on, on a secured connection; from then on it is theirs. What the server says of the
    /// account is the answer, errors are those of the connection. InvalidInput without a name or a password: such a bind
    /// passes as nobody (RFC 4513 5.1.2).
    [[nodiscard]] core::Result<BindAnswer> bindAs(const QByteArray &dn, const core::Secret &password);
    /// The same with a ticket of theirs, by user principal name, where the gateway's account binds so: without TLS the password
    /// is then never sent. @p entry tells of the account what the domain keeps to itself.
    [[nodiscard]] core::Result<BindAnswer> bindByTicketAs(const QString &account, const core::Secret &password, const core::Entry &entry);
    /// By RFC 3062 or, for Active Directory, unicodePwd. Untrusted where that would need a secured connection and this is
    /// none, Unsupported where the server does not know the operation, InvalidInput where it does not like the password.
    [[nodiscard]] core::Result<void> changePassword(const PasswordChange &change);

    /// Whether the account may change @p attribute of @p dn, found out without a change by OpenLDAP's no-operation
    /// control: the server goes through access control and schema and then gives up. What is sent adds a value and takes
    /// it away again, so that even a server that overlooks a critical control would change nothing. Unsupported where
    /// the server does not know the control.
    [[nodiscard]] core::Result<bool> mayWrite(const QByteArray &dn, const QByteArray &attribute);

    /// One message to the key distribution centre at the server's host, and its reply (RFC 4120 7.2.2). On a connection of its
    /// own, reached as the server is, within the deadlines of connecting and binding.
    [[nodiscard]] core::Result<QByteArray> askKdc(const QByteArray &message);
    /// Whether nobody on the way can read or change what is said: by TLS, or sealed by Kerberos.
    bool isConfidential() const;

    /// Any operation, as Channel::run(): adds, changes, deletions, renames, comparisons, extended ones.
    [[nodiscard]] Outcome run(Operation operation);
    /// The connection, once it is secured; nullptr before. Good until the session is opened again or goes.
    Channel *channel() const;
    /// Whether the connection stands and nothing has cancelled the session.
    bool isUsable() const;

    /// Ends the wait that is going on, and every later one, with Code::Cancelled. Any thread.
    void cancel();
    /// Cancels when @p token is cancelled, noticed within 50 ms. Before the work that it shall end.
    void cancelWith(const core::CancelToken &token);

private:
    friend class ReferredSearch;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::ldap
