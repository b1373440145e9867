// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/table.h"

#include "core/config/limits.h"
#include "core/nearest.h"
#include "core/textrules.h"

#include <algorithm>
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

void refuseUnknown(const Keys &keys, const QJsonObject &object, const Place &place, Faults &faults)
{
    for (auto at = object.constBegin(); at != object.constEnd(); ++at) {
        if (keys.find(at.key()))
            continue;
        QStringList known;
        for (const Key &row : keys.rows)
            known.append(row.name);
        QString suggestion = didYouMean(at.key(), known);
        for (const auto &[key, advice] : keys.elsewhere) {
            if (key == at.key())
                suggestion = QStringLiteral("; ") + advice;
        }
        faults.add(Place(place, at.key()), QStringLiteral("unknown key"),
                   QStringLiteral("\"%1\" is not a key here%2").arg(at.key(), suggestion));
    }
}

} // namespace

QString Place::path() const
{
    const QString outer = m_outer ? m_outer->path() : QString();
    if (m_index >= 0)
        return QStringLiteral("%1[%2]").arg(outer).arg(m_index);
    return outer.isEmpty() ? m_key : outer + u'.' + m_key;
}

void Faults::wrongType(const Place &place, const QString &wanted, const QJsonValue &found)
{
    add(place, QStringLiteral("wrong type"), QStringLiteral("expected %1, found %2").arg(wanted, typeName(found)));
}

Key &Key::require()
{
    required = true;
    return *this;
}

Key &Key::need()
{
    needed = true;
    return *this;
}

Key &Key::ordered()
{
    isOrdered = true;
    return *this;
}

Key &Key::says(const QString &keyword, const QJsonValue &value)
{
    schema.insert(keyword, value);
    return *this;
}

Key &Key::is(const QString &definition)
{
    schema.remove(QStringLiteral("type"));
    return says(QStringLiteral("$ref"), QString(QStringLiteral("#/$defs/") + definition));
}

Key &Key::holds(const QJsonObject &elementSchema)
{
    return says(QStringLiteral("items"), elementSchema);
}

Key &Key::keptAs(std::function<QString(QString)> normalize)
{
    normalized = std::move(normalize);
    return *this;
}

const Key *Keys::find(const QString &name) const
{
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const Key &row) { return row.name == name; });
    return at == rows.end() ? nullptr : &*at;
}

void readThing(const Keys &keys, const QJsonValue &json, const Place &place, Faults &faults, void *thing)
{
    if (!json.isObject()) {
        faults.wrongType(place, QStringLiteral("an object"), json);
        return;
    }
    const QJsonObject object = json.toObject();
    for (const Key &row : keys.rows) {
        const auto at = object.constFind(row.name);
        if (at != object.constEnd())
            row.read(row, *at, Place(place, row.name), faults, thing);
        else if (row.required || (row.requiredWhen && row.requiredWhen(thing)))
            faults.add(Place(place, row.name), QStringLiteral("missing"),
                       QStringLiteral("\"%1\" is required here").arg(row.name));
    }
    refuseUnknown(keys, object, place, faults);
    if (keys.completed)
        keys.completed(thing);
}

QJsonObject writeThing(const Keys &keys, const void *thing)
{
    QJsonObject json;
    for (const Key &row : keys.rows) {
        if (const QJsonValue value = row.write(row, thing); !value.isUndefined())
            json.insert(row.name, value);
    }
    return json;
}

void checkThing(const Keys &keys, const void *thing, const Place &place, Faults &faults)
{
    for (const Key &row : keys.rows) {
        if (row.check)
            row.check(thing, Place(place, row.name), faults);
    }
}

QString readText(const Key &row, const QJsonValue &json, const Place &place, Faults &faults)
{
    if (!json.isString())
        faults.wrongType(place, QStringLiteral("text"), json);
    else if (row.required && json.toString().isEmpty())
        faults.add(place, QStringLiteral("missing"), QStringLiteral("\"%1\" must not be empty").arg(row.name));
    return row.normalized ? row.normalized(json.toString()) : json.toString();
}

QStringList readTexts(const QJsonValue &json, const Place &place, Faults &faults)
{
    if (!json.isArray()) {
        faults.wrongType(place, QStringLiteral("a list of texts"), json);
        return {};
    }
    QStringList list;
    const QJsonArray array = json.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!array.at(i).isString())
            faults.wrongType(Place(place, i), QStringLiteral("text"), array.at(i));
        list.append(array.at(i).toString());
    }
    return list;
}

bool readFlag(const QJsonValue &json, const Place &place, Faults &faults, bool usual)
{
    if (!json.isBool())
        faults.wrongType(place, QStringLiteral("true or false"), json);
    return json.toBool(usual);
}

int readNumber(const QJsonValue &json, const Place &place, Faults &faults, int usual)
{
    const double found = json.toDouble();
    if (!json.isDouble()) {
        faults.wrongType(place, QStringLiteral("a whole number"), json);
    } else if (std::trunc(found) != found || std::fabs(found) > 2'147'483'647.0) {
        faults.add(place, QStringLiteral("wrong type"),
                   QStringLiteral("expected a whole number up to 2147483647, found %1").arg(found));
        return usual;
    }
    return json.toInt(usual);
}

