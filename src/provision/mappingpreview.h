// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an edited mapping would do to everybody, while it is being edited: the people in scope (or a sample of them) are
// read once and kept, the mapping is evaluated over them in a thread of its own, and every edit cancels the evaluation
// that is going on and starts a new one. Nothing is written. Belongs to the thread that made it; answers by signal bear
// the number of the edit.
#pragma once

#include "core/config/forward.h"
#include "core/entry.h"
#include "core/error.h"
#include "core/identity.h"
#include "provision/scope.h"
#include "provision/triedmapping.h"

#include <QObject>

#include <memory>

namespace gatehouse::provision {

/// A value and how many people have it.
struct ValueCount {
    QString value;
    qint64 people = 0;
};

struct TargetStatistics {
    QString target;
    qint64 blank = 0;     ///< nobody home: the mapping gives no value
    qint64 tooLong = 0;
    qint64 invalid = 0;   ///< wrong kind or form, or the expression failed
    qint64 colliding = 0; ///< people who share the value of an attribute that must be unique
    qint64 changed = 0;   ///< against the user as it is today
    qint64 distinct = 0;
    QList<ValueCount> mostFrequent; ///< at most ten, most frequent first
};

/// Somebody for whom the mapping does not do well.
struct WorstPerson {
    QByteArray dn;
    QList<core::Problem> problems;
};

struct MappingStatistics {
    quint64 edit = 0;
    qint64 people = 0;  ///< evaluated so far
    qint64 inScope = 0; ///< read so far
    bool sampled = false;  ///< not everybody: the sample's size was reached
    bool complete = false; ///< evaluated over all that were read
    qint64 milliseconds = 0;
    QList<TargetStatistics> targets; ///< in the mapping's order
    QList<WorstPerson> worst;        ///< at most 200, most problems first
};

class MappingPreview : public QObject {
    Q_OBJECT
public:
    static constexpr qint64 kEverybody = 0;

    /// Reads people of @p scope; @p sample at most (kEverybody: all, up to what fits the memory that is set aside, see
    /// kMaxKeptOctets). @p compile says whether their mapping is a rule's or a user type's.
    MappingPreview(const QString &environmentPath, core::Gateway gateway, Scope scope, CompileMapping compile, qint64 sample,
                   QObject *parent = nullptr);
    ~MappingPreview() override;

    /// Evaluates @p rows over everybody; the evaluation of earlier rows ends. Returns the edit's number.
    quint64 evaluate(const QList<core::AttributeMapping> &rows);

signals:
    /// Again and again while it goes on, at most every 100 ms, and at the end with `complete`.
    void progressed(const gatehouse::provision::MappingStatistics &statistics);
    /// The directory could not be read, or the mapping does not compile.
    void failed(quint64 edit, const QList<gatehouse::core::Error> &errors);

private:
    class Worker;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
