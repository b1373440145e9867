// SPDX-License-Identifier: GPL-3.0-or-later
//
// The pages there are, in the order of the navigation. A new page is one more line here.
#pragma once

#include "ui/pages/page.h"

#include <functional>
#include <vector>

namespace gatehouse::ui {

struct PageEntry {
    QString key;
    QString group; ///< heading in the navigation; empty: above all groups
    QString title;
    QString icon;
    std::function<Page *(const PageContext &context, QWidget *parent)> make;
};

std::vector<PageEntry> allPages();

} // namespace gatehouse::ui
