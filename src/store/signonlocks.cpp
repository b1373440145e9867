// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/signonlocks.h"

#include "store/auditlog.h"
#include "store/database.h"

#include <algorithm>

namespace gatehouse::store {

using core::Result;
using std::chrono::milliseconds;

namespace {

const QString kName = QStringLiteral("name ");
const QString kEntry = QStringLiteral("entry ");
const QString kSource = QStringLiteral("source ");

const GuessLimits &limitsOf(const QString &subject)
{
    return subject.startsWith(kSource) ? kSourceLimits : kNameLimits;
}

/// How long the guess that comes after @p failures wrong ones has to wait.
milliseconds waitAfter(qint64 failures, const GuessLimits &limits)
{
    if (failures < limits.free)
        return milliseconds(0);
    constexpr qint64 kMostDoublings = 10; // more than kLongestWait by then
    return std::min<milliseconds>(kLongestWait, limits.firstWait * (qint64(1) << std::min(failures - limits.free, kMostDoublings)));
}

/// The user or whatever else is counted, for the audit. Anybody may type anything as a name.
QString shownSubject(const QString &subject)
{
    QString text = (subject.startsWith(kName) ? subject.mid(kName.size()) : subject).left(200);
    std::replace_if(text.begin(), text.end(), [](QChar character) { return !character.isPrint(); }, QChar(0xfffd));
    return text;
}

bool isLocked(const QDateTime &until, const QDateTime &now)
{
    return until.isValid() && until > now;
}

} // namespace

QJsonObject accountJson(const std::optional<SignOnLock> &lock, bool enabled, const QDateTime &now)
{
    QJsonObject account{{QStringLiteral("canAuthenticate"), enabled && !lock},
                        {QStringLiteral("status"), lock ? QStringLiteral("LOCKED") : QStringLiteral("OK")}};
    if (lock) {
        account.insert(QStringLiteral("lockedAt"), lock->since.toUTC().toString(Qt::ISODateWithMs));
        account.insert(QStringLiteral("unlockAt"), lock->until.toUTC().toString(Qt::ISODateWithMs));
        account.insert(QStringLiteral("secondsUntilUnlock"), std::max<qint64>(0, now.secsTo(lock->until)));
    }
    return account;
}

QString SignOnLocks::nameSubject(const QString &username)
{
    return kName + core::usernameKey(username);
}

QString SignOnLocks::entrySubject(const QUuid &gateway, const QByteArray &sourceId)
{
    return kEntry + gateway.toString(QUuid::WithoutBraces) + u' ' + QString::fromLatin1(sourceId.toHex());
}

QString SignOnLocks::sourceSubject(const QString &source)
{
    return kSource + source;
}

Result<std::optional<SignOnLocks::Count>> SignOnLocks::count(const QString &subject)
{
    Statement statement = m_database.prepare("SELECT failures, last_at, next_at, locked_at, locked_until FROM signon_guesses"
                                             " WHERE subject = ?1");
    const auto row = statement.bind(1, subject).step();
    if (!row)
        return core::fail(row.error());
    if (!*row)
        return std::nullopt;
    return Count{statement.integer(0), statement.time(1), statement.time(2), statement.time(3), statement.time(4)};
}

Result<void> SignOnLocks::write(const QString &subject, const Count &count)
{
    return m_database.prepare("INSERT INTO signon_guesses (subject, failures, last_at, next_at, locked_at, locked_until)"
                              " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (subject) DO UPDATE SET failures = ?2,"
                              " last_at = ?3, next_at = ?4, locked_at = ?5, locked_until = ?6")
        .bind(1, subject)
        .bind(2, count.failures)
        .bind(3, count.lastAt)
        .bind(4, count.nextAt)
        .bind(5, count.lockedAt)
        .bind(6, count.lockedUntil)
        .run();
}

Result<void> SignOnLocks::lock(const QString &subject, Count count, const QDateTime &now)
{
    count.lockedAt = now;
    count.lockedUntil = now.addMSecs(milliseconds(kLockTime).count());
    auto written = write(subject, count);
    if (!written)
        return written;
    return AuditLog(m_database)
        .record(QStringLiteral("signon.lock"), shownSubject(subject),
                QStringLiteral("%1 wrong passwords; locked until %2").arg(count.failures).arg(count.lockedUntil.toString(Qt::ISODate)));
}

Result<SignOnLocks::Turn> SignOnLocks::begin(const QStringList &subjects, const QDateTime &now)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    // Of names that were typed once nothing stays.
    const QDateTime old = now.addMSecs(-milliseconds(kGuessMemory).count());
    if (auto pruned = m_database.prepare("DELETE FROM signon_guesses WHERE last_at < ?1 AND coalesce(locked_until, 0) < ?2")
                          .bind(1, old).bind(2, now).run();
        !pruned)
        return core::fail(pruned.error());
    Turn turn{{}, {}, now, false};
    QList<Count> counts;
    for (const QString &subject : subjects) {
        const auto found = count(subject);
        if (!found)
            return core::fail(found.error());
        Count one = found->value_or(Count{});
        if (one.lockedUntil.isValid() && !isLocked(one.lockedUntil, now))
            one = {}; // the lock is over, and with it what led to it
        const GuessLimits &limits = limitsOf(subject);
        if (!isLocked(one.lockedUntil, now) && one.failures >= limits.most) {
            // As many at once were counted, and their programs ended before they had an answer.
            if (auto locked = lock(subject, one, now); !locked)
                return core::fail(locked.error());
            one = count(subject).value_or(one).value_or(one);
        }
        if (isLocked(one.lockedUntil, now)) {
            turn.locked = subject;
            turn.lock = {one.lockedAt, one.lockedUntil, int(one.failures)};
            if (auto committed = transaction->commit(); !committed)
                return core::fail(committed.error());
            return turn;
        }
        if (one.nextAt.isValid() && one.nextAt > turn.at)
            turn.at = one.nextAt;
        counts.append(one);
    }
    if (now.msecsTo(turn.at) > kLongestQueue.count()) {
        turn.isTooMany = true;
        return turn;
    }
    for (qsizetype i = 0; i < subjects.size(); ++i) {
        Count &one = counts[i];
        ++one.failures;
        one.lastAt = now;
        one.nextAt = turn.at.addMSecs(waitAfter(one.failures, limitsOf(subjects.at(i))).count());
        if (auto written = write(subjects.at(i), one); !written)
            return core::fail(written.error());
    }
    if (auto committed = transaction->commit(); !committed)
        return core::fail(committed.error());
    return turn;
}

