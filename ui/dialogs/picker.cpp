// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/picker.h"

#include "app/roles.h"
#include "ui/theme/theme.h"
#include "ui/widgets/rowdelegate.h"
#include "ui/widgets/searchbox.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

Picker::Picker(const QString &title, const QString &placeholder, const QString &confirm, Source source,
               std::function<void(const QVariant &)> then, QWidget *parent)
    : QDialog(parent), m_source(std::move(source)), m_then(std::move(then)),
      m_search(new SearchBox(placeholder, this)), m_view(new QListView(this)),
      m_model(new QStandardItemModel(this)), m_confirm(new QPushButton(confirm, this))
{
    setObjectName(QStringLiteral("picker"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    resize(480, 460);
    auto *heading = new QLabel(title, this);
    heading->setFont(scaledFont(font(), 1.2, QFont::DemiBold));
    heading->setWordWrap(true);
    m_search->setObjectName(QStringLiteral("pickerSearch"));
    m_view->setObjectName(QStringLiteral("pickerList"));
    m_view->setAccessibleName(placeholder);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new RowDelegate(m_view));
    m_view->setUniformItemSizes(true);
    m_view->setMouseTracking(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto *cancel = new QPushButton(tr("&Cancel"), this);
    cancel->setAutoDefault(false);
    m_confirm->setProperty("form", QStringLiteral("primary"));
    m_confirm->setObjectName(QStringLiteral("confirm"));
    m_confirm->setDefault(true);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(heading);
    layout->addWidget(m_search);
    layout->addWidget(m_view, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_confirm);
    layout->addLayout(buttons);

    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_confirm, &QPushButton::clicked, this, &Picker::choose);
    connect(m_view, &QListView::doubleClicked, this, &Picker::choose);
    connect(m_view, &QListView::activated, this, &Picker::choose);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &Picker::updateConfirm);
    connect(m_search, &SearchBox::searched, this, &Picker::search);
    connect(m_search, &SearchBox::downPressed, m_view, [this] { m_view->setFocus(Qt::ShortcutFocusReason); });
    updateConfirm();
    search({});
}

void Picker::search(const QString &text)
{
    const int question = ++m_question;
    m_source(text, [self = QPointer<Picker>(this), question](const QList<Choice> &choices) {
        if (!self || self->m_question != question)
            return;
        self->m_model->clear();
        QModelIndex first;
        for (const Choice &choice : choices) {
            auto *item = new QStandardItem(choice.title);
            item->setData(choice.title, app::TitleRole);
            item->setData(choice.subtitle, app::SubtitleRole);
            item->setData(choice.id, app::IdRole);
            item->setEnabled(choice.enabled);
            self->m_model->appendRow(item);
            if (choice.enabled && !first.isValid())
                first = item->index();
        }
        self->m_view->setCurrentIndex(first);
        self->updateConfirm();
    });
}

void Picker::updateConfirm()
{
    const QModelIndex current = m_view->currentIndex();
    m_confirm->setEnabled(current.isValid() && current.flags().testFlag(Qt::ItemIsEnabled));
}

void Picker::choose()
{
    if (!m_confirm->isEnabled())
        return;
    const QVariant id = m_view->currentIndex().data(app::IdRole);
    accept();
    m_then(id);
}

} // namespace gatehouse::ui
