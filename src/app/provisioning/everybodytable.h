// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a mapping does to everybody in scope, attribute by attribute: how many people change, stay blank, get a value
// that is too long or invalid, or the same one as somebody else. GUI thread; shows the figures it was given last.
#pragma once

#include "core/identity.h"
#include "provision/mappingpreview.h"

#include <QAbstractTableModel>

#include <memory>

namespace gatehouse::app {

class EverybodyTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Target, Changed, Blank, TooLong, Invalid, Colliding, ColumnCount };
    enum CountRole {
        CountRole = Qt::UserRole + 200, ///< qint64
        ShareRole,                      ///< double: of the people counted, 0 to 1
        ToneRole,                       ///< int, a Tone: Neutral where the count is nothing to worry about
    };

    explicit EverybodyTable(std::shared_ptr<const core::AttributeCatalog> catalog, QObject *parent = nullptr);

    void setStatistics(const provision::MappingStatistics &statistics);
    const provision::MappingStatistics &statistics() const { return m_statistics; }
    /// The first row with something wrong; 0 when all is well, -1 when there is no row.
    int firstFaulty() const;
    /// How often something is wrong, over all attributes.
    qint64 faults() const;
    /// "All 352 people: 2 problems".
    QString summary() const;
    /// One sentence on what is wrong: "2 people get the same Username as somebody else."; empty when all is well.
    QString warning() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    qint64 count(const provision::TargetStatistics &target, int column) const;
    qint64 faultsOf(const provision::TargetStatistics &target) const;
    QString displayName(const QString &attribute) const;
    bool isRequired(const QString &attribute) const;

    std::shared_ptr<const core::AttributeCatalog> m_catalog;
    provision::MappingStatistics m_statistics;
};

} // namespace gatehouse::app
