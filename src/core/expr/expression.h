// SPDX-License-Identifier: GPL-3.0-or-later
//
// An expression of the PingOne Expression Language: parsed and checked once, then evaluated any number of times. A
// value that is cheap to copy (copies share what was parsed) and immutable, so several threads may evaluate it at
// once. It reads nothing but its context, and can neither hang nor exhaust memory: see limits.h.
#pragma once

#include "core/expr/context.h"
#include "core/expr/fault.h"
#include "core/expr/library.h"

#include <QStringList>

#include <tl/expected.hpp>

namespace gatehouse::core::expr {

class Expression {
public:
    struct Options {
        /// Attributes that #root is known to have: others are warned about. Empty: names are not checked.
        QStringList names = {};
    };

    /// All faults at once, in the order of the text.
    [[nodiscard]] static tl::expected<Expression, QList<Fault>> parse(const QString &text, const Options &options);
    [[nodiscard]] static tl::expected<Expression, QList<Fault>> parse(const QString &text)
    {
        return parse(text, Options());
    }

    const QString &text() const;
    /// The same expression in one form; parses to the same tree.
    QString print() const;

    /// What is read from #root, as paths: "sn", "user.name.given". Inside selections and projections bare names mean
    /// the element and are not listed.
    QStringList references() const;
    /// The top-level names of these paths; the index of a name is its slot in Context::root().
    const QStringList &rootNames() const;
    /// True when #root is used as a whole, so that a caller cannot know which names are read.
    bool readsWholeRoot() const;

    /// True when it calls #datetime.now(): the same data may give another value later.
    bool asksClock() const;

    /// What kind of value it will give, as far as that is known: for warning of a list for a single-valued target.
    ValueType resultType() const;
    /// What will probably fail or surprise; never stops an expression from being used.
    QList<Fault> warnings() const;

    [[nodiscard]] tl::expected<Value, Fault> evaluate(const Context &context) const;

private:
    struct Data;
    explicit Expression(std::shared_ptr<const Data> data) : d(std::move(data)) {}
    std::shared_ptr<const Data> d;
};

} // namespace gatehouse::core::expr
