// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/listdetails.h"

#include <QSettings>

namespace gatehouse::ui {

ListDetails::ListDetails(QWidget *list, QWidget *details, int listWidth, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent)
{
    setHandleWidth(1);
    setChildrenCollapsible(false);
    addWidget(list);
    addWidget(details);
    setStretchFactor(0, listWidth > 0 ? 0 : 1);
    setStretchFactor(1, 1);
    if (listWidth > 0)
        setSizes({listWidth, 3 * listWidth});
}

void ListDetails::remember(QSettings &settings, const QString &key)
{
    const QByteArray state = settings.value(key).toByteArray();
    if (!state.isEmpty())
        restoreState(state);
    connect(this, &QSplitter::splitterMoved, this, [this, &settings, key] { settings.setValue(key, saveState()); });
}

} // namespace gatehouse::ui
