// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an edited mapping would make of one person, row by row: the value that the linked or matching user has now, the
// value after, and why a row writes nothing. For editors that show it at every keystroke: judgements are made in a thread
// of its own, and of edits that wait only the newest is judged. Whether a rule or a sign-on judges is told by the
// judgement. Belongs to the thread that made it; answers by signal bear the number of the edit. It writes nothing and asks
// no directory.
#pragma once

#include "core/entry.h"
#include "core/error.h"
#include "core/identity.h"
#include "core/plan/step.h"
#include "core/result.h"

#include <QObject>

#include <functional>
#include <memory>

namespace gatehouse::store {
class Environment;
}

namespace gatehouse::provision {

/// One row of the mapping, for one person.
struct RowOutcome {
    enum class State {
        Faulty,       ///< the row does not compile: see errors
        Same,         ///< before and after are equal
        Changed,
        OnCreateOnly, ///< the user is there already, the row writes nothing
        NotEmpty,     ///< the user has a value already, the row writes nothing
        Problem,      ///< the value does not fit, or the expression failed for this person
    };
    State state = State::Same;
    core::Value before;
    core::Value after;
    QList<core::Problem> problems;
    QList<core::Error> errors;
};

struct PersonOutcome {
    quint64 edit = 0;
    QByteArray dn;
    QString username;      ///< of the user as it is, else as it would be
    core::Action action = core::Action::None;
    bool allowed = true;   ///< false: the connection's preferences, or the user type's settings, forbid the action
    bool existing = false; ///< there is a user already: linked, or with the same username
    QList<RowOutcome> rows;          ///< in the mapping's order
    QList<core::Problem> problems;   ///< what stands in the way and is no row's
    qint64 newGroups = 0;            ///< groups that would be made
    qint64 nanoseconds = 0;          ///< what it took, from compiling on
};

/// Judges one edit. Errors are those of the environment. Runs in the preview's thread.
using PersonJudgement = std::function<core::Result<PersonOutcome>(store::Environment &environment)>;

class PersonPreview : public QObject {
    Q_OBJECT
public:
    explicit PersonPreview(const QString &environmentPath, QObject *parent = nullptr);
    /// Waits for the judgement that goes on.
    ~PersonPreview() override;

    /// Returns the edit's number.
    quint64 evaluate(PersonJudgement judgement);

signals:
    void evaluated(const gatehouse::provision::PersonOutcome &outcome);
    /// The environment could not be read.
    void failed(quint64 edit, const gatehouse::core::Error &error);

private:
    class Worker;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::provision
