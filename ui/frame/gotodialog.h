// SPDX-License-Identifier: GPL-3.0-or-later
//
// Go to…: any page, command, user, group, population, gateway, connection or rule by a few letters. Pages, commands and
// configured things are matched here at once; users and groups are asked of the reader thread, a few at a time. The
// window makes one for each use; it closes when something is chosen or the focus leaves.
#pragma once

#include "app/console.h"

#include <QDialog>

#include <functional>

class QAction;
class QListView;
class QStandardItemModel;

namespace gatehouse::ui {

class SearchBox;

/// One thing to go to.
struct Destination {
    QString title;
    QString subtitle;
    QString kind; ///< "User", "Page", …: shown at the right
    std::function<void()> go;
};

class GoToDialog : public QDialog {
    Q_OBJECT
public:
    /// @p fixed: pages and commands; @p goTo opens a thing on a page (keys as in the registry).
    GoToDialog(app::Console *console, QList<Destination> fixed,
               std::function<void(const QString &page, const QString &id)> goTo, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search(const QString &text);
    void searchConfiguration(const QString &text);
    void searchDirectory(const QString &text);
    void addMatches(const QList<Destination> &candidates, const QString &text);
    void append(const Destination &destination);
    void choose();

    app::Console *m_console;
    QList<Destination> m_fixed;
    std::function<void(const QString &, const QString &)> m_goTo;
    SearchBox *m_search;
    QListView *m_view;
    QStandardItemModel *m_model;
    QList<std::function<void()>> m_actions; ///< of the rows, in order
    quint64 m_userRequest = 0;
    quint64 m_groupRequest = 0;
};

} // namespace gatehouse::ui
