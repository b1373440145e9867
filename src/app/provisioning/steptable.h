// SPDX-License-Identifier: GPL-3.0-or-later
//
// Steps of a plan or of a run as a table: change, user, directory entry, before and after. What they have in common;
// where the steps come from is the heirs' matter. GUI thread.
#pragma once

#include "core/error.h"
#include "core/plan/step.h"

#include <QAbstractTableModel>
#include <QHash>

namespace gatehouse::app {

class StepTable : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Change, User, Entry, Difference, ColumnCount };
    enum StepRoles {
        ActionRole = Qt::UserRole + 200, ///< int, core::Action
        StepRole,                        ///< core::Step; invalid while it is being read
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Display names of attributes, by name.
    void setAttributeNames(const QHash<QString, QString> &names) { m_names = names; }
    /// Cut from the end of DNs shown; empty: nothing is.
    void setBaseDn(const QString &baseDn) { m_baseSuffix = baseDn.isEmpty() ? QString() : u',' + baseDn; }
    QString attributeName(const QString &attribute) const { return m_names.value(attribute, attribute); }
    QString shortDn(const QByteArray &dn) const;

    /// Whether these rows are in memory, so that they can be copied; those that are not are asked for.
    virtual bool prepare(int first, int last) const
    {
        Q_UNUSED(first)
        Q_UNUSED(last)
        return true;
    }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void failed(const gatehouse::core::Error &error);

protected:
    /// nullptr while it is being read.
    virtual const core::Step *step(int row) const = 0;
    virtual core::Action actionAt(int row) const = 0;

private:
    QString differenceText(const core::Step &step) const;

    QString m_baseSuffix;
    QHash<QString, QString> m_names;
};

} // namespace gatehouse::app
