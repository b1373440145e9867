// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/tilerow.h"

#include "app/text.h"
#include "ui/widgets/stattile.h"

#include <QGridLayout>
#include <QResizeEvent>

namespace gatehouse::ui {

using core::Action;

namespace {
constexpr int kSpacing = 10;

/// The action a tile filters by; None: it does not.
Action actionOf(int tile)
{
    static const Action actions[] = {Action::Create, Action::Update, Action::Disable, Action::Enable,
                                     Action::Delete, Action::Failed, Action::None,    Action::None};
    return actions[tile];
}
} // namespace

TileRow::TileRow(bool pressable, QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(kSpacing);
    const QString names[] = {tr("Create"), tr("Update"), tr("Disable"),   tr("Enable"),
                             tr("Delete"), tr("Failed"), tr("Unchanged"), tr("Out of scope")};
    for (int tile = 0; tile < int(std::size(names)); ++tile) {
        auto *widget = new StatTile(names[tile], this);
        widget->setObjectName(QStringLiteral("tile-") + (actionOf(tile) != Action::None
                                                             ? core::actionName(actionOf(tile))
                                                             : tile == int(Tile::Unchanged)
                                                                 ? QStringLiteral("unchanged")
                                                                 : QStringLiteral("outOfScope")));
        if (pressable && actionOf(tile) != Action::None) {
            widget->setPressable(true);
            connect(widget, &QAbstractButton::clicked, this, [this, tile] { emit pressed(actionOf(tile)); });
        }
        m_tiles << widget;
    }
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setCounts({});
    place(int(m_tiles.size()));
}

void TileRow::setCounts(const std::optional<core::Counts> &counts)
{
    const core::Counts c = counts.value_or(core::Counts());
    const qint64 numbers[] = {c.create, c.update, c.disable, c.enable, c.remove, c.failed, c.unchanged, c.outOfScope};
    for (int tile = 0; tile < m_tiles.size(); ++tile) {
        const Action action = actionOf(tile);
        const Tone tone = action == Action::None || numbers[tile] == 0 ? Tone::Neutral : app::Text::tone(action);
        m_tiles[tile]->setNumber(counts ? app::Text::number(numbers[tile]) : QStringLiteral("–"), tone);
    }
}

int TileRow::columnsFor(int width) const
{
    int needed = 0;
    for (const StatTile *tile : m_tiles)
        needed = std::max(needed, tile->sizeHint().width());
    const int count = int(m_tiles.size());
    return count * needed + (count - 1) * kSpacing <= width ? count : count / 2;
}

int TileRow::heightForWidth(int width) const
{
    const int rows = columnsFor(width) == int(m_tiles.size()) ? 1 : 2;
    return rows * m_tiles.first()->sizeHint().height() + (rows - 1) * kSpacing;
}

void TileRow::place(int columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int tile = 0; tile < m_tiles.size(); ++tile)
        m_grid->addWidget(m_tiles[tile], tile / columns, tile % columns);
    updateGeometry();
}

void TileRow::resizeEvent(QResizeEvent *event)
{
    place(columnsFor(event->size().width()));
    QWidget::resizeEvent(event);
}

} // namespace gatehouse::ui
