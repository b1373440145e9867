// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one error value of the program. Codes are grouped by what a person can do about them, not by the
// room they come from. `what` is a short English phrase for logs and the command line, `detail` is what the
// other side said (never a secret), `where` names the place: a JSON path, a DN, a file, a host and port.
#pragma once

#include <QString>

#include <optional>

namespace gatehouse::core {

enum class Code {
    InvalidInput,    ///< a value is wrong: correct it
    Syntax,          ///< a text does not parse (filter, DN, expression, JSON): see offset
    Evaluation,      ///< an expression parses, but fails on these data: see offset
    EvaluationLimit, ///< an expression needs more work, text or memory than one evaluation may: see offset
    NotFound,        ///< the thing named does not exist
    Exists,          ///< the name is taken
    Conflict,        ///< something changed meanwhile, or two things exclude each other
    Unreachable,     ///< no connection: name, network, port
    Untrusted,       ///< the certificate or the secure channel was refused
    Unauthenticated, ///< the bind was refused
    Denied,          ///< authenticated, but not allowed
    Timeout,         ///< a deadline passed
    Cancelled,       ///< somebody asked to stop
    LimitExceeded,   ///< a size, time or administrative limit ended the work early
    Busy,            ///< try again later: server busy, environment written by somebody else
    Locked,          ///< another run holds the rule
    Guard,           ///< a guard stopped the run before its first change
    Unsupported,     ///< the server or this version cannot do it
    Protocol,        ///< the other side broke the protocol, or a read ended incomplete
    Corrupt,         ///< stored data is damaged, or of a newer version
    Internal,        ///< a fault of this program
};

/// The code's name as the command line and the API print it, e.g. "LIMIT_EXCEEDED".
QString codeName(Code code);

struct Error {
    Code code = Code::Internal;
    QString what;
    QString detail = {};
    QString where = {};
    int native = 0; ///< LDAP result code, SQLite code or errno; 0 when there is none
    int offset = -1; ///< for texts that are wrong at a place: first wrong character in the text, -1 when unknown
    int length = 0;
    QString subject = {}; ///< the text that offset and length point into
    bool isLocal = false; ///< a file of this machine is at fault (environment, lock, output), no directory

    /// True for faults that pass by themselves: a later try can succeed unchanged.
    bool isTransient() const;
    /// The same error with @p context put before `where`, e.g. error.in("rules[0]").
    Error in(const QString &context) const;
    /// "what: detail (where)", for logs and terminals.
    QString text() const;
    /// The part of the subject around the fault, on one line of some 100 characters, and below it a caret for each
    /// wrong character, for terminals and fixed-width fields. Empty when there is no place to point at.
    QString caret() const;

    bool operator==(const Error &) const = default;
};

} // namespace gatehouse::core
