// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads one JSON object of the configuration file, key by key, and collects every fault with its JSON path instead of
// stopping at the first. The keys that were asked for are the keys that exist: finish() refuses all others. Lives on
// the stack of one parse.
#pragma once

#include "core/config/words.h"
#include "core/error.h"
#include "core/nearest.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QSet>

#include <functional>
#include <optional>

namespace gatehouse::core {

/// What one parse gathers.
struct ConfigFaults {
    QList<Error> faults;
    /// When set, nothing is read: every key that the format knows is written here ("gateways[].name"), and every
    /// nested object is visited once, as if it stood in the file.
    QSet<QString> *knownKeys = nullptr;

    void add(const QString &where, const QString &what, const QString &detail = {}, Code code = Code::InvalidInput)
    {
        faults.append(Error{code, what, detail, where});
    }
};

enum class Presence { Optional, Required };

class ObjectReader {
public:
    ObjectReader(const QJsonValue &json, const QString &path, ConfigFaults &faults);

    QString pathOf(const QString &key) const;
    bool has(const QString &key);
    QJsonValue raw(const QString &key);

    QString text(const QString &key, Presence presence = Presence::Optional);
    bool flag(const QString &key, bool fallback);
    int number(const QString &key, int fallback);
    QStringList texts(const QString &key);
    template <typename E>
    E choice(const QString &key, const Words<E> &words, E fallback, Presence presence = Presence::Optional);

    /// Calls @p visit for the object under @p key when there is one.
    void object(const QString &key, const std::function<void(ObjectReader &)> &visit);
    /// Calls @p visit for each object of the array under @p key.
    void objects(const QString &key, const std::function<void(ObjectReader &)> &visit);

    /// Refuses keys that nobody asked for. @p moved are keys that people look for here, with advice.
    void finish(const QList<std::pair<QString, QString>> &moved = {});

    const QString &path() const { return m_path; }
    ConfigFaults &faults() { return m_faults; }
    bool isRecording() const { return m_faults.knownKeys != nullptr; }

private:
    std::optional<QJsonValue> value(const QString &key, Presence presence);
    void wrongType(const QString &key, const QString &wanted, const QJsonValue &found);

    QJsonObject m_object;
    QString m_path;
    ConfigFaults &m_faults;
    QStringList m_asked;
    bool m_isObject = false;
};

template <typename E>
E ObjectReader::choice(const QString &key, const Words<E> &words, E fallback, Presence presence)
{
    const auto json = value(key, presence);
    if (!json)
        return fallback;
    for (const auto &[known, word] : words) {
        if (json->isString() && json->toString() == word)
            return known;
    }
    const QStringList all = allWords(words);
    if (json->isString())
        m_faults.add(pathOf(key), QStringLiteral("unknown value"),
                     QStringLiteral("\"%1\" is not one of %2%3")
                         .arg(json->toString(), all.join(QStringLiteral(", ")), didYouMean(json->toString(), all)));
    else
        wrongType(key, QStringLiteral("one of ") + all.join(QStringLiteral(", ")), *json);
    return fallback;
}

} // namespace gatehouse::core
