// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schemas.h"

#include "store/database.h"

#include <QDateTime>

namespace gatehouse::store {

using core::Result;

namespace {

Result<QByteArray> storedTypes(Database &database, const QUuid &gateway)
{
    Statement look = database.prepare("SELECT types FROM directory_schemas WHERE gateway_uuid = ?1");
    const auto found = look.bind(1, gateway).step();
    if (!found)
        return core::fail(found.error());
    return *found ? look.blob(0).toByteArray() : QByteArray();
}

} // namespace

Result<std::shared_ptr<const core::Schema>> Schemas::load(const QUuid &gateway)
{
    auto types = storedTypes(m_database, gateway);
    if (!types)
        return core::fail(types.error());
    if (types->isEmpty())
        return std::shared_ptr<const core::Schema>();
    if (gateway != m_gateway || *types != m_types) {
        m_schema = std::make_shared<const core::Schema>(core::Schema::fromAttributeTypes(qUncompress(*types).split('\0')));
        m_gateway = gateway;
        m_types = *std::move(types);
    }
    return m_schema;
}

Result<void> Schemas::save(const QUuid &gateway, const core::Schema &schema)
{
    if (schema.attributes().isEmpty() || gateway.isNull())
        return {};
    const QByteArray types = qCompress(schema.descriptions().join('\0'));
    const auto before = storedTypes(m_database, gateway);
    if (!before)
        return core::fail(before.error());
    if (*before == types)
        return {};
    if (m_database.isReadOnly()) {
        const auto writable = Database::open(m_database.path(), Database::Access::ReadWrite);
        return writable ? Schemas(**writable).save(gateway, schema) : core::fail(writable.error());
    }
    return m_database.prepare("INSERT OR REPLACE INTO directory_schemas (gateway_uuid, read_at, types) VALUES (?1, ?2, ?3)")
        .bind(1, gateway)
        .bind(2, QDateTime::currentMSecsSinceEpoch())
        .bindBlob(3, types)
        .run();
}

} // namespace gatehouse::store
