// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a user's attributes lie in the users table: a column for each built-in attribute, named after it, and one JSON
// object for the custom ones. Made once for a catalogue, then used for every row. Values only.
#pragma once

#include "core/identity.h"
#include "store/database.h"

#include <QByteArray>

#include <memory>
#include <vector>

namespace gatehouse::store {

class UserColumns {
public:
    explicit UserColumns(std::shared_ptr<const core::AttributeCatalog> catalog);

    /// "name.given" -> "name_given".
    static QByteArray columnName(const QString &attribute);

    const core::AttributeCatalog &catalog() const { return *m_catalog; }
    const std::shared_ptr<const core::AttributeCatalog> &sharedCatalog() const { return m_catalog; }
    const QByteArray &column(int number) const { return m_columns[size_t(number)]; } ///< built-in attributes only
    bool isFlag(int number) const { return m_flags[size_t(number)]; }
    bool isCustom(int number) const { return number >= m_catalog->builtInCount(); }
    /// Unique attributes other than the username, which has a column and an index of its own.
    const std::vector<int> &unique() const { return m_unique; }
    /// True for attributes that the searched text is made of.
    bool isNamed(int number) const;

    /// "SELECT …" of whole users from "users AS u", for read(); a WHERE clause may follow.
    const QByteArray &select() const { return m_select; }
    core::User read(const Statement &row) const;

    /// The custom values as compact JSON; empty when there are none.
    QByteArray customJson(const core::AttributeValues &values) const;
    void readCustom(QByteArrayView json, core::AttributeValues &values) const;

    // Numbers of the attributes that names are made of.
    int given() const { return m_given; }
    int family() const { return m_family; }
    int formatted() const { return m_formatted; }

private:
    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    std::vector<QByteArray> m_columns;
    std::vector<bool> m_flags;
    std::vector<int> m_unique;
    QByteArray m_select;
    int m_given = -1;
    int m_family = -1;
    int m_formatted = -1;
};

} // namespace gatehouse::store
