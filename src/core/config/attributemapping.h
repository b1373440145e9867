// SPDX-License-Identifier: GPL-3.0-or-later
//
// Rows of a rule's mapping.
#pragma once

#include "core/config/forward.h"

#include <QList>
#include <QString>

namespace gatehouse::core {

enum class MappingWhen { Always, OnCreate, WhenEmpty };

/// One row of a rule's mapping: exactly one of source and expression is set.
struct AttributeMapping {
    QString target;
    QString source;
    QString expression;
    MappingWhen when = MappingWhen::Always;
    bool operator==(const AttributeMapping &) const = default;
};

/// Default mappings of an inbound rule for a vendor (reference 6.1).
QList<AttributeMapping> defaultInboundMappings(Vendor vendor);

} // namespace gatehouse::core
