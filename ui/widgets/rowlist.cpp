// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowlist.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowdelegate.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QLocale>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

RowList::RowList(const QString &accessibleName, const QString &emptyText, QWidget *parent)
    : QWidget(parent), m_count(new QLabel(this)), m_empty(new QLabel(emptyText, this)),
      m_add(new QPushButton(this)), m_remove(new QPushButton(this)), m_view(new QListView(this)),
      m_model(new QStandardItemModel(this))
{
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setForegroundRole(QPalette::PlaceholderText);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(20, 12, 20, 12);
    m_add->setIcon(icon(QStringLiteral("plus")));
    m_add->setObjectName(QStringLiteral("add"));
    m_remove->setObjectName(QStringLiteral("remove"));
    m_add->hide();
    m_remove->hide();
    m_view->setModel(m_model);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAccessibleName(accessibleName);
    m_view->installEventFilter(this);

    auto *top = new QHBoxLayout;
    top->setContentsMargins(20, 12, 20, 8);
    top->setSpacing(8);
    top->addWidget(m_count, 1);
    top->addWidget(m_remove);
    top->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_empty);
    auto *inset = new QHBoxLayout;
    inset->setContentsMargins(4, 0, 4, 0); // rows have a margin of their own
    inset->addWidget(m_view);
    layout->addLayout(inset, 1);
    layout->addStretch();

    connect(m_add, &QPushButton::clicked, this, &RowList::addClicked);
    connect(m_remove, &QPushButton::clicked, this, [this] { emit removeClicked(currentId()); });
    connect(m_view, &QListView::activated, this,
            [this](const QModelIndex &index) { emit activated(index.data(app::IdRole)); });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &RowList::updateButtons);
    setRows({});
}

void RowList::setActions(const QString &add, const QString &remove)
{
    m_add->setText(add);
    m_add->setVisible(!add.isEmpty());
    m_remove->setText(remove);
    m_remove->setVisible(!remove.isEmpty());
}

void RowList::setRows(const QList<ListRow> &rows)
{
    const QVariant kept = currentId();
    m_model->clear();
    for (const ListRow &row : rows) {
        auto *item = new QStandardItem(row.title);
        item->setData(row.title, app::TitleRole);
        item->setData(row.subtitle, app::SubtitleRole);
        item->setData(row.badges, app::BadgesRole);
        if (!row.state.isEmpty()) {
            item->setData(int(row.tone), app::StateRole);
            item->setData(row.state, app::StateTextRole);
        }
        QStringList words = QStringList{row.title, row.state} + row.badges + QStringList{row.subtitle};
        words.removeAll(QString());
        item->setData(words.join(QStringLiteral(", ")), Qt::AccessibleTextRole);
        item->setData(row.id, app::IdRole);
        item->setToolTip(row.subtitle);
        m_model->appendRow(item);
        if (row.id == kept)
            m_view->setCurrentIndex(item->index());
    }
    m_count->setText(rows.isEmpty() || !m_showsCount ? QString() : QLocale().toString(rows.size()));
    m_empty->setVisible(rows.isEmpty());
    m_view->setVisible(!rows.isEmpty());
    // The empty text stands at the top, as wide as the list would be.
    static_cast<QVBoxLayout *>(layout())->setStretch(layout()->count() - 1, rows.isEmpty() ? 1 : 0);
    updateButtons();
}

void RowList::hideCount()
{
    m_showsCount = false;
    m_count->clear();
    if (!m_add->isHidden() || !m_remove->isHidden())
        return;
    m_count->hide();
    layout()->itemAt(0)->layout()->setContentsMargins(0, 0, 0, 0);
}

QVariant RowList::currentId() const
{
    return m_view->currentIndex().data(app::IdRole);
}

void RowList::updateButtons()
{
    m_remove->setEnabled(m_view->currentIndex().isValid());
}

bool RowList::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Delete
        && !m_remove->isHidden() && m_view->currentIndex().isValid()) {
        emit removeClicked(currentId());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
