// SPDX-License-Identifier: GPL-3.0-or-later
//
// One LDAP operation (RFC 4511 4.5 to 4.13) as values: what is asked for, what comes while it runs, and how it ends.
// ldap::Channel carries it out. Octets are octets: DNs are UTF-8, values are whatever the directory holds. Pure values.
#pragma once

#include "core/cancel.h"
#include "core/entry.h"
#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <variant>

namespace gatehouse::ldap {

enum class Scope { Base, OneLevel, Subtree };
/// When aliases are followed (RFC 4511 4.5.1.3).
enum class Dereference { Never, InSearching, FindingBase, Always };

/// A control sent along with a request (RFC 4511 4.1.11).
struct RequestControl {
    QByteArray oid;
    bool isCritical = true; ///< a server that does not know it refuses the request
    std::optional<QByteArray> value = {};
};

/// A control that came with an answer.
struct ResponseControl {
    QByteArray oid;
    std::optional<QByteArray> value = {};
};
/// The first of @p controls with this OID; nullptr when there is none.
const ResponseControl *controlOf(const QList<ResponseControl> &controls, QByteArrayView oid);

struct SearchOperation {
    QByteArray base;
    Scope scope = Scope::Base;
    QByteArray filter = "(objectClass=*)"; ///< RFC 4515
    QList<QByteArray>
        attributes; ///< "*": all of users, "+": all operational ones; empty: none ("1.1", RFC 4511 4.5.1.8)
    Dereference dereference = Dereference::Never;
    int sizeLimit = 0; ///< entries; 0: the server's own limit
    int timeLimit = 0; ///< seconds that the server may take; 0: its own limit
    bool typesOnly = false;
};

struct AddOperation {
    QByteArray dn;
    QList<core::Attribute> attributes;
};

struct Modification {
    enum class Kind { Add, Delete, Replace, Increment };
    Kind kind = Kind::Replace;
    QByteArray attribute;
    QList<QByteArray> values; ///< none: Delete takes all values away, and so does Replace
};

struct ModifyOperation {
    QByteArray dn;
    QList<Modification> modifications; ///< all of them or none, in this order
};

struct DeleteOperation {
    QByteArray dn;
};

struct ModifyDnOperation {
    QByteArray dn;
    QByteArray newRdn;
    std::optional<QByteArray> newSuperior = {}; ///< absent: the entry stays below its parent
    bool deleteOldRdn = true;
};

struct CompareOperation {
    QByteArray dn;
    QByteArray attribute;
    QByteArray value;
};

struct ExtendedOperation {
    QByteArray oid;
    std::optional<QByteArray> value = {};
};

using Request = std::variant<SearchOperation, AddOperation, ModifyOperation, DeleteOperation, ModifyDnOperation,
                             CompareOperation, ExtendedOperation>;

/// How long an operation may take from the moment that it is sent; 0: for ever, as a search that waits for changes
/// does.
struct Patience {
    std::chrono::milliseconds silence{30'000}; ///< without anything from the server for it
    std::chrono::milliseconds whole{600'000};  ///< however steadily answers come
    /// So many entries buy a second more of the whole, up to `longest`; 0: none do.
    int slowest = 0;
    std::chrono::milliseconds longest = std::chrono::hours(6);
};

struct Operation {
    Request request;
    QList<RequestControl> controls = {};
    Patience patience = {};
    /// Operations of one channel with the same order are sent one after another, each when the one before has ended:
    /// for changes of one object. Empty: in any order, and several at a time.
    QByteArray order = {};
    /// Ends this operation alone; noticed within 50 ms.
    std::optional<core::CancelToken> cancel = {};
};

/// An entry as it came. Views into the message: good during the call that hands it over.
struct ReceivedEntry {
    QByteArrayView dn;
    QByteArrayView attributes; ///< content of PartialAttributeList (RFC 4511 4.5.2), BER
    QList<ResponseControl> controls = {};
    /// Under the names that the server gave; nothing when it is malformed.
    std::optional<core::Entry> toEntry() const;
};

/// RFC 4511 4.5.3.
struct ReceivedReference {
    QStringList uris; ///< alternatives for one place
    QList<ResponseControl> controls = {};
};

/// RFC 4511 4.13.
struct Intermediate {
    QByteArray oid;
    std::optional<QByteArray> value = {};
    QList<ResponseControl> controls = {};
};

/// LDAPResult (RFC 4511 4.1.9).
struct Answer {
    int rc = 0;   ///< result code; a compare answers 5 (no) or 6 (yes)
    QString says; ///< diagnostic message
    QString matchedDn;
    QStringList referrals;
    QList<ResponseControl> controls;
    QByteArray oid;                  ///< of an extended answer
    std::optional<QByteArray> value; ///< the same
};

/// How an operation ended.
struct Outcome {
    /// The server's answer, good or bad. An error when none came: Cancelled, Timeout, Unreachable (the connection was
    /// lost), InvalidInput or Syntax (it could not be sent), Busy (too many wait), Protocol.
    core::Result<Answer> answer;
    /// It was sent and no answer came: whether a change was made is not known. Look before it is tried again.
    bool isNotKnown = false;

    /// The answer as success or error; compareFalse and compareTrue are success.
    [[nodiscard]] core::Result<Answer> orError(const QString &what, const QString &place) const;
};

/// Takes what comes for one operation. All calls come from the connection's thread, one at a time, and must not block.
/// Each operation ends with exactly one call of ended(), which is the last.
class Sink {
public:
    Sink() = default;
    virtual ~Sink() = default;
    Sink(const Sink &) = delete;
    Sink &operator=(const Sink &) = delete;

    /// False: enough; the operation is abandoned and ends with Code::Cancelled.
    virtual bool take(const ReceivedEntry &) { return true; }
    virtual bool take(const ReceivedReference &) { return true; }
    virtual bool take(const Intermediate &) { return true; }
    virtual void ended(const Outcome &outcome) = 0;
    /// Whether reading shall wait until the sink has room and Channel::goOn() is called. The connection waits only
    /// while it has no other operation in flight.
    virtual bool isFull() const { return false; }
    /// Whether controls of entries are looked for, which takes time.
    virtual bool wantsEntryControls() const { return true; }
};

/// The error for an answer that is not success: what the server says, and where it refers to.
core::Error errorOf(const Answer &answer, const QString &what, const QString &place);

} // namespace gatehouse::ldap
