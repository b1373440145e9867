// SPDX-License-Identifier: GPL-3.0-or-later
//
// What fills the window until the environment is open, or says why it cannot be opened and what to do about it: a file
// of a newer version, a damaged one, one that somebody else holds, one that may not be read.
#pragma once

#include "core/error.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class OpeningPane : public QWidget {
    Q_OBJECT
public:
    explicit OpeningPane(QWidget *parent = nullptr);
    void showOpening(const QString &path);
    void showError(const QString &path, const core::Error &error);
    /// Asks for another file; otherRequested() follows when one was chosen.
    void chooseOther();

signals:
    void retryRequested();
    /// Another file was chosen.
    void otherRequested(const QString &path);

private:
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QLabel *m_path;
    QWidget *m_buttons;
    QString m_details;
};

} // namespace gatehouse::ui
