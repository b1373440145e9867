// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of the configuration file: the keys of each kind of thing, one row each. A row says how the value is read,
// written, checked and described. Parsing, writing, the list of keys, the JSON Schema, the checks of values and the
// difference of two configurations walk the same rows, so a new key is one row (tables.h). Tables are made at their
// first use and never change after it; any thread.
#pragma once

#include "core/config/secretreference.h"
#include "core/config/words.h"
#include "core/error.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

namespace gatehouse::core {

/// Where in the file something stands. The path is written out only when something is wrong there. Lives on the stack,
/// below the place that it stands in.
class Place {
public:
    explicit Place(QString path = {}) : m_key(std::move(path)) {}
    Place(const Place &outer, QString key) : m_outer(&outer), m_key(std::move(key)) {}
    Place(const Place &outer, qsizetype index) : m_outer(&outer), m_index(index) {}
    /// "gateways[0].userTypes[1].name"
    QString path() const;

private:
    const Place *m_outer = nullptr;
    QString m_key;
    qsizetype m_index = -1;
};

/// What a walk over a table finds wrong.
struct Faults {
    QList<Error> list;

    void add(const Place &place, const QString &what, const QString &detail = {}, Code code = Code::InvalidInput)
    {
        list.append(Error{code, what, detail, place.path()});
    }
    void wrongType(const Place &place, const QString &wanted, const QJsonValue &found);
};

struct Keys;

/// One row: a key of the file and the value of a thing that it stands for.
struct Key {
    QString name;
    QJsonObject schema;    ///< what the JSON Schema says of it, without its default
    bool required = false; ///< a file without it is refused
    bool needed = false;   ///< the schema asks for it; of a file without it validate() says what is wrong
    bool isList = false;
    bool isOrdered = false; ///< lists: another order is a change
    const Keys *inner = nullptr; ///< the keys of the objects in it

    std::function<void(const Key &, const QJsonValue &, const Place &, Faults &, void *thing)> read;
    /// Undefined: left out.
    std::function<QJsonValue(const Key &, const void *thing)> write;
    std::function<void(const void *thing, const Place &, Faults &)> check;
    std::function<bool(const void *thing)> requiredWhen;
    std::function<QString(QString)> normalized; ///< texts: as it is kept

    Key &require();
    Key &need();
    Key &ordered();
    /// More of the JSON Schema.
    Key &says(const QString &keyword, const QJsonValue &value);
    /// The schema's definition of this name instead of a type.
    Key &is(const QString &definition);
    /// What the elements of a list of texts are.
    Key &holds(const QJsonObject &elementSchema);
    Key &keptAs(std::function<QString(QString)> normalize);
};

/// The keys of one kind of thing.
struct Keys {
    QString definition;  ///< its name among the schema's definitions; empty: written out where it stands
    QString description;
    QString identity; ///< the key by which the things of a list are told apart; empty: by their place
    std::vector<Key> rows;
    QJsonObject conditions; ///< what else the JSON Schema says
    QList<std::pair<QString, QString>> elsewhere; ///< keys that people look for here -> what to write instead
    std::shared_ptr<const void> usual;            ///< a thing as it is when nothing is said
    std::function<void(void *thing)> completed;   ///< runs when a thing was read

    const Key *find(const QString &name) const;
};

void readThing(const Keys &keys, const QJsonValue &json, const Place &place, Faults &faults, void *thing);
QJsonObject writeThing(const Keys &keys, const void *thing);
/// Limits of values: what no other value decides on.
void checkThing(const Keys &keys, const void *thing, const Place &place, Faults &faults);

/// The keys of a secret reference.
const Keys &secretKeys();

// Values as the file writes them; what is wrong with one is a fault, and the value then is the usual one.
QString readText(const Key &row, const QJsonValue &json, const Place &place, Faults &faults);
QStringList readTexts(const QJsonValue &json, const Place &place, Faults &faults);
bool readFlag(const QJsonValue &json, const Place &place, Faults &faults, bool usual);
int readNumber(const QJsonValue &json, const Place &place, Faults &faults, int usual);
/// The index in @p words, or -1.
int readChoice(const QStringList &words, const QJsonValue &json, const Place &place, Faults &faults);
SecretReference readSecret(const QJsonValue &json, const Place &place, Faults &faults);
void readList(const QJsonValue &json, const Place &place, Faults &faults,
              const std::function<void(const QJsonValue &, const Place &)> &readElement);
QJsonValue writeSecret(const SecretReference &reference);

void checkName(const QString &name, const Place &place, Faults &faults);
void checkDescription(const QString &text, const Place &place, Faults &faults);
void checkRange(int value, int lowest, int highest, const Place &place, Faults &faults);

template <typename T>
class Table : public Keys {
public:
    template <typename Fill>
    Table(const char *about, Fill fill)
    {
        description = QString::fromUtf8(about);
        usual = std::make_shared<T>();
        fill(*this);
    }

