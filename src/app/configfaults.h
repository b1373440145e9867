// SPDX-License-Identifier: GPL-3.0-or-later
//
// Faults of a configuration as a form needs them: those about the thing that is being edited, by the path of its own
// keys ("bindDN", "serversHostAndPort[1]"), and the rest. Pure values; GUI thread.
#pragma once

#include "core/error.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

#include <optional>

namespace gatehouse::app {

/// One fault beside its field.
struct FieldFault {
    QString path; ///< relative to the edited thing; empty: the thing as a whole
    QString text; ///< what is wrong and what to do, in words
    core::Error error;

    /// The path's first element list index: "serversHostAndPort[1].host" -> 1 for key "serversHostAndPort"; -1 when
    /// the path is not an element of @p key.
    int indexUnder(const QString &key) const;
    /// Whether the path is @p key or lies below it.
    bool isUnder(const QString &key) const;
};

struct FormFaults {
    QList<FieldFault> own;
    QList<core::Error> others;
    bool isEmpty() const { return own.isEmpty() && others.isEmpty(); }
};

class ConfigFaults {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::ConfigFaults)
public:
    /// One sentence or two: "Not below the base DN: …".
    static QString text(const core::Error &error);
    /// Splits what validate() or a refused save said, for the thing at @p section[@p index].
    static FormFaults split(const QList<core::Error> &faults, const QString &section, qsizetype index);
    /// Faults of @p after that @p before did not have: an edit is not blamed for what was wrong already.
    static QList<core::Error> added(const QList<core::Error> &before, const QList<core::Error> &after);
};

/// Position of the thing with this id; -1: none.
template <typename T>
qsizetype indexOfId(const QList<T> &things, const QUuid &id)
{
    for (qsizetype i = 0; i < things.size(); ++i) {
        if (things.at(i).id == id)
            return i;
    }
    return -1;
}

/// @p wanted, or the first "@p wanted (2)", "@p wanted (3)" … that no thing is called yet.
template <typename T>
QString freeName(const QList<T> &things, const QString &wanted)
{
    QString name = wanted;
    const auto taken = [&] {
        for (const T &thing : things) {
            if (thing.name == name)
                return true;
        }
        return false;
    };
    for (int n = 2; taken(); ++n)
        name = QStringLiteral("%1 (%2)").arg(wanted).arg(n);
    return name;
}

} // namespace gatehouse::app