int readChoice(const QStringList &words, const QJsonValue &json, const Place &place, Faults &faults)
{
    const QString all = words.join(QStringLiteral(", "));
    if (!json.isString()) {
        faults.wrongType(place, QStringLiteral("one of ") + all, json);
        return -1;
    }
    const int index = int(words.indexOf(json.toString()));
    if (index < 0)
        faults.add(
            place, QStringLiteral("unknown value"),
            QStringLiteral("\"%1\" is not one of %2%3").arg(json.toString(), all, didYouMean(json.toString(), words)));
    return index;
}

void readList(const QJsonValue &json, const Place &place, Faults &faults,
              const std::function<void(const QJsonValue &, const Place &)> &readElement)
{
    if (!json.isArray()) {
        faults.wrongType(place, QStringLiteral("a list of objects"), json);
        return;
    }
    const QJsonArray array = json.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        readElement(array.at(i), Place(place, i));
}

namespace {

/// A secret reference as the file writes it: exactly one of these.
struct SecretText {
    bool keychain = false;
    QString variable;
    QString file;
};

const Table<SecretText> &secretTable()
{
    static const Table<SecretText> table(
        "Where a secret is kept: exactly one of the keys. The secret itself never stands in this file.",
        [](Table<SecretText> &keys) {
            keys.definition = QStringLiteral("secretReference");
            keys.conditions = {{QStringLiteral("minProperties"), 1}, {QStringLiteral("maxProperties"), 1}};
            keys.flag("keychain", &SecretText::keychain, "In the keychain of the desktop.").schema = {
                {QStringLiteral("const"), true},
                {QStringLiteral("description"), QStringLiteral("In the keychain of the desktop.")}};
            keys.text("env", &SecretText::variable, "In the environment variable of this name.")
                .says(QStringLiteral("minLength"), 1);
            keys.text("file", &SecretText::file, "In the file at this path, which nobody else may read.")
                .says(QStringLiteral("minLength"), 1);
        });
    return table;
}

} // namespace

const Keys &secretKeys()
{
    return secretTable();
}

SecretReference readSecret(const QJsonValue &json, const Place &place, Faults &faults)
{
    if (json.isString()) {
        // The text may be a password: it is not repeated.
        faults.add(place, QStringLiteral("a secret must not stand in this file"),
                   QStringLiteral("this file is read, copied and kept in version control; say where the secret is: "
                                  "{\"env\": \"NAME\"}, {\"file\": \"PATH\"} or {\"keychain\": true}"));
        return {};
    }
    SecretText text;
    readThing(secretTable(), json, place, faults, &text);
    if (!json.isObject())
        return {};
    if (int(text.keychain) + int(!text.variable.isEmpty()) + int(!text.file.isEmpty()) != 1) {
        faults.add(
            place, QStringLiteral("not a secret reference"),
            QStringLiteral("write exactly one of {\"env\": \"NAME\"}, {\"file\": \"PATH\"} and {\"keychain\": true}"));
        return {};
    }
    if (text.keychain)
        return {SecretReference::Kind::Keychain, {}};
    return text.file.isEmpty() ? SecretReference{SecretReference::Kind::Environment, text.variable}
                               : SecretReference{SecretReference::Kind::File, text.file};
}

QJsonValue writeSecret(const SecretReference &reference)
{
    switch (reference.kind) {
    case SecretReference::Kind::None: return QJsonValue(QJsonValue::Undefined);
    case SecretReference::Kind::Keychain: return QJsonObject{{QStringLiteral("keychain"), true}};
    case SecretReference::Kind::Environment: return QJsonObject{{QStringLiteral("env"), reference.name}};
    case SecretReference::Kind::File: return QJsonObject{{QStringLiteral("file"), reference.name}};
    }
    return QJsonValue(QJsonValue::Undefined);
}

void checkName(const QString &name, const Place &place, Faults &faults)
{
    if (name.trimmed().isEmpty())
        faults.add(place, QStringLiteral("missing"), QStringLiteral("a name is required"));
    else if (name.size() > kLongestName)
        faults.add(place, QStringLiteral("too long"),
                   QStringLiteral("%1 characters, at most %2 are allowed").arg(name.size()).arg(kLongestName));
    else if (!isPrintable(name))
        faults.add(place, QStringLiteral("not a name"),
                   QStringLiteral("control characters and line breaks are not allowed"));
    else if (name.trimmed() != name)
        faults.add(place, QStringLiteral("not a name"), QStringLiteral("remove the spaces at its beginning or end"));
}

void checkDescription(const QString &text, const Place &place, Faults &faults)
{
    if (text.size() > kLongestDescription)
        faults.add(place, QStringLiteral("too long"),
                   QStringLiteral("%1 characters, at most %2 are allowed").arg(text.size()).arg(kLongestDescription));
    else if (!text.isEmpty() && !isPrintable(text, true))
        faults.add(place, QStringLiteral("not a text"), QStringLiteral("control characters are not allowed"));
}

void checkRange(int value, int lowest, int highest, const Place &place, Faults &faults)
{
    if (value < lowest || value > highest)
        faults.add(place, QStringLiteral("out of range"),
                   QStringLiteral("%1 is not between %2 and %3").arg(value).arg(lowest).arg(highest));
}

} // namespace gatehouse::core
