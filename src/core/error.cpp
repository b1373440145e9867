// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/error.h"

#include "core/visibletext.h"

#include <algorithm>

namespace gatehouse::core {

/// How much of a text caret() shows, and how much of that before the fault.
static constexpr qsizetype kShownOfSubject = 100;
static constexpr qsizetype kShownBeforeFault = 50;

QString codeName(Code code)
{
    switch (code) {
    case Code::InvalidInput: return QStringLiteral("INVALID_INPUT");
    case Code::Syntax: return QStringLiteral("SYNTAX");
    case Code::Evaluation: return QStringLiteral("EVALUATION");
    case Code::EvaluationLimit: return QStringLiteral("EVALUATION_LIMIT");
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
    if (offset < 0 || subject.isEmpty())
        return {};
    const qsizetype start = std::min<qsizetype>(offset, subject.size());
    const qsizetype end = std::min<qsizetype>(start + std::max(0, length), subject.size());
    const auto inPair = [this](qsizetype at) {
        return at > 0 && at < subject.size() && subject.at(at).isLowSurrogate() && subject.at(at - 1).isHighSurrogate();
    };
    qsizetype from = subject.size() <= kShownOfSubject ? 0 : std::max<qsizetype>(0, start - kShownBeforeFault);
    qsizetype to = std::min(subject.size(), from + kShownOfSubject);
    from -= inPair(from) ? 1 : 0;
    to -= inPair(to) ? 1 : 0;
    const QString before = (from > 0 ? QStringLiteral("…") : QString()) + visible(subject.mid(from, start - from));
    const qsizetype wrongEnd = std::clamp(end, start, std::max(start, to));
    const QString wrong = visible(subject.mid(start, wrongEnd - start));
    const QString after = visible(subject.mid(wrongEnd, std::max<qsizetype>(0, to - wrongEnd)))
        + (to < subject.size() ? QStringLiteral("…") : QString());
    return before + wrong + after + u'\n' + QString(before.size(), u' ') + QString(std::max<qsizetype>(1, wrong.size()), u'^');
}

} // namespace gatehouse::core
