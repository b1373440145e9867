// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a page shows when there is nothing: an icon, what the page is for, and the first action. Also for "nothing
// selected" and "nothing found", with fewer words.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    /// @p action: the button's text; empty for none.
    EmptyState(const QString &iconName, const QString &title, const QString &text, const QString &action = {},
               QWidget *parent = nullptr);
    void setText(const QString &title, const QString &text);

signals:
    void actionClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void drawIcon();
    QString m_iconName;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
};

} // namespace gatehouse::ui
