// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Attribute Mapping table of a rule: PingOne attribute, source attribute, when it is written, and beside each row
// whether it can be used. To be read, or to be edited: Add, the Delete icon of a row, and editing in place, by mouse
// and by keyboard alone (F2 or Return edits a cell, Delete removes the row).
#pragma once

#include "app/configfaults.h"
#include "app/provisioning/mappingtable.h"
#include "app/roles.h"

#include <QVariantList>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class TableView;

class MappingEditor : public QWidget {
    Q_OBJECT
    /// The rows as lists of texts, for noticing changes.
    Q_PROPERTY(QVariantList rows READ rows NOTIFY rowsChanged USER true)
public:
    /// Judges rows as the configuration would: faults under "attributeMappings".
    using Check = std::function<QList<app::FieldFault>(const QList<core::AttributeMapping> &rows)>;

    explicit MappingEditor(bool editable, QWidget *parent = nullptr);

    void setCatalog(const core::AttributeCatalog &catalog);
    void setSuggestions(const QStringList &sources) { m_suggestions = sources; }
    void setCheck(Check check);
    void setMappings(const QList<core::AttributeMapping> &mappings);
    const QList<core::AttributeMapping> &mappings() const { return m_table.mappings(); }
    QVariantList rows() const;

    void setRowFault(int row, const QString &part, const QString &text) { m_table.setFault(row, part, text); }
    void clearRowFaults() { m_table.clearFaults(); }

    app::MappingTable &table() { return m_table; }
    TableView *view() const { return m_view; }

signals:
    void rowsChanged();

private:
    void add();
    void removeRow(int row);
    void recheck();
    void placeButtons();
    void fitHeight();

    bool m_editable;
    app::MappingTable m_table;
    TableView *m_view;
    QPushButton *m_add;
    QLabel *m_fault; ///< of the mapping as a whole
    QStringList m_suggestions;
    Check m_check;
};

} // namespace gatehouse::ui
