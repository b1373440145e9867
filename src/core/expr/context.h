// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where an expression reads its data from: #root. A caller that has its attributes at hand answers name by name
// without building a map; JsonContext serves a ready value. The caller owns the context for the time of one
// evaluation; evaluations in several threads need a context each, or one whose const functions are safe.
#pragma once

#include "core/expr/value.h"

namespace gatehouse::core::expr {

class Context {
public:
    virtual ~Context() = default;

    /// The top-level attribute @p name, null when there is none. @p slot is its index in Expression::rootNames(), so
    /// that a caller can look names up once for many evaluations.
    virtual Value root(int slot, const QString &name) const = 0;
    /// All of #root; asked for only when Expression::readsWholeRoot().
    virtual Value whole() const = 0;
    /// Milliseconds since 1970 for #datetime.now(); the system clock unless a caller wants one moment for a whole run.
    virtual qint64 now() const;

protected:
    Context() = default;
    Context(const Context &) = default;
    Context &operator=(const Context &) = default;
};

/// A context over one value, usually a map read from JSON.
class JsonContext final : public Context {
public:
    explicit JsonContext(Value root = Value(Map())) : m_root(std::move(root)) {}
    Value root(int slot, const QString &name) const override;
    Value whole() const override { return m_root; }

private:
    Value m_root;
};

} // namespace gatehouse::core::expr
