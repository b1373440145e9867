// SPDX-License-Identifier: GPL-3.0-or-later
//
// As much of JSON Schema (draft 2020-12) as the project's own schema uses, so that a test can hold the schema against
// the parser. A keyword that it does not know is reported, never skipped.
#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>

#include <cmath>

namespace gatehouse::test {

class SchemaValidator {
public:
    explicit SchemaValidator(const QJsonObject &root) : m_root(root) {}

    /// "path: what is wrong" for each fault; empty when @p json is valid.
    QStringList check(const QJsonValue &json)
    {
        m_faults.clear();
        check(m_root, json, QString());
        return m_faults;
    }

private:
    void add(const QString &path, const QString &what) { m_faults.append(path + QStringLiteral(": ") + what); }

    bool holds(const QJsonObject &schema, const QJsonValue &json)
    {
        const QStringList before = m_faults;
        check(schema, json, QString());
        const bool good = m_faults == before;
        m_faults = before;
        return good;
    }

    static bool isOfType(const QString &type, const QJsonValue &json)
    {
        if (type == QStringLiteral("object"))
            return json.isObject();
        if (type == QStringLiteral("array"))
            return json.isArray();
        if (type == QStringLiteral("string"))
            return json.isString();
        if (type == QStringLiteral("boolean"))
            return json.isBool();
        return type == QStringLiteral("integer") && json.isDouble()
            && std::trunc(json.toDouble()) == json.toDouble();
    }

    void check(const QJsonObject &schema, const QJsonValue &json, const QString &path)
    {
        static const QSet<QString> annotations{QStringLiteral("$schema"), QStringLiteral("$id"),
                                               QStringLiteral("$defs"), QStringLiteral("title"),
                                               QStringLiteral("description"), QStringLiteral("default"),
                                               QStringLiteral("format")};
        for (auto at = schema.constBegin(); at != schema.constEnd(); ++at) {
            if (!annotations.contains(at.key()))
                checkKeyword(at.key(), *at, schema, json, path);
        }
    }

    void checkKeyword(const QString &keyword, const QJsonValue &value, const QJsonObject &schema,
                      const QJsonValue &json, const QString &path)
    {
        const QJsonObject object = json.toObject();
        const QJsonArray array = json.toArray();
        const auto is = [&](const char *name) { return keyword == QLatin1String(name); };
        if (is("$ref")) {
            const QString name = value.toString().section(u'/', -1);
            check(m_root.value(QStringLiteral("$defs")).toObject().value(name).toObject(), json, path);
        } else if (is("type")) {
            if (!isOfType(value.toString(), json))
                add(path, QStringLiteral("is not of type ") + value.toString());
        } else if (is("const")) {
            if (json != value)
                add(path, QStringLiteral("is not the constant"));
        } else if (is("enum")) {
            if (!value.toArray().contains(json))
                add(path, QStringLiteral("is not among the values"));
        } else if (is("properties")) {
            const QJsonObject properties = value.toObject();
            for (auto at = properties.constBegin(); at != properties.constEnd(); ++at) {
                if (object.contains(at.key()))
                    check(at->toObject(), object.value(at.key()), join(path, at.key()));
            }
        } else if (is("additionalProperties")) {
            const QJsonObject properties = schema.value(QStringLiteral("properties")).toObject();
            for (const QString &key : object.keys()) {
                if (!properties.contains(key))
                    add(join(path, key), QStringLiteral("is no property"));
            }
        } else if (is("required")) {
            for (const QJsonValue &key : value.toArray()) {
                if (json.isObject() && !object.contains(key.toString()))
                    add(join(path, key.toString()), QStringLiteral("is required"));
            }
        } else if (is("items")) {
            for (qsizetype i = 0; i < array.size(); ++i)
                check(value.toObject(), array.at(i), QStringLiteral("%1[%2]").arg(path).arg(i));
        } else if (is("uniqueItems")) {
            for (qsizetype i = 1; i < array.size(); ++i) {
                for (qsizetype j = 0; j < i; ++j) {
                    if (array.at(i) == array.at(j))
                        add(QStringLiteral("%1[%2]").arg(path).arg(i), QStringLiteral("stands twice"));
                }
            }
        } else if (is("minItems") || is("maxItems")) {
            limit(keyword, array.size(), value, path, json.isArray());
        } else if (is("minProperties") || is("maxProperties")) {
            limit(keyword, object.size(), value, path, json.isObject());
        } else if (is("minLength") || is("maxLength")) {
            limit(keyword, json.toString().size(), value, path, json.isString());
        } else if (is("minimum") || is("maximum")) {
            limit(keyword, json.toDouble(), value, path, json.isDouble());
        } else if (is("pattern")) {
            const QRegularExpression pattern(value.toString(), QRegularExpression::UseUnicodePropertiesOption);
            if (!pattern.isValid() || (json.isString() && !pattern.match(json.toString()).hasMatch()))
                add(path, QStringLiteral("does not match ") + value.toString());
        } else if (is("oneOf")) {
            int holding = 0;
            for (const QJsonValue &option : value.toArray())
                holding += holds(option.toObject(), json);
            if (holding != 1)
                add(path, QStringLiteral("fits %1 of the options").arg(holding));
        } else if (is("if")) {
            if (!holds(value.toObject(), json))
                check(schema.value(QStringLiteral("else")).toObject(), json, path);
        } else if (!is("else")) {
            add(path, QStringLiteral("the schema uses \"%1\", which this test does not know").arg(keyword));
        }
    }

    void limit(const QString &keyword, double actual, const QJsonValue &bound, const QString &path, bool applies)
    {
        const bool good = keyword.startsWith(QStringLiteral("min")) ? actual >= bound.toDouble()
                                                                    : actual <= bound.toDouble();
        if (applies && !good)
            add(path, keyword);
    }

    static QString join(const QString &path, const QString &key)
    {
        return path.isEmpty() ? key : QString(path + u'.' + key);
    }

    QJsonObject m_root;
    QStringList m_faults;
};

} // namespace gatehouse::test
