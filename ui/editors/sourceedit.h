// SPDX-License-Identifier: GPL-3.0-or-later
//
// The source of one mapping row being written in its cell: a source attribute with completion by name, kind and
// description, or an expression, for which the expression builder has more room. A name that the directory's schema does
// not know is offered as "ADD:NAME". GUI thread.
#pragma once

#include "app/expressions/attributecompletion.h"

#include <QLineEdit>

namespace gatehouse::ui {

class SourceEdit : public QLineEdit {
    Q_OBJECT
public:
    SourceEdit(const QList<app::CompletionItem> &sources, QWidget *parent);

signals:
    /// At every change by hand, and when an offered name is taken.
    void typed(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void offer(const QString &text);

    QList<app::CompletionItem> m_sources;
    app::AttributeCompletion *m_offered;
};

} // namespace gatehouse::ui