    /// The name by which other things refer to this one.
    Key &thingName()
    {
        identity = QStringLiteral("name");
        Key &key = text("name", &T::name, nullptr).is(QStringLiteral("name")).require();
        key.check = [](const void *thing, const Place &place, Faults &faults) {
            checkName(of(thing).name, place, faults);
        };
        return key;
    }
    /// What it is for.
    void thingDescription()
    {
        text("description", &T::description, nullptr).is(QStringLiteral("description")).check =
            [](const void *thing, const Place &place, Faults &faults) {
                checkDescription(of(thing).description, place, faults);
            };
    }

    /// A text; one that nobody set is left out.
    Key &text(const char *name, QString T::*member, const char *about)
    {
        Key &key = add(name, "string", about);
        key.read = [member](const Key &row, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            of(thing).*member = readText(row, json, place, faults);
        };
        key.write = [member](const Key &row, const void *thing) {
            const QString &value = of(thing).*member;
            return value.isEmpty() && !row.required && !row.needed ? QJsonValue(QJsonValue::Undefined)
                                                                   : QJsonValue(value);
        };
        return key;
    }

    Key &texts(const char *name, QStringList T::*member, const char *about)
    {
        Key &key = add(name, "array", about);
        key.read = [member](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            of(thing).*member = readTexts(json, place, faults);
        };
        key.write = [member](const Key &, const void *thing) {
            return QJsonValue(QJsonArray::fromStringList(of(thing).*member));
        };
        return key;
    }

    Key &flag(const char *name, bool T::*member, const char *about)
    {
        Key &key = add(name, "boolean", about);
        key.read = [member](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            bool &value = of(thing).*member;
            value = readFlag(json, place, faults, value);
        };
        key.write = [member](const Key &, const void *thing) { return QJsonValue(of(thing).*member); };
        return key;
    }

    /// A whole number from @p lowest to @p highest.
    Key &number(const char *name, int T::*member, const char *about, int lowest, int highest)
    {
        Key &key = add(name, "integer", about);
        key.says(QStringLiteral("minimum"), lowest).says(QStringLiteral("maximum"), highest);
        key.read = [member](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            int &value = of(thing).*member;
            value = readNumber(json, place, faults, value);
        };
        key.write = [member](const Key &, const void *thing) { return QJsonValue(of(thing).*member); };
        key.check = [=](const void *thing, const Place &place, Faults &faults) {
            checkRange(of(thing).*member, lowest, highest, place, faults);
        };
        return key;
    }

    template <typename E>
    Key &choice(const char *name, E T::*member, const Words<E> &words, const char *about)
    {
        const QStringList all = allWords(words);
        Key &key = add(name, "string", about);
        key.says(QStringLiteral("enum"), QJsonArray::fromStringList(all));
        key.read = [member, &words, all](const Key &, const QJsonValue &json, const Place &place, Faults &faults,
                                         void *thing) {
            if (const int index = readChoice(all, json, place, faults); index >= 0)
                of(thing).*member = words.at(index).first;
        };
        key.write = [member, &words](const Key &, const void *thing) {
            return QJsonValue(wordOf(words, of(thing).*member));
        };
        return key;
    }

    /// Where a secret is; left out where there is none.
    Key &secret(const char *name, SecretReference T::*member, const char *about)
    {
        Key &key = add(name, nullptr, about);
        key.inner = &secretKeys();
        key.read = [member](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            of(thing).*member = readSecret(json, place, faults);
        };
        key.write = [member](const Key &, const void *thing) { return writeSecret(of(thing).*member); };
        return key;
    }

    template <typename U>
    Key &object(const char *name, U T::*member, const Table<U> &table, const char *about = nullptr)
    {
        Key &key = addInner(name, table, about);
        key.read = [member, &table](const Key &, const QJsonValue &json, const Place &place, Faults &faults,
                                    void *thing) { readThing(table, json, place, faults, &(of(thing).*member)); };
        key.write = [member, &table](const Key &, const void *thing) {
            return QJsonValue(writeThing(table, &(of(thing).*member)));
        };
        key.check = [member, &table](const void *thing, const Place &place, Faults &faults) {
            checkThing(table, &(of(thing).*member), place, faults);
        };
        return key;
    }

