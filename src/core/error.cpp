// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/error.h"

#include <algorithm>

namespace gatehouse::core {

QString codeName(Code code)
{
    switch (code) {
    case Code::InvalidInput: return QStringLiteral("INVALID_INPUT");
    case Code::Syntax: return QStringLiteral("SYNTAX");
    case Code::NotFound: return QStringLiteral("NOT_FOUND");
    case Code::Exists: return QStringLiteral("EXISTS");
    case Code::Conflict: return QStringLiteral("CONFLICT");
    case Code::Unreachable: return QStringLiteral("UNREACHABLE");
    case Code::Untrusted: return QStringLiteral("UNTRUSTED");
    case Code::Unauthenticated: return QStringLiteral("UNAUTHENTICATED");
    case Code::Denied: return QStringLiteral("DENIED");
    case Code::Timeout: return QStringLiteral("TIMEOUT");
    case Code::Cancelled: return QStringLiteral("CANCELLED");
    case Code::LimitExceeded: return QStringLiteral("LIMIT_EXCEEDED");
    case Code::Busy: return QStringLiteral("BUSY");
    case Code::Locked: return QStringLiteral("LOCKED");
    case Code::Guard: return QStringLiteral("GUARD");
    case Code::Unsupported: return QStringLiteral("UNSUPPORTED");
    case Code::Protocol: return QStringLiteral("PROTOCOL");
    case Code::Corrupt: return QStringLiteral("CORRUPT");
    case Code::Internal: return QStringLiteral("INTERNAL");
    }
    return QStringLiteral("INTERNAL");
}

bool Error::isTransient() const
{
    return code == Code::Unreachable || code == Code::Timeout || code == Code::Busy;
}

Error Error::in(const QString &context) const
{
    Error copy = *this;
    if (copy.where.isEmpty())
        copy.where = context;
    else if (copy.where.startsWith(u'['))
        copy.where = context + copy.where;
    else
        copy.where = context + u'.' + copy.where;
    return copy;
}

QString Error::text() const
{
    QString text = what;
    if (!detail.isEmpty())
        text += QStringLiteral(": ") + detail;
    if (!where.isEmpty())
        text += QStringLiteral(" (") + where + u')';
    return text;
}

QString Error::caret() const
{
    if (offset < 0 || subject.isEmpty() || subject.contains(u'\n'))
        return {};
    return subject + u'\n' + QString(offset, u' ') + QString(std::max(1, length), u'^');
}

} // namespace gatehouse::core
