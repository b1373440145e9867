// SPDX-License-Identifier: GPL-3.0-or-later
//
// A titled part of a details tab: values to be read, and a pencil that asks the page to turn it into a form. The page
// gives the form; the section only changes between the two.
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QStackedLayout;
class QToolButton;
class QVBoxLayout;

namespace gatehouse::ui {

class PropertyRows;

class Section : public QWidget {
    Q_OBJECT
public:
    explicit Section(const QString &title, QWidget *parent = nullptr);

    PropertyRows *rows() const { return m_rows; }
    /// A button at the right of the title, before the pencil.
    void addHeaderWidget(QWidget *widget);
    /// A badge right after the title.
    void addBadge(QWidget *badge);
    /// Any widget under the rows.
    void addWidget(QWidget *widget);
    /// Shows the pencil; editClicked() asks for the form.
    void setEditable(bool editable);
    /// Shows @p editor in place of the rows; nullptr goes back. The editor is taken over and deleted on the way back.
    void setEditor(QWidget *editor);
    bool isEditing() const { return m_editor != nullptr; }

signals:
    void editClicked();

private:
    QLabel *m_title;
    QToolButton *m_edit;
    PropertyRows *m_rows;
    QHBoxLayout *m_header;
    QVBoxLayout *m_layout;
    QWidget *m_editor = nullptr;
    bool m_editable = false;
};

} // namespace gatehouse::ui
