// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's attribute mapping as an editable table: PingOne attribute, source attribute, when it is written, and a check
// that says what is wrong with the row, else what the attribute may hold. Rows of required attributes stand first and
// are marked. What is typed as a source is a source attribute when it looks like one, else an expression. GUI thread; holds its own copy of the rows.
#pragma once

#include "core/config.h"
#include "core/identity.h"

#include <QAbstractTableModel>
#include <QHash>

#include <memory>

namespace gatehouse::app {

class MappingTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Target, Source, When, Check, Remove, ColumnCount };
    enum MappingRole {
        FaultRole = Qt::UserRole + 100, ///< QString: what is wrong in this cell; invalid: nothing
        RequiredRole,                   ///< bool: people cannot be created without this row
        ExpressionRole,                 ///< bool: the source is an expression
    };

    explicit MappingTable(QObject *parent = nullptr);

    void setCatalog(std::shared_ptr<const core::AttributeCatalog> catalog);
    /// Rows of required attributes first, else in their order.
    void setMappings(const QList<core::AttributeMapping> &mappings);
    const QList<core::AttributeMapping> &mappings() const { return m_rows; }
    void setEditable(bool editable);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;

    /// Adds a row at the end; @p target may be empty, to be chosen. @return its number.
    int add(const QString &target);
    /// Attributes without a row, required ones first: name and display name.
    QList<std::pair<QString, QString>> unmapped() const;
    bool isRequired(const QString &attribute) const;
    /// "Given Name" for "name.given"; the name itself when it is unknown.
    QString displayName(const QString &attribute) const;
    /// What the attribute may hold: "Text, at most 128 characters, unique". Empty when it is unknown.
    QString rules(const QString &attribute) const;

    /// Faults from outside, by the position of the row in mappings(); @p part is "target", "source" or empty.
    void setFault(int row, const QString &part, const QString &text);
    void clearFaults();
    QString faultOf(int row) const;

    static QString whenText(core::MappingWhen when);

signals:
    /// Somebody changed a row.
    void edited();

private:
    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    QList<core::AttributeMapping> m_rows;
    QHash<std::pair<int, int>, QString> m_faults; ///< by row and column
    bool m_editable = false;
};

/// Source attributes that people of @p vendor's directory usually have, for completion; the computed "active" included.
QStringList usualSourceAttributes(core::Vendor vendor);

} // namespace gatehouse::app
