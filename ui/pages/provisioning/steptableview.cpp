// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/steptableview.h"

#include "app/provisioning/steptable.h"

#include <QContextMenuEvent>
#include <QKeyEvent>

namespace gatehouse::ui {

StepTableView::StepTableView(app::StepTable &table, QWidget *parent) : TableView(parent), m_table(table)
{
    setModel(&table);
}

bool StepTableView::canCopy() const
{
    bool all = true;
    if (selectionModel()) {
        for (const QItemSelectionRange &range : selectionModel()->selection())
            all = m_table.prepare(range.top(), range.bottom()) && all;
    }
    return all;
}

void StepTableView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    TableView::selectionChanged(selected, deselected);
    canCopy(); // what will be copied is on its way
}

void StepTableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy) && !canCopy()) {
        emit tooLong();
        return;
    }
    TableView::keyPressEvent(event);
}

void StepTableView::contextMenuEvent(QContextMenuEvent *event)
{
    if (!canCopy()) {
        emit tooLong();
        return;
    }
    TableView::contextMenuEvent(event);
}

} // namespace gatehouse::ui
