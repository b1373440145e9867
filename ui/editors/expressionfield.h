// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text of an expression as a field: monospaced and coloured, one line of text that wraps and grows, Tab leaves it and
// Return writes nothing. Shows the matching bracket, underlines faults and warnings where they are told to it, and lets
// a popup of completions have the keys first. It does not evaluate: see ExpressionEdit.
#pragma once

#include "core/expr/fault.h"

#include <QPlainTextEdit>

namespace gatehouse::ui {

class ExpressionField : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit ExpressionField(QWidget *parent = nullptr);

    QString text() const { return toPlainText(); }
    int cursorAt() const { return textCursor().position(); }
    /// Replaces @p length units from @p start by @p insertion as one step of undo; the cursor goes to @p caret in it.
    void replace(int start, int length, const QString &insertion, int caret);
    /// Underlined: red and amber, with the reason as tool tip.
    void setMarks(const QList<core::expr::Fault> &faults, const QList<core::expr::Fault> &warnings);
    /// Places a popup in the widget's coordinates: under the character at @p position.
    QRect characterRect(int position) const;
    void setLineLimits(int least, int most);

signals:
    /// Ctrl+Space.
    void completionRequested();
    /// A key for the popup while it is open; @p taken is to be set.
    void keyOffered(int key, bool *taken);
    void focusLeft();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;
    bool canInsertFromMimeData(const QMimeData *source) const override;

private:
    void grow();
    void showMarks();
    bool offerKey(int key);

    QList<core::expr::Fault> m_faults;
    QList<core::expr::Fault> m_warnings;
    int m_leastLines = 2;
    int m_mostLines = 8;
};

} // namespace gatehouse::ui
