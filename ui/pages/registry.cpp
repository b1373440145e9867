// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/registry.h"

namespace gatehouse::ui {

std::vector<PageEntry> allPages()
{
    return {};
}

} // namespace gatehouse::ui
