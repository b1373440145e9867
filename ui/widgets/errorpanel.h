// SPDX-License-Identifier: GPL-3.0-or-later
//
// An error as a person needs it: what, where, what to do, with Copy details and, where it makes sense, Try again.
// Shown in place, never as a message box. Hidden while there is no error.
#pragma once

#include "core/error.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class BreakLabel;

class ErrorPanel : public QFrame {
    Q_OBJECT
public:
    explicit ErrorPanel(QWidget *parent = nullptr);
    void setError(const core::Error &error, bool retry = false);
    void setErrors(const QList<core::Error> &errors);
    void clear();

signals:
    void retryClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void drawIcon();

    QLabel *m_icon;
    BreakLabel *m_what;
    BreakLabel *m_text;
    QPushButton *m_retry;
    QString m_details;
};

} // namespace gatehouse::ui
