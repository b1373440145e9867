// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/provisioning/tilerow.h"

#include "app/text.h"
#include "ui/widgets/stattile.h"

#include <QResizeEvent>
#include <QStyle>

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

TileRow::TileRow(bool pressable, QWidget *parent) : QWidget(parent)
{
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

QSize TileRow::minimumSizeHint() const
{
    const int columns = int(m_tiles.size()) / 2;
    return {columns * m_tiles.first()->minimumSizeHint().width() + (columns - 1) * kSpacing,
            m_tiles.first()->sizeHint().height()};
}

QSize TileRow::sizeHint() const
{
    const int wide = minimumSizeHint().width() * 2;
    return {wide, heightForWidth(wide)};
}

void TileRow::place()
{
    const int columns = columnsFor(width());
    const int height = m_tiles.first()->sizeHint().height();
    for (int tile = 0; tile < m_tiles.size(); ++tile) {
        // What a division leaves over is spread over the tiles, so that the last one ends at the edge.
        const int column = tile % columns;
        const int left = column * (width() + kSpacing) / columns;
        const int right = (column + 1) * (width() + kSpacing) / columns - kSpacing;
        const QRect place(left, tile / columns * (height + kSpacing), right - left, height);
        m_tiles[tile]->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
    }
}

void TileRow::resizeEvent(QResizeEvent *event)
{
    place();
    QWidget::resizeEvent(event);
}

} // namespace gatehouse::ui
