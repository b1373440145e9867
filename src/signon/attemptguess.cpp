// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an attempt does against guessing: it waits its turn and is counted, or refused where somebody guessed too often; and
// whoever is refused costs the directory the same round trips and gets the answer at the same time, whatever the reason.
#include "core/config/gateway.h"
#include "signon/attempt.h"

#include "ldap/linkvalue.h"
#include "signon/passwordhash.h"
#include "store/signonlocks.h"

#include <QThread>

#include <algorithm>

#include <pwd.h>
#include <unistd.h>

namespace gatehouse::signon {

using core::ProblemCode;
using core::Result;
using store::SignOnLocks;

namespace {

constexpr int kCancelLook = 20; // milliseconds

/// Where nothing says from where a sign-on comes, it comes from who runs this program.
QString systemUser()
{
    passwd entry;
    passwd *found = nullptr;
    char texts[4096];
    if (getpwuid_r(getuid(), &entry, texts, sizeof(texts), &found) == 0 && found)
        return QStringLiteral("user ") + QString::fromLocal8Bit(found->pw_name);
    return QStringLiteral("user %1").arg(getuid());
}

QString lockedText(const store::SignOnLock &lock)
{
    return QStringLiteral("locked after %1 wrong passwords until %2").arg(lock.failures).arg(lock.until.toString(Qt::ISODate));
}

/// How often the directory is searched for a name that nobody has, which is no DN: see Lookup::byIdentifier().
qsizetype searchesForUnknown(const core::Gateway &gateway)
{
    qsizetype searches = 0;
    for (const core::UserType &userType : gateway.userTypes) {
        if (userType.newUserLookup) {
            ++searches;
            continue;
        }
        for (const QString &attribute : userType.orderedCorrelationAttributes) {
            const bool isDn = attribute.compare(QLatin1String("dn"), Qt::CaseInsensitive) == 0;
            searches += !isDn && ldap::linkOctets(attribute.toUtf8(), QStringLiteral("nobody")) ? 1 : 0;
        }
    }
    return searches;
}

/// Whether the identity directory checks the passwords of some: by a hash, which takes time.
bool anyHashes(const core::Gateway &gateway)
{
    return std::any_of(gateway.userTypes.begin(), gateway.userTypes.end(), [](const core::UserType &one) {
        return one.passwordAuthority == core::PasswordAuthority::PingOne;
    });
}

} // namespace

void Attempt::sleepUntil(qint64 milliseconds)
{
    while (m_timer.elapsed() < milliseconds && !m_cancel.isCancelled())
        QThread::msleep(quint64(std::clamp<qint64>(milliseconds - m_timer.elapsed(), 1, kCancelLook)));
}

QString Attempt::source() const
{
    return m_request.source.isEmpty() ? systemUser() : m_request.source;
}

Attempt::Step Attempt::takeTurn()
{
    const QString name = SignOnLocks::nameSubject(m_request.identifier);
    if (!m_request.simulate)
        return countGuess({name, SignOnLocks::sourceSubject(source())});
    return foretellLock(name);
}

/// Somebody who was found by another name than the one that is counted: by an e-mail address for example.
Attempt::Step Attempt::takeTurnOfPerson()
{
    QString subject;
    if (m_user)
        subject = SignOnLocks::nameSubject(m_user->values.text(m_environment.catalog()->username()));
    else if (m_found && !m_found->sourceId.isEmpty())
        subject = SignOnLocks::entrySubject(m_gateway.id, m_found->sourceId);
    if (subject.isEmpty() || m_guesses.contains(subject))
        return true;
    if (!m_request.simulate) {
        const QString typed = m_guesses.value(0);
        const auto counted = countGuess({subject});
        if (auto related = SignOnLocks(m_environment.database()).relate(typed, subject); !related)
            return core::fail(related.error());
        return counted;
    }
    return subject == SignOnLocks::nameSubject(m_request.identifier) ? Step(true) : foretellLock(subject);
}

Attempt::Step Attempt::foretellLock(const QString &subject)
{
    const auto lock = SignOnLocks(m_environment.database()).lockOf(subject, QDateTime::currentDateTimeUtc());
    if (!lock)
        return core::fail(lock.error());
    if (*lock)
        stand(ProblemCode::NotAllowed, lockedText(**lock));
    return true;
}

Attempt::Step Attempt::countGuess(const QStringList &subjects)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const auto turn = SignOnLocks(m_environment.database()).begin(subjects, now);
    if (!turn)
        return core::fail(turn.error());
    // To who guesses everywhere the pace tells nothing of anybody, and it shall not cost the directory anything.
    const bool isSource = turn->locked == SignOnLocks::sourceSubject(source());
    m_isTurnedAway = turn->isTooMany || isSource;
    if (!turn->locked.isEmpty())
        return refuse((isSource ? QStringLiteral("sign-on from \"%1\" is ").arg(source()) : QStringLiteral("sign-on is ")) + lockedText(turn->lock));
    if (turn->isTooMany)
        return refuse(QStringLiteral("too many passwords are tried at once"));
    m_guesses += subjects;
    const qint64 begun = m_timer.elapsed();
    sleepUntil(begun + now.msecsTo(turn->at));
    m_waited += m_timer.elapsed() - begun;
    if (m_cancel.isCancelled())
        return core::fail(core::Code::Cancelled, QStringLiteral("the sign-on was cancelled"));
    return true;
}

