// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/reader.h"

#include <cmath>

namespace gatehouse::core {

namespace {

QString typeName(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::Null: return QStringLiteral("null");
    case QJsonValue::Bool: return QStringLiteral("true or false");
    case QJsonValue::Double: return QStringLiteral("a number");
    case QJsonValue::String: return QStringLiteral("text");
    case QJsonValue::Array: return QStringLiteral("a list");
    case QJsonValue::Object: return QStringLiteral("an object");
    case QJsonValue::Undefined: break;
    }
    return QStringLiteral("nothing");
}

} // namespace

ObjectReader::ObjectReader(const QJsonValue &json, const QString &path, ConfigFaults &faults)
    : m_object(json.toObject()), m_path(path), m_faults(faults), m_isObject(json.isObject())
{
    if (!m_isObject && !isRecording())
        m_faults.add(path, QStringLiteral("wrong type"),
                     QStringLiteral("expected an object, found ") + typeName(json));
}

QString ObjectReader::pathOf(const QString &key) const
{
    return m_path.isEmpty() ? key : m_path + u'.' + key;
}

bool ObjectReader::has(const QString &key)
{
    return isRecording() || m_object.contains(key);
}

QJsonValue ObjectReader::raw(const QString &key)
{
    return value(key, Presence::Optional).value_or(QJsonValue(QJsonValue::Undefined));
}

std::optional<QJsonValue> ObjectReader::value(const QString &key, Presence presence)
{
    m_asked.append(key);
    if (isRecording()) {
        m_faults.knownKeys->insert(pathOf(key));
        return std::nullopt;
    }
    const auto at = m_object.constFind(key);
    if (at != m_object.constEnd())
        return *at;
    if (presence == Presence::Required && m_isObject)
        m_faults.add(pathOf(key), QStringLiteral("missing"), QStringLiteral("\"%1\" is required here").arg(key));
    return std::nullopt;
}

void ObjectReader::wrongType(const QString &key, const QString &wanted, const QJsonValue &found)
{
    m_faults.add(pathOf(key), QStringLiteral("wrong type"),
                 QStringLiteral("expected %1, found %2").arg(wanted, typeName(found)));
}

QString ObjectReader::text(const QString &key, Presence presence)
{
    const auto json = value(key, presence);
    if (!json)
        return {};
    if (!json->isString())
        wrongType(key, QStringLiteral("text"), *json);
    else if (presence == Presence::Required && json->toString().isEmpty())
        m_faults.add(pathOf(key), QStringLiteral("missing"), QStringLiteral("\"%1\" must not be empty").arg(key));
    return json->toString();
}

bool ObjectReader::flag(const QString &key, bool fallback)
{
    const auto json = value(key, Presence::Optional);
    if (!json)
        return fallback;
    if (!json->isBool())
        wrongType(key, QStringLiteral("true or false"), *json);
    return json->toBool(fallback);
}

int ObjectReader::number(const QString &key, int fallback)
{
    const auto json = value(key, Presence::Optional);
    if (!json)
        return fallback;
    const double found = json->toDouble();
    if (!json->isDouble()) {
        wrongType(key, QStringLiteral("a whole number"), *json);
    } else if (std::trunc(found) != found || std::fabs(found) > 2'147'483'647.0) {
        m_faults.add(pathOf(key), QStringLiteral("wrong type"),
                     QStringLiteral("expected a whole number up to 2147483647, found %1").arg(found));
        return fallback;
    }
    return json->toInt(fallback);
}

QStringList ObjectReader::texts(const QString &key)
{
    const auto json = value(key, Presence::Optional);
    if (!json)
        return {};
    if (!json->isArray()) {
        wrongType(key, QStringLiteral("a list of texts"), *json);
        return {};
    }
    QStringList list;
    const QJsonArray array = json->toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!array.at(i).isString())
            wrongType(QStringLiteral("%1[%2]").arg(key).arg(i), QStringLiteral("text"), array.at(i));
        list.append(array.at(i).toString());
    }
    return list;
}

void ObjectReader::object(const QString &key, const std::function<void(ObjectReader &)> &visit)
{
    const auto json = value(key, Presence::Optional);
    if (!json && !isRecording())
        return;
    ObjectReader reader(json.value_or(QJsonValue()), pathOf(key), m_faults);
    visit(reader);
}

void ObjectReader::objects(const QString &key, const std::function<void(ObjectReader &)> &visit)
{
    const auto json = value(key, Presence::Optional);
    if (isRecording()) {
        ObjectReader reader(QJsonValue(), pathOf(key) + QStringLiteral("[]"), m_faults);
        visit(reader);
        return;
    }
    if (!json)
        return;
    if (!json->isArray()) {
        wrongType(key, QStringLiteral("a list of objects"), *json);
        return;
    }
    const QJsonArray array = json->toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        ObjectReader reader(array.at(i), QStringLiteral("%1[%2]").arg(pathOf(key)).arg(i), m_faults);
        visit(reader);
    }
}

void ObjectReader::finish(const QList<std::pair<QString, QString>> &moved)
{
    for (auto at = m_object.constBegin(); at != m_object.constEnd(); ++at) {
        if (m_asked.contains(at.key()))
            continue;
        QString suggestion = didYouMean(at.key(), m_asked);
        for (const auto &[key, advice] : moved) {
            if (key == at.key())
                suggestion = QStringLiteral("; ") + advice;
        }
        m_faults.add(pathOf(at.key()), QStringLiteral("unknown key"),
                     QStringLiteral("\"%1\" is not a key here%2").arg(at.key(), suggestion));
    }
}

} // namespace gatehouse::core
