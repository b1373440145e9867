// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/reading_p.h"

#include "ldap/decode_p.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

/// Keeps the entries of a small search and waits for its end.
class Kept : public Sink {
public:
    bool take(const ReceivedEntry &received) override
    {
        auto entry = received.toEntry();
        m_isMalformed = m_isMalformed || !entry;
        if (entry)
            m_entries.append(*std::move(entry));
        return !m_isMalformed;
    }
    bool take(const ReceivedReference &) override { return true; }
    bool take(const Intermediate &) override { return true; }
    void ended(const Outcome &outcome) override
    {
        const std::lock_guard lock(m_mutex);
        m_outcome = outcome;
        m_there.notify_all();
    }
    bool wantsEntryControls() const override { return false; }

    core::Result<QList<core::Entry>> wait(const QString &what, const QString &place)
    {
        std::unique_lock lock(m_mutex);
        m_there.wait(lock, [this] { return m_outcome.has_value(); });
        if (m_isMalformed)
            return core::fail(Error{Code::Protocol, QStringLiteral("the server's answer cannot be read"), {}, place});
        if (auto good = m_outcome->orError(what, place); !good)
            return core::fail(good.error());
        return m_entries;
    }

private:
    QList<core::Entry> m_entries; ///< the connection's thread's until the end
    bool m_isMalformed = false;
    std::mutex m_mutex;
    std::condition_variable m_there;
    std::optional<Outcome> m_outcome;
};

core::Result<QList<core::Entry>> search(Channel &channel, const QString &place, const QString &what,
                                        SearchOperation search, const Patience &patience)
{
    const auto kept = std::make_shared<Kept>();
    const auto begun = channel.submit(Operation{std::move(search), {}, patience}, kept);
    if (!begun)
        return core::fail(begun.error());
    return kept->wait(what, place);
}

} // namespace

core::Result<core::Entry> readEntry(Channel &channel, const QString &place, const QByteArray &dn,
                                    const QList<QByteArray> &attributes, const QByteArray &filter,
                                    const Deadlines &deadlines)
{
    auto found = search(channel, place, QStringLiteral("reading %1 failed").arg(QString::fromUtf8(dn)),
                        {dn, Scope::Base, filter, attributes}, {deadlines.silence, deadlines.whole});
    if (!found)
        return core::fail(found.error());
    if (found->isEmpty())
        return core::fail(Code::NotFound, QStringLiteral("no such entry"), {}, QString::fromUtf8(dn));
    core::Entry entry = found->takeLast();
    for (core::Attribute &attribute : entry.attributes) {
        const Description description = Description::parse(attribute.name);
        if (!description.hasRange)
            continue;
        const QByteArray name = description.name.toByteArray();
        const qint64 next = description.to + 1;
        attribute.name = name;
        if (description.to < 0)
            continue;
        auto rest = readRange(channel, place, dn, name, next, deadlines);
        if (!rest)
            return core::fail(rest.error());
        attribute.values += *rest;
    }
    // Active Directory sends the bare name, without values, beside the range.
    QList<QByteArray> filled;
    for (const core::Attribute &attribute : entry.attributes) {
        if (!attribute.values.isEmpty())
            filled.append(attribute.name.toLower());
    }
    entry.attributes.removeIf([&filled](const core::Attribute &attribute) {
        return attribute.values.isEmpty() && filled.contains(attribute.name.toLower());
    });
    return entry;
}

core::Result<QList<QByteArray>> readRange(Channel &channel, const QString &place, const QByteArray &dn,
                                          const QByteArray &attribute, qint64 next, const Deadlines &deadlines)
{
    QList<QByteArray> values;
    const auto broken = [&](const QString &detail) {
        return core::fail(Error{Code::Protocol,
                                QStringLiteral("the values of %1 came incomplete").arg(QString::fromUtf8(attribute)),
                                detail, QString::fromUtf8(dn)});
    };
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + deadlines.whole; // of all parts together
    while (true) {
        const QByteArray wanted = attribute + ";range=" + QByteArray::number(next) + "-*";
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        const auto found = search(channel, place, QStringLiteral("reading more values failed"),
                                  {dn, Scope::Base, "(objectClass=*)", {wanted}},
                                  {deadlines.silence, std::max(left, std::chrono::milliseconds(1))});
        if (!found)
            return core::fail(found.error());
        std::optional<Description> range;
        for (const core::Entry &entry : *found) {
            for (const core::Attribute &part : entry.attributes) {
                const Description description = Description::parse(part.name);
                if (!description.hasRange || description.name.compare(attribute, Qt::CaseInsensitive) != 0)
                    continue;
                // No step forward would be an endless loop.
                if (description.from != next || (description.to >= 0 && description.to < next))
                    return broken(QStringLiteral("asked from %1, got %2").arg(next).arg(QString::fromUtf8(part.name)));
                range = description;
                values += part.values;
            }
        }
        if (!range)
            return broken(QStringLiteral("no values from %1 on").arg(next));
        if (range->to < 0)
            return values;
        next = range->to + 1;
    }
}

} // namespace gatehouse::ldap
