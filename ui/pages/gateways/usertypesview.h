// SPDX-License-Identifier: GPL-3.0-or-later
//
// A gateway's user types as they are stored, to be read: one section each. Values only; nothing here edits.
#pragma once

#include "core/config.h"

#include <QList>

class QWidget;

namespace gatehouse::ui {

/// One section per user type, or an empty state; the caller takes them over.
QList<QWidget *> userTypeSections(const core::Gateway &gateway, const core::AttributeCatalog &catalog);

} // namespace gatehouse::ui
