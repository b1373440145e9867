// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of steps itself. It copies only what it has: rows that are still on disk are fetched as they are selected,
// and a selection that is too long to be copied is refused aloud, never copied with holes.
#pragma once

#include "ui/widgets/tableview.h"

namespace gatehouse::app {
class StepTable;
}

namespace gatehouse::ui {

class StepTableView : public TableView {
    Q_OBJECT
public:
    explicit StepTableView(app::StepTable &table, QWidget *parent = nullptr);

signals:
    /// Copying was refused.
    void tooLong();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    bool canCopy() const;
    app::StepTable &m_table;
};

} // namespace gatehouse::ui
