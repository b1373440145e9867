// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a page shows when there is nothing: an icon, what the page is for, and the first action. Also for "nothing
// selected" and "nothing found", with fewer words.
#pragma once

#include "ui/theme/theme.h"

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
    /// Another picture; its colour is that of @p tone. What failed must not look as if all were well.
    void setIcon(const QString &iconName, Tone tone = Tone::Neutral);
    QString iconName() const { return m_iconName; }
    Tone tone() const { return m_tone; }

signals:
    void actionClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void drawIcon();
    QString m_iconName;
    Tone m_tone = Tone::Neutral;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
};

} // namespace gatehouse::ui
