// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an expression gives, as it is typed: the value and its kind, what the target would hold of it or why not, how
// long it took, and after Test Expression what its parts give. Shows answers, asks for nothing. GUI thread.
#pragma once

#include "app/expressions/liveevaluation.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QStandardItemModel;

namespace gatehouse::ui {

class Note;
class TableView;

class ResultView : public QFrame {
    Q_OBJECT
public:
    explicit ResultView(QWidget *parent = nullptr);

    /// @p definition: of the target; nullptr: there is none whose rules are known.
    void setTarget(const core::AttributeDefinition *definition);
    void show(const app::ExpressionAnswer &answer);
    /// The evaluation takes longer than a moment.
    void showWaiting();

    QString valueText() const;
    QString storedText() const;

private:
    QString storedWords(const app::ExpressionAnswer &answer) const;

    std::optional<core::AttributeDefinition> m_target;
    QLabel *m_time;
    QPlainTextEdit *m_value;
    QLabel *m_kind;
    QLabel *m_storedLabel;
    QLabel *m_stored;
    Note *m_note;
    QLabel *m_stepsTitle;
    QStandardItemModel *m_steps;
    TableView *m_stepsView;
};

} // namespace gatehouse::ui
