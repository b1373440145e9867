// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/keepchoice.h"

#include "app/roles.h"

#include <QListView>

#include <memory>

namespace gatehouse::ui {

void keepChoice(QListView &list)
{
    const auto chosen = std::make_shared<QVariant>();
    QAbstractItemModel *model = list.model();
    QObject::connect(model, &QAbstractItemModel::modelAboutToBeReset, &list,
                     [&list, chosen] { *chosen = list.currentIndex().data(app::IdRole); });
    QObject::connect(model, &QAbstractItemModel::modelReset, &list, [&list, model, chosen] {
        for (int row = 0; chosen->isValid() && row < model->rowCount(); ++row) {
            const QModelIndex index = model->index(row, 0);
            if (index.data(app::IdRole) == *chosen)
                return list.setCurrentIndex(index);
        }
    });
}

} // namespace gatehouse::ui
