// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a filter says of one entry by the values that were read of it. Three answers (RFC 4511 4.5.1.7): where a server
// compares by rules that are not known here, or where it cannot be told whether a value is absent or hidden, the answer is
// Unsure and whoever asks has to ask the server, or do nothing. Pure, any thread.
#pragma once

#include "core/entry.h"
#include "core/filter.h"
#include "core/schema.h"

#include <QSet>

#include <functional>

namespace gatehouse::core {

enum class Truth { False, True, Unsure };

class FilterMatch {
public:
    /// @p schema: nullptr when it could not be read. @p canRead says of an attribute that the entry has no value of
    /// whether the account is known to see it of others: else it may only be hidden. Both outlive the object.
    FilterMatch(const Filter &filter, const Schema *schema, std::function<bool(const QByteArray &)> canRead);

    /// The attributes to read of an entry that is judged, by the names that the schema gives them.
    SlotNames wanted() const;
    Truth judge(const Entry &entry);
    /// Attributes, as the filter writes them, that made an answer unsure: the schema does not know them.
    const QSet<QByteArray> &unknown() const { return m_unknown; }
    /// The same: nobody is seen to have a value of them.
    const QSet<QByteArray> &unreadable() const { return m_unreadable; }
    /// Whether the last judge() was unsure for one of these, and not only for the way in which values are compared.
    bool wasBlind() const { return m_blind; }

private:
    Truth judge(const Filter &filter, const Entry &entry);
    Truth leaf(const Filter &filter, const Entry &entry);
    Truth compare(const Filter &filter, const QByteArray &value, const SchemaAttribute *type) const;
    bool isType(QByteArrayView name, const QByteArray &wanted, const SchemaAttribute *type) const;

    const Filter &m_filter;
    const Schema *m_schema;
    std::function<bool(const QByteArray &)> m_canRead;
    QSet<QString> m_superiors; ///< lower-case names and OIDs that others derive from
    QSet<QByteArray> m_unknown;
    QSet<QByteArray> m_unreadable;
    bool m_blind = false;
};

} // namespace gatehouse::core
