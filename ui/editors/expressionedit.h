// SPDX-License-Identifier: GPL-3.0-or-later
//
// An expression being written: the field with its colours, completion by Ctrl+Space and while one types, the parameters
// of the function around the cursor, and below it what is wrong, with its place. It has the expression evaluated for a
// sample at every keystroke, in another thread, and tells the answer on. A form's editor with a text value. GUI thread.
#pragma once

#include "app/expressions/attributecompletion.h"
#include "app/expressions/liveevaluation.h"

#include <QTimer>
#include <QWidget>

class QLabel;

namespace gatehouse::ui {

class CompletionPopup;
class ExpressionField;

class ExpressionEdit : public QWidget {
    Q_OBJECT
    Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged USER true)
public:
    explicit ExpressionEdit(QWidget *parent = nullptr);
    ~ExpressionEdit() override;

    QString text() const;
    void setText(const QString &text);
    /// What completion offers beside the language's own words.
    void setAttributes(QList<app::CompletionItem> attributes);
    const QList<app::CompletionItem> &attributes() const { return m_attributes; }
    /// What the expression is tried with, and what it is for; see app::ExpressionQuestion. Its text is ours.
    void setQuestion(const app::ExpressionQuestion &question);
    /// Asks at once for an answer with its steps.
    void test();
    /// Writes it where the cursor is, as one step of undo; @p caret: where the cursor goes in it, -1: behind it.
    void insert(const QString &text, int caret = -1);
    /// Goes to the first fault, or to the end.
    void goToFault();

    /// Of the text as it stands; empty optional: the answer is not there yet.
    const std::optional<app::ExpressionAnswer> &answer() const { return m_answer; }
    /// "At character 5: …", every fault in a line; empty: none.
    static QString faultText(const app::ExpressionAnswer &answer);
    ExpressionField *field() const { return m_field; }
    CompletionPopup *popup() const { return m_popup; }

signals:
    void textChanged();
    /// For the text as it stands.
    void answered(const gatehouse::app::ExpressionAnswer &answer);
    /// More about "#string.join" is wanted.
    void documentationRequested(const QString &function);

protected:
    void changeEvent(QEvent *event) override;

private:
    void onEdited();
    void ask(bool steps);
    void take(const app::ExpressionAnswer &answer);
    void complete(bool asked);
    void accept(const app::CompletionItem &item);
    void showHint();
    void showMessage();

    ExpressionField *m_field;
    CompletionPopup *m_popup;
    QLabel *m_hint;
    QLabel *m_message;
    app::LiveEvaluation m_evaluation;
    app::ExpressionQuestion m_question;
    std::optional<app::ExpressionAnswer> m_answer;
    QList<app::CompletionItem> m_attributes;
    QTimer m_pause; ///< what is half typed is not yet wrong
    QString m_before; ///< the text before the last edit
    bool m_accepting = false;
};

} // namespace gatehouse::ui
