// SPDX-License-Identifier: GPL-3.0-or-later
//
// The navigation pane: the environment's name, the pages under their groups, and at its foot the menu and the button
// that makes it narrow. One tab stop; arrow keys move, a page opens as soon as it is current. Narrow, only icons stand
// there, with their words as tool tips. Knows pages by key only.
#pragma once

#include <QHash>
#include <QWidget>

class QBoxLayout;
class QLabel;
class QListWidget;
class QListWidgetItem;
class QMenu;
class QToolButton;

namespace gatehouse::ui {

class Navigation : public QWidget {
    Q_OBJECT
public:
    explicit Navigation(QWidget *parent = nullptr);

    void setEnvironment(const QString &name, const QString &path);
    void addPage(const QString &key, const QString &group, const QString &title, const QString &iconName);
    /// A small number after the word, for example approvals that wait; 0 for none.
    void setBadge(const QString &key, int count);
    void setCurrent(const QString &key);
    QString current() const;
    void setMenu(QMenu *menu);
    void openMenu();
    void setNarrow(bool narrow);
    bool isNarrow() const { return m_narrow; }
    QListWidget *list() const { return m_list; }

signals:
    void chosen(const QString &key);
    void narrowChanged(bool narrow);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QLabel *m_name;
    QLabel *m_environment;
    QListWidget *m_list;
    QToolButton *m_menu;
    QToolButton *m_collapse;
    QBoxLayout *m_foot; ///< a row, or a column where it is narrow
    QHash<QString, QListWidgetItem *> m_items;
    QString m_lastGroup;
    QString m_currentAtPress; ///< of the mouse
    bool m_narrow = false;
    bool m_setting = false;
};

} // namespace gatehouse::ui
