// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/problem.h"

namespace gatehouse::core {

QString codeName(ProblemCode code)
{
    switch (code) {
    case ProblemCode::RequiredValue: return QStringLiteral("REQUIRED_VALUE");
    case ProblemCode::InvalidValue: return QStringLiteral("INVALID_VALUE");
    case ProblemCode::TooLong: return QStringLiteral("TOO_LONG");
    case ProblemCode::UniquenessViolation: return QStringLiteral("UNIQUENESS_VIOLATION");
    case ProblemCode::AmbiguousMatch: return QStringLiteral("AMBIGUOUS_MATCH");
    case ProblemCode::TakenMatch: return QStringLiteral("TAKEN_MATCH");
    case ProblemCode::ExpressionFault: return QStringLiteral("EXPRESSION_FAULT");
    case ProblemCode::MissingIdentifier: return QStringLiteral("MISSING_IDENTIFIER");
    case ProblemCode::DuplicateEntry: return QStringLiteral("DUPLICATE_ENTRY");
    case ProblemCode::ChangedMeanwhile: return QStringLiteral("CHANGED_MEANWHILE");
    case ProblemCode::NotAllowed: return QStringLiteral("NOT_ALLOWED");
    case ProblemCode::StoreFault: return QStringLiteral("STORE_FAULT");
    }
    return QStringLiteral("STORE_FAULT");
}

} // namespace gatehouse::core
