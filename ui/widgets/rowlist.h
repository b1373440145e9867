// SPDX-License-Identifier: GPL-3.0-or-later
//
// A short list inside a details tab: two-line rows of values given at once, an Add button above, Remove by button and
// by Delete. For lists of at most some hundred rows; long ones are tables with a model of their own.
#pragma once

#include "app/roles.h"

#include <QVariant>
#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::ui {

struct ListRow {
    QVariant id;
    QString title;
    QString subtitle;
    QStringList badges = {};
    QString state = {}; ///< a word at the right end, in its tone; empty: none
    app::Tone tone = app::Tone::Neutral;
};

class RowList : public QWidget {
    Q_OBJECT
public:
    RowList(const QString &accessibleName, const QString &emptyText, QWidget *parent = nullptr);
    /// The button's texts; empty: no button.
    void setActions(const QString &add, const QString &remove);
    void setRows(const QList<ListRow> &rows);
    /// Where a heading says what the list is, and a look how many there are.
    void hideCount();
    QVariant currentId() const;
    QListView *view() const { return m_view; }

signals:
    void addClicked();
    void removeClicked(const QVariant &id);
    void activated(const QVariant &id);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateButtons();
    bool m_showsCount = true;
    QLabel *m_count;
    QLabel *m_empty;
    QPushButton *m_add;
    QPushButton *m_remove;
    QListView *m_view;
    QStandardItemModel *m_model;
};

} // namespace gatehouse::ui
