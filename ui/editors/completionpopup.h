// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of completions under the cursor of an expression: name, kind, and below the list what
// the current one means, with an example. What the sample has a value for stands bold. It never takes the focus: the field hands it the keys. Owned by the
// field's editor.
#pragma once

#include "app/expressions/attributecompletion.h"

#include <QFrame>

class QLabel;
class QListView;

namespace gatehouse::ui {

class CompletionPopup : public QFrame {
    Q_OBJECT
public:
    explicit CompletionPopup(QWidget *parent);

    /// Shows @p items with the first one current, below or above @p character (of @p field, its coordinates).
    void offer(const QList<app::CompletionItem> &items, const QWidget *field, const QRect &character);
    /// A key of the field's; true when it was meant for the list. Return, Enter and Tab take the current item.
    bool takeKey(int key);
    const app::AttributeCompletion &model() const { return m_model; }
    int currentRow() const;

signals:
    void chosen(const gatehouse::app::CompletionItem &item);
    /// The current item, for assistive technology: "givenName, text".
    void currentChanged(const QString &words);

private:
    void setCurrent(int row);
    void showDetails();

    app::AttributeCompletion m_model;
    QListView *m_view;
    QLabel *m_details;
};

} // namespace gatehouse::ui
