// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/context.h"

#include <QDateTime>

namespace gatehouse::core::expr {

qint64 Context::now() const
{
    return QDateTime::currentMSecsSinceEpoch();
}

Value JsonContext::root(int, const QString &name) const
{
    const Value *found = m_root.kind() == Kind::Map ? m_root.map().find(name) : nullptr;
    return found ? *found : Value();
}

} // namespace gatehouse::core::expr
