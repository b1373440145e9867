// SPDX-License-Identifier: GPL-3.0-or-later
//
// The data that an expression is tried with, as a person edits it: as a table of names and values, or as JSON text; one
// and the same data, so that going from one to the other and back loses nothing. Filled from a real entry or user, or by
// hand. Nested maps are rows with a path (user.name.given); a list is written as JSON. GUI thread.
#pragma once

#include "core/expr/fault.h"
#include "core/expr/value.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <tl/expected.hpp>

namespace gatehouse::app {

class SampleData : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Value, Kind, ColumnCount };

    explicit SampleData(QObject *parent = nullptr);

    const core::expr::Value &root() const { return m_root; }
    /// Names that stand at the top, or with their path below `user`.
    QStringList names() const;
    /// A map; anything else counts as an empty one.
    void setRoot(core::expr::Value root);
    /// True: names have no path, a dot is part of the name (LDAP). They stand below @p place, where one is given: the rows
    /// then are what is in it.
    void setFlat(bool flat, const QString &place = {});

    /// Indented JSON.
    QString json() const;
    /// The fault's place counts UTF-16 units of @p text. Then nothing is changed.
    [[nodiscard]] tl::expected<void, core::expr::Fault> setJson(const QString &text);
    /// "line 3, character 7" of an offset in @p text.
    static QString placeInWords(const QString &text, int offset);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    /// A value: a text stays a text, a number or true stays one where what is written is one, a list or map is JSON; an
    /// empty text takes the value away. A name: moves the value there; refused where there is one already.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;
    /// A row without a name at the end, to be named. @return its number.
    int addRow();

signals:
    /// By whatever way: the expression is to be evaluated again.
    void changed();

private:
    struct Row {
        QStringList path; ///< empty: not named yet
        core::expr::Value value;
    };
    void rebuild();
    void flatten(const QStringList &path, const core::expr::Value &value);
    QStringList pathOf(const QString &name) const;
    QString nameOf(const QStringList &path) const { return path.join(u'.'); }
    void store();

    core::expr::Value m_root;
    QList<Row> m_rows;
    bool m_flat = true;
    QString m_place; ///< of the rows; empty: at the top
};

} // namespace gatehouse::app
