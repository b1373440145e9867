// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping, compiled once and evaluated for every entry. Plain source-to-target rows cost next to
// nothing; expressions see the entry's attributes under their bare names. A value that does not fit its target is a
// problem of that entry and nobody else's. Immutable once compiled, any thread.
#pragma once

#include "core/config/attributemapping.h"
#include "core/entry.h"
#include "core/expr/expression.h"
#include "core/identity.h"

#include <limits>
#include <memory>
#include <vector>

namespace gatehouse::core {

/// What a mapping makes of one entry.
struct MappedEntry {
    AttributeValues values;
    QList<Problem> problems;
};

/// In the place of a moment (milliseconds since 1970): whatever the system's clock says when it is asked.
inline constexpr qint64 kSystemClock = std::numeric_limits<qint64>::min();

/// What an expression sees of one entry: a single value is a text, several are a list, a binary one its base64 text
/// (see isBinaryAttribute()), an absent attribute null; `active` is a boolean. @p slotOfName gives the batch's slot for
/// each of the expression's rootNames(), @p now the moment that it takes for now (kSystemClock: when it asks).
class EntryContext final : public expr::Context {
public:
    static constexpr int kComputedActive = -1;

    EntryContext(const EntryView &entry, const std::vector<int> &slotOfName, bool active, qint64 now = kSystemClock)
        : m_entry(entry), m_slots(slotOfName), m_active(active), m_now(now)
    {
    }
    expr::Value root(int slot, const QString &name) const override;
    expr::Value whole() const override;
    qint64 now() const override { return m_now == kSystemClock ? expr::Context::now() : m_now; }

private:
    const EntryView &m_entry;
    const std::vector<int> &m_slots;
    bool m_active;
    qint64 m_now;
};

/// What a sound expression still cannot do in a mapping: a directory is asked for attributes by name, so they have to be
/// named.
QList<expr::Fault> mappingFaults(const expr::Expression &expression);

/// The error code of a fault, by what a person can do about it.
Code codeOf(expr::FaultKind kind);

/// The faults of an expression as errors that point into it.
QList<Error> expressionErrors(const QString &expression, const QList<expr::Fault> &faults);

/// An expression's result as a value of @p target; a problem where it does not fit. Null is absence; of a list a
/// single-valued target takes the first value.
Value valueFor(const AttributeDefinition &target, const expr::Value &result, QList<Problem> &problems);

/// The values of the attribute @p name as an expression sees them (see EntryContext).
expr::Value expressionValue(QByteArrayView name, const QList<QByteArray> &values);

/// What the catalogue has against @p value for attribute number @p target; a missing value is told with its @p source.
std::optional<Problem> checkMapped(const AttributeCatalog &catalog, int target, const Value &value, const QString &source);

class Mapping {
public:
    static constexpr int kComputedActive = EntryContext::kComputedActive;

    /// Every fault of every row, `where` being "attributeMappings[i].target" and the like; for an expression's faults
    /// also the place in it.
    [[nodiscard]] static tl::expected<Mapping, QList<Error>>
    compile(const QList<AttributeMapping> &rows, std::shared_ptr<const AttributeCatalog> catalog);

    /// The LDAP attributes that the mapping reads. A batch to be evaluated has these as its first slots.
    const SlotNames &sources() const { return m_sources; }
    /// @p active is the value of the computed source attribute "active"; @p now is the moment for expressions that ask for
    /// it: one for all entries of a run.
    MappedEntry evaluate(const EntryView &entry, bool active, qint64 now = kSystemClock) const;
    /// Whether any row asks the clock, so that an entry which has not changed may give other values later.
    bool asksClock() const { return m_asksClock; }
    /// Changes whenever the rows that ask the clock would give other values for the entry; 0 when none does.
    quint64 clockFingerprint(const EntryView &entry, bool active, qint64 now) const;

    const AttributeCatalog &catalog() const { return *m_catalog; }
    const std::shared_ptr<const AttributeCatalog> &sharedCatalog() const { return m_catalog; }
    /// The targets, in the order of the rows.
    struct Target {
        int number;
        MappingWhen when;
    };
    const std::vector<Target> &targets() const { return m_targets; }
    /// The LDAP attribute that the username comes from; empty when it is not mapped.
    QByteArray usernameSource() const;
    /// Changes whenever the mapping would give other values for the same entry.
    quint64 fingerprint() const { return m_fingerprint; }

private:
    struct Row {
        int target = -1;
        int slot = kComputedActive; ///< of the source attribute
        QString sourceName; ///< for messages
        std::optional<expr::Expression> expression;
        std::vector<int> rootSlots; ///< of the names that the expression reads
    };
    int slotOf(const QString &attribute);
    Value convert(const EntryView &entry, const Row &row, bool active, qint64 now, QList<Problem> &problems) const;
    Value evaluateExpression(const EntryView &entry, const Row &row, bool active, qint64 now, QList<Problem> &problems) const;
    Value listOf(const EntryView &entry, const Row &row, QList<Problem> &problems) const;

    std::shared_ptr<const AttributeCatalog> m_catalog;
    SlotNames m_sources;
    std::vector<Row> m_rows;
    std::vector<Target> m_targets;
    quint64 m_fingerprint = 0;
    bool m_asksClock = false;
};

} // namespace gatehouse::core
