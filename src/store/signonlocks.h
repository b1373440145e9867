// SPDX-License-Identifier: GPL-3.0-or-later
//
// How often a password was guessed, for each name and each place that sign-ons come from, so that guessing is slowed and
// then locked for a time. Kept in the environment: every process counts the same. A guess is counted before the password
// is looked at, so that many at once gain nothing; a right one takes it back. Belongs to the environment and its thread.
// It knows no passwords, and not whether there is a user of a name: names that nobody has are counted alike.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <QUuid>

#include <chrono>
#include <optional>

namespace gatehouse::store {

class Database;

/// What is counted, and how far.
struct GuessLimits {
    int free;      ///< wrong ones until each next one has to wait
    int most;      ///< as many wrong ones lock
    std::chrono::milliseconds firstWait; ///< doubles with each one
};
inline constexpr GuessLimits kNameLimits{3, 10, std::chrono::milliseconds(1'000)};
inline constexpr GuessLimits kSourceLimits{30, 100, std::chrono::milliseconds(250)};
inline constexpr std::chrono::milliseconds kLongestWait{4'000};
/// Guesses at once wait for each other; whoever would wait longer is refused.
inline constexpr std::chrono::milliseconds kLongestQueue{30'000};
inline constexpr std::chrono::minutes kGuessMemory{15}; ///< after so long without a guess all is forgotten
inline constexpr std::chrono::minutes kLockTime{15};

struct SignOnLock {
    QDateTime since;
    QDateTime until;
    int failures = 0;
    bool operator==(const SignOnLock &) const = default;
};
/// The user's `account` as the PingOne API writes it: status, whether they can sign on, and the lock.
QJsonObject accountJson(const std::optional<SignOnLock> &lock, bool enabled, const QDateTime &now);

class SignOnLocks {
public:
    explicit SignOnLocks(Database &database) : m_database(database) {}

    // What is counted: a username (see core::usernameKey), an entry that nobody here is linked to yet, a source.
    static QString nameSubject(const QString &username);
    static QString entrySubject(const QUuid &gateway, const QByteArray &sourceId);
    static QString sourceSubject(const QString &source);

    struct Turn {
        QString locked;     ///< the subject that is locked; empty: the guess is counted and may be made
        SignOnLock lock;
        QDateTime at;       ///< not before
        bool isTooMany = false; ///< too many wait already; nothing was counted
    };
    /// Counts a guess, unless one of the subjects is locked.
    [[nodiscard]] core::Result<Turn> begin(const QStringList &subjects, const QDateTime &now);
    /// The guess was wrong: what has come to its limit is locked, and the audit says so.
    [[nodiscard]] core::Result<void> wrong(const QStringList &subjects, const QDateTime &now);
    /// It was right: names are forgotten, a source has one guess less.
    [[nodiscard]] core::Result<void> right(const QStringList &subjects);
    /// Nothing was learnt of the password, for example because the directory could not be asked.
    [[nodiscard]] core::Result<void> takeBack(const QStringList &subjects);

    /// Both mean one person: what was typed, and whom it has found. A lock of the one is lifted with the other's.
    [[nodiscard]] core::Result<void> relate(const QString &typed, const QString &person);

    /// Nothing where it is not locked at @p now.
    [[nodiscard]] core::Result<std::optional<SignOnLock>> lockOf(const QString &subject, const QDateTime &now);
    /// Forgets the guesses, lifts a lock and audits it. False: there were none.
    [[nodiscard]] core::Result<bool> unlock(const QString &subject);

private:
    struct Count {
        qint64 failures = 0;
        QDateTime lastAt;
        QDateTime nextAt;
        QDateTime lockedAt;
        QDateTime lockedUntil;
    };
    [[nodiscard]] core::Result<std::optional<Count>> count(const QString &subject);
    [[nodiscard]] core::Result<void> write(const QString &subject, const Count &count);
    [[nodiscard]] core::Result<void> lower(const QString &subject);
    [[nodiscard]] core::Result<void> lock(const QString &subject, Count count, const QDateTime &now);

    Database &m_database;
};

} // namespace gatehouse::store
