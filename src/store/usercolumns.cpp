// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/usercolumns.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::store {

namespace {

// The fixed columns of m_select, in its order; the attributes follow.
enum Column { Row, Uuid, Population, Revision, Gateway, UserType, CreatedAt, UpdatedAt, LastSignOnAt, Custom, First };

} // namespace

UserColumns::UserColumns(std::shared_ptr<const core::AttributeCatalog> catalog) : m_catalog(std::move(catalog))
{
    m_select = "SELECT u.row, u.uuid, u.population, u.revision, a.gateway, a.user_type, u.created_at, u.updated_at,"
               " u.last_sign_on_at, u.custom";
    for (int number = 0; number < m_catalog->size(); ++number) {
        const core::AttributeDefinition &definition = m_catalog->at(number);
        m_flags.push_back(definition.type == core::AttributeType::Boolean);
        if (definition.unique && number != m_catalog->username())
            m_unique.push_back(number);
        if (isCustom(number))
            continue;
        m_columns.push_back(columnName(definition.name));
        m_select += ", u." + m_columns.back();
    }
    m_select += " FROM users AS u LEFT JOIN authorities AS a ON a.row = u.authority";
    m_given = m_catalog->find(QStringLiteral("name.given"));
    m_family = m_catalog->find(QStringLiteral("name.family"));
    m_formatted = m_catalog->find(QStringLiteral("name.formatted"));
}

QByteArray UserColumns::columnName(const QString &attribute)
{
    QString name = attribute;
    return name.replace(u'.', u'_').toLatin1();
}

bool UserColumns::isNamed(int number) const
{
    return number == m_catalog->username() || number == m_catalog->email() || number == m_given || number == m_family
           || number == m_formatted;
}

core::User UserColumns::read(const Statement &row) const
{
    core::User user;
    user.row = row.integer(Row);
    user.id = row.uuid(Uuid);
    user.population = row.integer(Population);
    user.revision = row.integer(Revision);
    user.authorityGateway = row.text(Gateway);
    user.authorityUserType = row.text(UserType);
    user.createdAt = row.time(CreatedAt);
    user.updatedAt = row.time(UpdatedAt);
    user.lastSignOnAt = row.time(LastSignOnAt);
    for (int number = 0; number < m_catalog->builtInCount(); ++number) {
        const int column = First + number;
        if (row.isNull(column))
            continue;
        if (m_flags[size_t(number)])
            user.values.set(number, row.integer(column) != 0);
        else
            user.values.set(number, row.text(column));
    }
    if (!row.isNull(Custom))
        readCustom(row.utf8(Custom), user.values);
    return user;
}

QByteArray UserColumns::customJson(const core::AttributeValues &values) const
{
    QJsonObject object;
    for (const auto &[number, value] : values) {
        if (isCustom(number))
            object.insert(m_catalog->at(number).name, core::toJson(value));
    }
    return object.isEmpty() ? QByteArray() : QJsonDocument(object).toJson(QJsonDocument::Compact);
}

void UserColumns::readCustom(QByteArrayView json, core::AttributeValues &values) const
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).object();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const int number = m_catalog->find(entry.key());
        if (number >= 0 && isCustom(number))
            values.set(number, core::valueFromJson(entry.value()));
    }
}

} // namespace gatehouse::store
