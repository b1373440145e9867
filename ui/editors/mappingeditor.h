// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Attribute Mapping table of a rule: PingOne attribute, source attribute or expression, when it is written, and
// beside each row whether it can be used, or what it does to a sample person. To be read, or to be edited: Add, default
// values, the gear, the Delete icon, order by drag and drop, and editing in place, by mouse and by keyboard alone (F2 or
// Return edits a cell, Delete removes the row, Alt+Up and Alt+Down move it, Ctrl+E opens the expression builder).
#pragma once

#include "app/configfaults.h"
#include "app/expressions/attributecompletion.h"
#include "app/provisioning/mappingtable.h"
#include "app/roles.h"

#include <QElapsedTimer>
#include <QVariantList>
#include <QWidget>

#include <functional>
#include <optional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

class MappingDelegate;
class Note;
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
    /// What is offered as a source.
    void setSources(const QList<app::CompletionItem> &sources);
    /// The words and the sources of a user type's rows: "+ Add Mapping", "LDAP attribute", and no column for when they are
    /// written.
    void setUserTypeWords();
    void setCheck(Check check);
    void setMappings(const QList<core::AttributeMapping> &mappings);
    /// Offers "Use default values"; @p whose names the directory product.
    void setDefaults(const QList<core::AttributeMapping> &defaults, const QString &whose);
    const QList<core::AttributeMapping> &mappings() const { return m_table.mappings(); }
    QVariantList rows() const;
    /// What an expression builder or somebody else made of a row's source.
    void setSource(int row, const QString &text);

    void setRowFault(int row, const app::FieldFault &fault);
    void clearRowFaults() { m_table.clearFaults(); }
    /// Stands before Add, in the row above the table; taken over.
    void setLead(QWidget *lead);

    app::MappingTable &table() { return m_table; }
    TableView *view() const { return m_view; }

signals:
    void rowsChanged();
    /// The rows as they would be with what is being typed.
    void rowsTyped(const QList<gatehouse::core::AttributeMapping> &rows);
    /// The gear of a row.
    void buildRequested(int row);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void makeEditable();
    /// What the keys do in the table; nothing for keys that are not ours.
    std::function<void()> workOf(const QKeySequence &keys);
    void add();
    void removeRow(int row);
    void moveRow(int steps);
    void useDefaults();
    void onClicked(const QModelIndex &index);
    void onActivated(const QModelIndex &index);
    void fillMenu(class QMenu &menu);
    void recheck();
    void shareWidth();
    void fitRows();

    bool m_editable;
    bool m_isUserType = false;
    app::MappingTable m_table;
    TableView *m_view;
    MappingDelegate *m_delegate;
    QHBoxLayout *m_bar;
    QPushButton *m_defaultsButton;
    QPushButton *m_add;
    Note *m_undo;
    QLabel *m_fault; ///< of the mapping as a whole
    Check m_check;
    QElapsedTimer m_removed; ///< since a row was removed by its icon
    QList<core::AttributeMapping> m_defaults;
    QString m_whose;
    QList<core::AttributeMapping> m_before; ///< the defaults took their place
};

} // namespace gatehouse::ui
