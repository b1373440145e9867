// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shape of most pages: a list (or table) in the middle and a details panel on the right, divided by a splitter
// whose place is remembered.
#pragma once

#include <QSplitter>

class QSettings;

namespace gatehouse::ui {

class ListDetails : public QSplitter {
    Q_OBJECT
public:
    /// Takes both over. @p listWidth: the list's first width in pixels; 0 shares the room equally.
    ListDetails(QWidget *list, QWidget *details, int listWidth, QWidget *parent = nullptr);
    /// Restores the divider from @p key and keeps it there.
    void remember(QSettings &settings, const QString &key);
};

} // namespace gatehouse::ui
