// SPDX-License-Identifier: GPL-3.0-or-later
//
// A question answered by Yes or No, both in sight; a form's editor with a boolean value.
#pragma once

#include <QRadioButton>
#include <QWidget>

namespace gatehouse::ui {

class YesNo : public QWidget {
    Q_OBJECT
    Q_PROPERTY(bool yes READ isYes WRITE setYes NOTIFY yesChanged USER true)
public:
    explicit YesNo(bool yes, QWidget *parent = nullptr);
    bool isYes() const { return m_yes->isChecked(); }
    void setYes(bool yes) { (yes ? m_yes : m_no)->setChecked(true); }

signals:
    void yesChanged(bool yes);

private:
    QRadioButton *m_yes;
    QRadioButton *m_no;
};

} // namespace gatehouse::ui
