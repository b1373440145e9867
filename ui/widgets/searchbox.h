// SPDX-License-Identifier: GPL-3.0-or-later
//
// The search field above a list: a glass, a clear button, Esc clears. searched() comes when typing pauses, so that a
// query is asked once a word and not once a letter; Return asks at once, Down goes to the list.
#pragma once

#include <QLineEdit>
#include <QTimer>

namespace gatehouse::ui {

class SearchBox : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchBox(const QString &placeholder, QWidget *parent = nullptr);
    /// The pause after typing; 0 asks at every letter.
    void setDelay(int milliseconds) { m_pause.setInterval(milliseconds); }

signals:
    void searched(const QString &text);
    void downPressed();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void ask();

    QTimer m_pause;
    QString m_asked;
};

} // namespace gatehouse::ui
