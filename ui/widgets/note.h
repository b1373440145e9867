// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few words on a tinted ground, with the tone's icon: a warning beside what it warns of, a hint, a piece of good
// news. Optionally something to copy (a command) and a link that leads on. Always in place, never over anything.
#pragma once

#include "ui/theme/theme.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class BreakLabel;

class Note : public QFrame {
    Q_OBJECT
public:
    explicit Note(Tone tone = Tone::Neutral, const QString &text = {}, QWidget *parent = nullptr);

    /// An empty text hides it.
    void setText(const QString &text, Tone tone);
    QString text() const;
    /// A link under the text; empty: none.
    void setAction(const QString &text);
    /// A "Copy" link that copies @p text; empty: none.
    void setCopyText(const QString &text);

signals:
    void actionClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void restyle();

    Tone m_tone;
    QLabel *m_icon;
    BreakLabel *m_text;
    QPushButton *m_action;
    QPushButton *m_copy;
    QString m_copyText;
    bool m_restyling = false;
};

} // namespace gatehouse::ui