/// Says what the guess was. One that was broken off when the password had been looked at counts as wrong: else whoever
/// breaks off before the answer comes could guess on and on.
Result<void> Attempt::settleGuess(bool brokenOff)
{
    if (m_guesses.isEmpty())
        return {};
    SignOnLocks locks(m_environment.database());
    const QStringList subjects = std::exchange(m_guesses, {});
    if (m_passwordWasRight)
        return locks.right(subjects);
    const bool unknown = brokenOff || m_report.error.has_value();
    if (unknown && !m_asked && !m_hashed)
        return locks.takeBack(subjects);
    return locks.wrong(subjects, QDateTime::currentDateTimeUtc());
}

Result<void> Attempt::openForPerson()
{
    QElapsedTimer timer;
    timer.start();
    auto opened = gateway::openSession(m_gateway, m_cancel, m_request.deadlines, link::Need::Lookup);
    m_opening = timer.elapsed();
    if (!opened)
        return core::fail(opened.error());
    m_directory = *std::move(opened);
    m_report.server = m_directory->serverHostAndPort;
    learnSchema();
    return {};
}

/// What somebody unknown makes the directory and this program do, everybody who is refused makes them do: the same searches,
/// one bind, one hash.
void Attempt::evenOut()
{
    if (isByTicket() || m_isTurnedAway)
        return; // whoever has a ticket is known to the domain already
    const QString server = m_report.server;
    if (m_opening < 0)
        [[maybe_unused]] const auto opened = openForPerson();
    m_report.server = server;
    const QByteArray name = QUuid::createUuid().toByteArray(QUuid::Id128);
    if (m_directory) {
        qsizetype searches = 0;
        for (const Considered &considered : std::as_const(m_report.considered))
            searches += considered.filters.size();
        Lookup lookup(*m_directory->session, m_gateway, m_gateway.userTypes.constFirst(), nullptr, m_schema);
        for (; searches < searchesForUnknown(m_gateway); ++searches) {
            Considered nobody;
            [[maybe_unused]] const auto found = lookup.bySourceId(name, nobody);
        }
    }
    if (m_directory && !m_asked) {
        const core::Entry nobody{"cn=" + name + ',' + m_gateway.userTypes.constFirst().searchBaseDn.toUtf8(), {{"sAMAccountName", {name}}}};
        if (auto session = gateway::openUnbound(m_gateway, *m_directory, m_cancel, m_request.deadlines))
            [[maybe_unused]] const auto refused = bindPerson(**session, nobody, m_request.password);
    }
    if (anyHashes(m_gateway) && !m_hashed)
        [[maybe_unused]] const auto hash = hashPassword(m_request.password);
}

/// A refusal is answered when the slowest way to it would have come to its end. How slow the directory is, opening tells,
/// which everybody's sign-on does: connecting, securing, binding and reading are at least two of its answers.
void Attempt::keepPace()
{
    const qint64 pace = m_request.refusalPace.count();
    if (pace <= 0)
        return;
    const qint64 opening = m_directory ? std::max<qint64>(m_opening, 0) : 0;
    const qint64 hashing = anyHashes(m_gateway) ? pace / 2 : 0;
    qint64 until = m_waited + std::max(pace, opening * (m_gateway.userTypes.size() + 6) / 2 + hashing);
    while (until < m_timer.elapsed())
        until += pace;
    sleepUntil(until);
}

} // namespace gatehouse::signon