    /// An object that may be missing.
    template <typename U>
    Key &object(const char *name, std::optional<U> T::*member, const Table<U> &table, const char *about = nullptr)
    {
        Key &key = addInner(name, table, about);
        key.read = [member, &table](const Key &, const QJsonValue &json, const Place &place, Faults &faults,
                                    void *thing) {
            readThing(table, json, place, faults, &(of(thing).*member).emplace());
        };
        key.write = [member, &table](const Key &, const void *thing) {
            const std::optional<U> &value = of(thing).*member;
            return value ? QJsonValue(writeThing(table, &*value)) : QJsonValue(QJsonValue::Undefined);
        };
        key.check = [member, &table](const void *thing, const Place &place, Faults &faults) {
            if (const std::optional<U> &value = of(thing).*member)
                checkThing(table, &*value, place, faults);
        };
        return key;
    }

    /// An object of the file for which the thing has no part of its own: its keys are members of the thing. It is left
    /// out where @p isThere says so.
    Key &group(const char *name, const Table<T> &table, bool (*isThere)(const T &))
    {
        Key &key = addInner(name, table, nullptr);
        key.read = [&table](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *thing) {
            readThing(table, json, place, faults, thing);
        };
        key.write = [&table, isThere](const Key &, const void *thing) {
            return isThere(of(thing)) ? QJsonValue(writeThing(table, thing)) : QJsonValue(QJsonValue::Undefined);
        };
        key.check = [&table](const void *thing, const Place &place, Faults &faults) {
            checkThing(table, thing, place, faults);
        };
        return key;
    }

    enum class Empty { Written, LeftOut };
    template <typename U>
    Key &list(const char *name, QList<U> T::*member, const Table<U> &table, const char *about,
              Empty empty = Empty::Written)
    {
        Key &key = add(name, "array", about);
        key.inner = &table;
        key.isList = true;
        key.read = [member, &table](const Key &, const QJsonValue &json, const Place &place, Faults &faults,
                                    void *thing) {
            readList(json, place, faults, [&](const QJsonValue &element, const Place &at) {
                readThing(table, element, at, faults, &(of(thing).*member).emplaceBack());
            });
        };
        key.write = [member, &table, empty](const Key &, const void *thing) {
            const QList<U> &things = of(thing).*member;
            QJsonArray array;
            for (const U &one : things)
                array.append(writeThing(table, &one));
            return array.isEmpty() && empty == Empty::LeftOut ? QJsonValue(QJsonValue::Undefined) : QJsonValue(array);
        };
        key.check = [member, &table](const void *thing, const Place &place, Faults &faults) {
            const QList<U> &things = of(thing).*member;
            for (qsizetype i = 0; i < things.size(); ++i)
                checkThing(table, &things.at(i), Place(place, i), faults);
        };
        return key;
    }

    /// A part of the thing that is none of the file's: its keys stand among the thing's own.
    template <typename U>
    void part(U T::*member, const Table<U> &table)
    {
        for (const Key &row : table.rows) {
            Key key = row;
            key.read = [member, read = row.read](const Key &self, const QJsonValue &json, const Place &place,
                                                 Faults &faults, void *thing) {
                read(self, json, place, faults, &(of(thing).*member));
            };
            key.write = [member, write = row.write](const Key &self, const void *thing) {
                return write(self, &(of(thing).*member));
            };
            if (row.check)
                key.check = [member, check = row.check](const void *thing, const Place &place, Faults &faults) {
                    check(&(of(thing).*member), place, faults);
                };
            rows.push_back(std::move(key));
        }
    }

    /// A key that is known and stands for nothing. @p refuse, where there is one, says what is wrong with a value.
    Key &unused(const char *name, const QJsonObject &schema,
                std::function<void(const QJsonValue &, const Place &, Faults &)> refuse = {})
    {
        Key key;
        key.name = QString::fromUtf8(name);
        key.schema = schema;
        key.read = [refuse](const Key &, const QJsonValue &json, const Place &place, Faults &faults, void *) {
            if (refuse)
                refuse(json, place, faults);
        };
        key.write = [](const Key &, const void *) { return QJsonValue(QJsonValue::Undefined); };
        rows.push_back(std::move(key));
        return rows.back();
    }

    void whenRead(void (*complete)(T &))
    {
        completed = [complete](void *thing) { complete(of(thing)); };
    }

private:
    static T &of(void *thing) { return *static_cast<T *>(thing); }
    static const T &of(const void *thing) { return *static_cast<const T *>(thing); }

    Key &add(const char *name, const char *type, const char *about)
    {
        Key key;
        key.name = QString::fromUtf8(name);
        if (type)
            key.schema.insert(QStringLiteral("type"), QString::fromUtf8(type));
        if (about)
            key.schema.insert(QStringLiteral("description"), QString::fromUtf8(about));
        rows.push_back(std::move(key));
        return rows.back();
    }
    Key &addInner(const char *name, const Keys &keys, const char *about)
    {
        Key &key = add(name, nullptr, about);
        key.inner = &keys;
        return key;
    }
};

} // namespace gatehouse::core
