// SPDX-License-Identifier: GPL-3.0-or-later
//
// What differs between directory products: which attribute is the immutable id, what a person is, what "disabled"
// means. Pure functions over values, any thread.
#pragma once

#include "core/config/vendor.h"
#include "core/entry.h"
#include "core/filter.h"

#include <QByteArray>
#include <QList>

#include <vector>

namespace gatehouse::ldap {

/// The computed source attribute: "true" unless the directory says that the account is disabled, expired or locked.
inline constexpr char kActiveAttribute[] = "active";

class Dialect {
public:
    explicit Dialect(core::Vendor vendor);

    /// Attributes that may hold the immutable id, best first (objectGUID; entryUUID, nsUniqueId, …).
    const QList<QByteArray> &idAttributes() const { return m_idAttributes; }
    /// Attributes that activeOf() needs.
    const QList<QByteArray> &activeAttributes() const { return m_activeAttributes; }
    /// The default filter for people, e.g. "(&(objectCategory=person)(objectClass=user))".
    const QByteArray &peopleFilter() const { return m_peopleFilter; }

    /// The id as link key: the 16 octets of a UUID where the value is one (text or binary), else the octets as they
    /// are. objectGUID's first fields are turned, so that the octets read as its text does. @p idSlots are the slots
    /// of idAttributes(), in their order (-1: not read). Empty when the entry has none.
    QByteArray idOf(const core::EntryView &entry, const QList<int> &idSlots) const;
    /// The filter that finds the entry with this id again.
    core::Filter idFilter(const QByteArray &sourceId) const { return idFilter(sourceId, m_idAttributes); }
    /// The same by some of idAttributes().
    core::Filter idFilter(const QByteArray &sourceId, const QList<QByteArray> &attributes) const;
    /// False when the account is disabled, expired or locked, as the sign-on sees it (see isInactive()). @p activeSlots are
    /// the slots of activeAttributes(), in their order; @p now in milliseconds since 1970.
    bool isActive(const core::EntryView &entry, const QList<int> &activeSlots, qint64 now) const;

private:
    core::Vendor m_vendor;
    QList<QByteArray> m_idAttributes;
    QList<QByteArray> m_activeAttributes;
    std::vector<int> m_activePlaces; ///< of each of them in accountStateAttributes()
    QByteArray m_peopleFilter;
};

} // namespace gatehouse::ldap
