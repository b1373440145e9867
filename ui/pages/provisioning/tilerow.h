// SPDX-License-Identifier: GPL-3.0-or-later
//
// The counts of a plan or a run as tiles: create, update, disable, enable, delete, failed, unchanged, out of scope. In
// one row where they fit, else in two; those that filter can be pressed.
#pragma once

#include "core/plan/counts.h"

#include <QHash>
#include <QWidget>

#include <optional>

namespace gatehouse::ui {

class StatTile;

class TileRow : public QWidget {
    Q_OBJECT
public:
    /// @p pressable: tiles of actions ask for their filter.
    explicit TileRow(bool pressable, QWidget *parent = nullptr);
    /// No counts: dashes, until there are some.
    void setCounts(const std::optional<core::Counts> &counts);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

signals:
    void pressed(gatehouse::core::Action action);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Tile { Create, Update, Disable, Enable, Delete, Failed, Unchanged, OutOfScope };
    int columnsFor(int width) const;
    void place();

    /// In the order of Tile. Placed by hand: a layout would answer for the height in this widget's stead.
    QList<StatTile *> m_tiles;
};

} // namespace gatehouse::ui
