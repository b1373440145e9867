// SPDX-License-Identifier: GPL-3.0-or-later
//
// The counts of a plan or a run as tiles: create, update, disable, enable, delete, failed, unchanged, out of scope. In
// one row where they fit, else in two; those that filter can be pressed.
#pragma once

#include "core/plan.h"

#include <QHash>
#include <QWidget>

#include <optional>

class QGridLayout;

namespace gatehouse::ui {

class StatTile;

class TileRow : public QWidget {
    Q_OBJECT
public:
    /// @p pressable: tiles of actions ask for their filter.
    explicit TileRow(bool pressable, QWidget *parent = nullptr);
    /// No counts: dashes, until there are some.
    void setCounts(const std::optional<core::Counts> &counts);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

signals:
    void pressed(gatehouse::core::Action action);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Tile { Create, Update, Disable, Enable, Delete, Failed, Unchanged, OutOfScope };
    int columnsFor(int width) const;
    void place(int columns);

    QGridLayout *m_grid;
    QList<StatTile *> m_tiles; ///< in the order of Tile
    int m_columns = 0;
};

} // namespace gatehouse::ui
