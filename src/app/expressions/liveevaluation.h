// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an expression gives for a sample, while it is typed: faults and warnings with their places, the value, what its
// target would hold. Asked at every keystroke; the work is done by the thread pool, so that even an expression that
// uses up all of core/expr/limits.h (about a second) leaves the window free. Of questions that wait only the newest is
// answered. Belongs to the thread that made it; may go at any time without waiting.
#pragma once

#include "core/expr/expression.h"
#include "core/identity.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace gatehouse::app {

/// What the names in an expression mean.
enum class ExpressionNames {
    Directory, ///< bare names are LDAP attributes, without regard to case; #root cannot be read as a whole
    SignOn,    ///< a user type's row: ldapAttributes.mail, or a text with ${ldapAttributes.mail} in it
    Users,     ///< an identity user's: user.name.given
};

struct ExpressionQuestion {
    QString text;
    core::expr::Value root = core::expr::Value(core::expr::Map());
    ExpressionNames reading = ExpressionNames::Directory;
    /// What exists: attributes of the directory, or paths such as "user.name.given" and "ldapAttributes.mail"; empty: not
    /// checked.
    QStringList names = {};
    QString target = {};    ///< an attribute of the catalogue; anything else: nothing is said of what it would hold
    std::shared_ptr<const core::AttributeCatalog> catalog = {};
    bool steps = false; ///< also what the parts give
};

/// A part of the expression and what it gives.
struct ExpressionStep {
    QString text;
    QString result;
    bool failed = false;
};

struct ExpressionAnswer {
    quint64 question = 0;
    QString text;
    bool empty = false; ///< nothing was written
    QList<core::expr::Fault> faults; ///< it cannot be used
    QList<core::expr::Fault> warnings; ///< it can, but
    std::optional<core::expr::Fault> failure; ///< it can, but not for this sample
    std::optional<core::expr::Value> value;
    core::Value stored;                ///< what the target would hold
    QList<core::Problem> problems;     ///< why the target refuses it
    QString targetNote;                ///< what is lost on the way, e.g. of a list for one value
    qint64 nanoseconds = 0;            ///< of the evaluation alone
    qint64 totalNanoseconds = 0;       ///< with parsing and checking
    QList<ExpressionStep> steps;
    bool isUsable() const { return !empty && faults.isEmpty(); }
};

/// Why the text cannot be used, where @p reading says what its names mean. Nothing is evaluated.
QList<core::expr::Fault> expressionFaults(const QString &text, ExpressionNames reading);

/// The answer, at once, in the caller's thread.
ExpressionAnswer answerTo(const ExpressionQuestion &question);

class LiveEvaluation : public QObject {
    Q_OBJECT
public:
    explicit LiveEvaluation(QObject *parent = nullptr);
    ~LiveEvaluation() override;

    /// The number that the answer will bear.
    quint64 ask(const ExpressionQuestion &question);
    bool isWaiting() const { return m_answered != m_asked; }

signals:
    /// Of the newest question only.
    void answered(const gatehouse::app::ExpressionAnswer &answer);

private:
    struct Shared;
    void start();
    void take(const ExpressionAnswer &answer);

    std::shared_ptr<Shared> m_shared;
    std::optional<ExpressionQuestion> m_next;
    quint64 m_asked = 0;
    quint64 m_answered = 0;
    int m_running = 0;
};

/// A value as a person reads it: a text as it is, everything else as JSON; cut after some thousand characters.
QString valueText(const core::expr::Value &value);
/// "text, length 12", "list, length 3".
QString valueKind(const core::expr::Value &value);

} // namespace gatehouse::app
