// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/directoryschema.h"

namespace gatehouse::gateway {

core::Result<core::Schema> readSchema(ldap::Session &session)
{
    const auto root = session.read({}, {"subschemaSubentry"});
    if (!root)
        return core::fail(root.error());
    const QByteArray place = root->values("subschemaSubentry").value(0);
    if (place.isEmpty())
        return core::fail(core::Code::NotFound, QStringLiteral("the server does not say where its schema is"));
    // Not a subschema filter: Active Directory's aggregate entry is of another class.
    const auto entry = session.read(place, {"attributeTypes"});
    if (!entry)
        return core::fail(entry.error());
    const QList<QByteArray> descriptions = entry->values("attributeTypes");
    if (descriptions.isEmpty()) {
        return core::fail(core::Code::NotFound, QStringLiteral("the server shows no attribute types to this account"), {},
                          QString::fromUtf8(place));
    }
    return core::Schema::fromAttributeTypes(descriptions);
}

} // namespace gatehouse::gateway
