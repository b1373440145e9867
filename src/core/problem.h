// SPDX-License-Identifier: GPL-3.0-or-later
//
// Why one object cannot be provisioned as asked: its attribute, a code a program can act on, and a sentence a person
// can act on. A problem fails its object, never the run.
#pragma once

#include <QList>
#include <QString>

namespace gatehouse::core {

enum class ProblemCode {
    RequiredValue,       ///< REQUIRED_VALUE: a required attribute has no value
    InvalidValue,        ///< INVALID_VALUE: wrong kind, wrong form, not UTF-8
    TooLong,             ///< TOO_LONG: more characters than the attribute may have
    UniquenessViolation, ///< UNIQUENESS_VIOLATION: somebody else has this value
    AmbiguousMatch,      ///< AMBIGUOUS_MATCH: more than one candidate
    TakenMatch,          ///< TAKEN_MATCH: the matching user belongs to another entry
    ExpressionFault,     ///< EXPRESSION_FAULT: the mapping's expression failed for this entry
    MissingIdentifier,   ///< MISSING_IDENTIFIER: the entry has no immutable id
    DuplicateEntry,      ///< DUPLICATE_ENTRY: the read delivered the same immutable id twice
    ChangedMeanwhile,    ///< CHANGED_MEANWHILE: the user changed between plan and apply
    NotAllowed,          ///< NOT_ALLOWED: the connection's preferences do not allow the action
    StoreFault,          ///< STORE_FAULT: the environment refused the row
};

QString codeName(ProblemCode code);

struct Problem {
    QString attribute; ///< target attribute's name; empty when the object as a whole is meant
    ProblemCode code = ProblemCode::InvalidValue;
    QString message;
    bool operator==(const Problem &) const = default;
};

} // namespace gatehouse::core
