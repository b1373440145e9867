// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan/object.h"

namespace gatehouse::core {

QString kindName(ObjectKind kind)
{
    switch (kind) {
    case ObjectKind::User: return QStringLiteral("user");
    case ObjectKind::Group: return QStringLiteral("group");
    case ObjectKind::Membership: return QStringLiteral("membership");
    case ObjectKind::Device: return QStringLiteral("device");
    case ObjectKind::Entry: return QStringLiteral("entry");
    }
    return {};
}

QString displayId(const QByteArray &id)
{
    if (id.size() == 16)
        return QUuid::fromRfc4122(id).toString(QUuid::WithoutBraces);
    return QString::fromLatin1(id.toHex());
}

QJsonObject toJson(const ObjectRef &object)
{
    if (object.kind == ObjectKind::Entry) {
        return {{QStringLiteral("dn"), object.text()}, {QStringLiteral("id"), displayId(object.id)}};
    }
    const auto orNull = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    return {{QStringLiteral("id"), orNull(displayId(object.id))},
            {object.kind == ObjectKind::User ? QStringLiteral("username") : QStringLiteral("name"), orNull(object.text())}};
}

} // namespace gatehouse::core
