// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tableview.h"

#include "core/csv.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/badge.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <QToolButton>

namespace gatehouse::ui {

namespace {

/// Beside a heading: the cell's margins and the sort arrow.
constexpr int kHeadingRoom = 32;

} // namespace

TableView::TableView(QWidget *parent) : QTableView(parent)
{
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(20);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 16);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addCommonActions(*menu);
        menu->popup(horizontalHeader()->mapToGlobal(at));
    });
}

void TableView::remember(QSettings &settings, const QString &key)
{
    m_settings = &settings;
    m_key = key + QStringLiteral("/columns");
    const QByteArray state = settings.value(m_key).toByteArray();
    if (!state.isEmpty() && horizontalHeader()->restoreState(state))
        m_weights.clear();
    horizontalHeader()->setStretchLastSection(true);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
        // By hand, not because the window or the last column followed: their widths stay.
        if (m_sharing || !(QGuiApplication::mouseButtons() & Qt::LeftButton))
            return;
        m_weights.clear();
        saveColumns();
    });
    connect(horizontalHeader(), &QHeaderView::sectionMoved, this, &TableView::saveColumns);
    }

void TableView::shareWidth(const QList<int> &weights, const QHash<int, QString> &states)
{
    m_states = states;
    m_weights = weights;
    share();
}

void TableView::share()
{
    // Every heading stays readable; what room is left is shared by weight.
    int total = 0;
    int room = viewport()->width();
    const QFontMetrics headings(scaledFont(font(), 1.0, QFont::DemiBold));
    QList<int> least(m_weights.size(), 0);
    for (int column = 0; column < m_weights.size() && column < model()->columnCount(); ++column) {
        if (isColumnHidden(column))
            continue;
        total += m_weights[column];
        least[column] = headings.horizontalAdvance(model()->headerData(column, Qt::Horizontal).toString()) + kHeadingRoom;
        if (m_states.contains(column))
            least[column] = std::max(least[column], pillSize(m_states.value(column), font(), true).width() + 16);
        room -= least[column];
    }
    if (total == 0)
        return;
    m_sharing = true;
    for (int column = 0; column < m_weights.size(); ++column) {
        if (!isColumnHidden(column))
            horizontalHeader()->resizeSection(column, least[column] + std::max(0, room) * m_weights[column] / total);
    }
    m_sharing = false;
}

void TableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    share();
}

QToolButton *TableView::makeColumnsButton()
{
    auto *button = new QToolButton;
    button->setProperty("form", QStringLiteral("flat"));
    button->setIcon(icon(QStringLiteral("columns")));
    button->setIconSize(QSize(iconSide(font()), iconSide(font())));
    button->setToolTip(tr("Columns"));
    button->setAccessibleName(tr("Columns"));
    button->setFocusPolicy(Qt::StrongFocus);
    button->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(button);
    button->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        fillColumnsMenu(*menu);
    });
    return button;
}

void TableView::saveColumns()
{
    if (m_settings && isVisible())
        m_settings->setValue(m_key, horizontalHeader()->saveState());
}

void TableView::addCommonActions(QMenu &menu)
{
    QAction *copy = menu.addAction(tr("&Copy"), this, [this] {
        QGuiApplication::clipboard()->setText(selectionAsText());
    });
    copy->setShortcut(QKeySequence::Copy);
    QAction *csv = menu.addAction(tr("Copy as CS&V"), this, [this] {
        QGuiApplication::clipboard()->setText(selectionAsCsv());
    });
    const bool any = selectionModel() && selectionModel()->hasSelection();
    copy->setEnabled(any);
    csv->setEnabled(any);
    if (!model() || model()->columnCount() < 2)
        return;
    fillColumnsMenu(*menu.addMenu(tr("C&olumns")));
}

void TableView::fillColumnsMenu(QMenu &menu)
{
    for (int column = 0; column < model()->columnCount(); ++column) {
        QAction *action = menu.addAction(model()->headerData(column, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != 0); // the first column says what a row is
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            share();
            saveColumns();
        });
    }
}

QList<QList<QString>> TableView::selection(bool header) const
{
    QList<int> columns;
    for (int place = 0; place < horizontalHeader()->count(); ++place) {
        const int column = horizontalHeader()->logicalIndex(place);
        if (!isColumnHidden(column))
            columns << column;
    }
    QList<QList<QString>> rows;
    if (header) {
        QList<QString> names;
        for (const int column : std::as_const(columns))
            names << model()->headerData(column, Qt::Horizontal).toString();
        rows << names;
    }
    // Ranges, not indexes: a selection of a million rows is one range.
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom() && rows.size() < kMaxCopiedRows; ++row) {
            QList<QString> line;
            for (const int column : std::as_const(columns))
                line << model()->index(row, column).data().toString();
            rows << line;
        }
    }
    return rows;
}

QString TableView::selectionAsText() const
{
    QStringList lines;
    for (const QList<QString> &row : selection(false))
        lines << QStringList(row).join(QLatin1Char('\t'));
    return lines.join(QLatin1Char('\n'));
}

QString TableView::selectionAsCsv() const
{
    QString csv;
    for (const QList<QString> &row : selection(true)) {
        QStringList fields;
        for (const QString &field : row)
            fields << QString::fromUtf8(core::csvField(field));
        csv += fields.join(QLatin1Char(',')) + QStringLiteral("\r\n");
    }
    return csv;
}

void TableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(selectionAsText());
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (currentIndex().isValid())
            emit activated(currentIndex());
        return;
    }
    QTableView::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    emit menuRequested(menu);
    if (!menu->isEmpty())
        menu->addSeparator();
    addCommonActions(*menu);
    menu->popup(event->globalPos());
}

void TableView::focusInEvent(QFocusEvent *event)
{
    // Coming by Tab, something must be current, or the focus would be nowhere to be seen.
    if (!currentIndex().isValid() && model() && model()->rowCount() > 0)
        selectionModel()->setCurrentIndex(model()->index(0, 0), QItemSelectionModel::NoUpdate);
    QTableView::focusInEvent(event);
}

} // namespace gatehouse::ui