Result<void> SignOnLocks::wrong(const QStringList &subjects, const QDateTime &now)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    for (const QString &subject : subjects) {
        const auto found = count(subject);
        if (!found)
            return core::fail(found.error());
        if (!*found || (*found)->failures < limitsOf(subject).most || isLocked((*found)->lockedUntil, now))
            continue;
        if (auto locked = lock(subject, **found, now); !locked)
            return locked;
    }
    return transaction->commit();
}

Result<void> SignOnLocks::lower(const QString &subject)
{
    auto done = m_database.prepare("UPDATE signon_guesses SET failures = failures - 1, next_at = last_at WHERE subject = ?1"
                                   " AND failures > 0").bind(1, subject).run();
    if (done)
        done = m_database.prepare("DELETE FROM signon_guesses WHERE subject = ?1 AND failures = 0").bind(1, subject).run();
    return done;
}

Result<void> SignOnLocks::right(const QStringList &subjects)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    for (const QString &subject : subjects) {
        auto done = subject.startsWith(kSource)
                        ? lower(subject)
                        : m_database.prepare("DELETE FROM signon_guesses WHERE subject = ?1").bind(1, subject).run();
        if (!done)
            return done;
    }
    return transaction->commit();
}

Result<void> SignOnLocks::takeBack(const QStringList &subjects)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    for (const QString &subject : subjects) {
        if (auto done = lower(subject); !done)
            return done;
    }
    return transaction->commit();
}

Result<void> SignOnLocks::relate(const QString &typed, const QString &person)
{
    return m_database.prepare("UPDATE signon_guesses SET also = iif(subject = ?1, ?2, ?1) WHERE subject IN (?1, ?2)")
        .bind(1, typed)
        .bind(2, person)
        .run();
}

Result<std::optional<SignOnLock>> SignOnLocks::lockOf(const QString &subject, const QDateTime &now)
{
    const auto found = count(subject);
    if (!found)
        return core::fail(found.error());
    if (!*found || !isLocked((*found)->lockedUntil, now))
        return std::nullopt;
    return SignOnLock{(*found)->lockedAt, (*found)->lockedUntil, int((*found)->failures)};
}

Result<bool> SignOnLocks::unlock(const QString &subject)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return core::fail(transaction.error());
    auto done = m_database.prepare("DELETE FROM signon_guesses WHERE subject = ?1 OR also = ?1").bind(1, subject).run();
    const bool had = done && m_database.changes() > 0;
    if (had)
        done = AuditLog(m_database).record(QStringLiteral("signon.unlock"), shownSubject(subject));
    if (done)
        done = transaction->commit();
    if (!done)
        return core::fail(done.error());
    return had;
}

} // namespace gatehouse::store
