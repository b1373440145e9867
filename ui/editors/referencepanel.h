// SPDX-License-Identifier: GPL-3.0-or-later
//
// The documentation of the expression language inside the program: a search, the list of what was found, and the entry
// with its examples, each of which can be written into the expression. Owned by the editor beside it. GUI thread.
#pragma once

#include "app/expressions/reference.h"

#include <QStandardItemModel>
#include <QWidget>

class QListView;
class QPushButton;
class QTextBrowser;
class QUrl;

namespace gatehouse::ui {

class SearchBox;

class ReferencePanel : public QWidget {
    Q_OBJECT
public:
    explicit ReferencePanel(QWidget *parent = nullptr);

    /// Goes to the search box.
    void begin();
    /// Shows "#string.join".
    void showFunction(const QString &function);

signals:
    /// @p caret: where the cursor goes in it; -1: behind it.
    void insertRequested(const QString &text, int caret);

protected:
    void changeEvent(QEvent *event) override;

private:
    void search(const QString &words);
    void showEntry();
    void onLink(const QUrl &link);
    const app::ReferenceEntry *current() const;

    app::Reference m_reference;
    SearchBox *m_search;
    QListView *m_list;
    QStandardItemModel m_found;
    QTextBrowser *m_text;
    QPushButton *m_insert;
};

} // namespace gatehouse::ui
