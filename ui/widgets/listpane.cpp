// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/listpane.h"

#include "ui/theme/theme.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/searchbox.h"

#include <QLabel>
#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

ListPane::ListPane(const QString &searchPlaceholder, QWidget *parent)
    : QWidget(parent), m_search(new SearchBox(searchPlaceholder, this)), m_stack(new QStackedWidget(this)),
      m_view(new QListView(this)), m_count(new QLabel(this))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setMinimumWidth(220);

    m_search->setObjectName(QStringLiteral("search"));
    m_view->setObjectName(QStringLiteral("list"));
    m_view->setAccessibleName(searchPlaceholder);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_stack->addWidget(m_view);

    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setFont(scaledFont(font(), 0.93));
    m_count->setContentsMargins(14, 6, 14, 8);
    m_count->setObjectName(QStringLiteral("count"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_top = new QVBoxLayout;
    m_top->setContentsMargins(12, 12, 12, 8);
    m_top->setSpacing(8);
    m_top->addWidget(m_search);
    layout->addLayout(m_top);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_count);

    connect(m_search, &SearchBox::downPressed, m_view, [this] {
        m_view->setFocus(Qt::ShortcutFocusReason);
        if (!m_view->currentIndex().isValid() && m_view->model())
            m_view->setCurrentIndex(m_view->model()->index(0, 0));
    });
    connect(m_view, &QListView::activated, this,
            [this](const QModelIndex &index) { emit activated(index.data(app::IdRole)); });
}

void ListPane::setModel(QAbstractItemModel *model)
{
    m_view->setModel(model);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ListPane::onCurrent);
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_restoring = true; });
    connect(model, &QAbstractItemModel::modelReset, this, &ListPane::restore);
    connect(model, &QAbstractItemModel::rowsInserted, this, &ListPane::restore);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ListPane::restore);
    restore();
}

void ListPane::addFilter(QWidget *filter)
{
    m_top->addWidget(filter);
}

void ListPane::setEmptyWidget(QWidget *widget)
{
    m_stack->addWidget(widget);
    restore();
}

void ListPane::setCountText(const QString &text)
{
    m_count->setText(text);
}

QVariant ListPane::currentId() const
{
    return m_view->currentIndex().data(app::IdRole);
}

bool ListPane::select(const QVariant &id)
{
    m_id = id;
    restore();
    return id.isValid() && currentId() == id;
}

void ListPane::onCurrent()
{
    if (m_restoring)
        return;
    m_id = currentId();
    emit currentChanged(m_id);
}

void ListPane::restore()
{
    QAbstractItemModel *model = m_view->model();
    if (!model)
        return;
    m_stack->setCurrentIndex(model->rowCount() == 0 && m_stack->count() > 1 && m_search->text().isEmpty() ? 1 : 0);
    m_restoring = true;
    QModelIndex found;
    for (int row = 0; m_id.isValid() && row < model->rowCount() && !found.isValid(); ++row) {
        const QModelIndex index = model->index(row, 0);
        if (index.data(app::IdRole) == m_id)
            found = index;
    }
    if (!m_id.isValid() && model->rowCount() > 0)
        found = model->index(0, 0);
    if (found.isValid())
        m_view->setCurrentIndex(found);
    else
        m_view->selectionModel()->clear();
    m_restoring = false;
    // The row may tell other things now, even though it is the same one.
    if (found.isValid())
        m_id = currentId();
    emit currentChanged(found.isValid() ? m_id : QVariant());
}

} // namespace gatehouse::ui
