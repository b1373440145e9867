// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/linkwriter.h"

#include "store/links.h"

namespace gatehouse::store {

using core::LinkState;
using core::Problem;
using core::ProblemCode;
using core::Result;
using core::Step;

namespace {

Problem meanwhile(const QString &message)
{
    return {{}, ProblemCode::ChangedMeanwhile, message};
}

QString nounOf(core::ObjectKind kind)
{
    return kind == core::ObjectKind::User ? QStringLiteral("user") : QStringLiteral("group");
}

} // namespace

Result<void> LinkWriter::begin(const QUuid &gateway)
{
    const auto number = m_numbers.gateway(gateway);
    if (!number)
        return core::fail(number.error());
    m_gateway = *number;
    if (m_bulk)
        m_bulk->setGateway(m_gateway);
    return {};
}

qint64 LinkWriter::rowOf(core::ObjectKind kind, qint64 object) const
{
    return linkRow(m_gateway, object, kind);
}

Outcome LinkWriter::isFree(const QByteArray &entry, qint64 row)
{
    const auto refusal = [](core::ObjectKind kind) {
        return meanwhile(QStringLiteral("the entry is linked to another %1 already").arg(nounOf(kind)));
    };
    // The set does not say to whom: a step for an object that is there has to ask the table.
    if (m_bulk && !m_bulk->entries.contains(entry))
        return std::nullopt;
    if (m_bulk && row == 0)
        return refusal(core::ObjectKind::User);
    if (!m_ofEntry)
        m_ofEntry.emplace(m_database.prepare("SELECT row FROM links WHERE source_id = ?1 AND row >= ?2 AND row < ?3"));
    Statement &look = *m_ofEntry;
    look.reset();
    look.bindBlobView(1, entry).bind(2, linkRow(m_gateway, 0)).bind(3, linkRow(m_gateway + 1, 0));
    const auto found = look.step();
    if (!found)
        return core::fail(found.error());
    const qint64 owner = *found ? look.integer(0) : 0;
    look.reset();
    if (owner != 0 && owner != row)
        return refusal(kindOf(owner));
    return std::nullopt;
}

Outcome LinkWriter::isAsPlanned(const Step &step, qint64 row, LinkState &current)
{
    if (!m_look)
        m_look.emplace(
            m_database.prepare("SELECT source_id, dn, rule, fingerprint, disabling FROM links WHERE row = ?1"));
    Statement &look = *m_look;
    look.reset();
    const auto found = look.bind(1, row).step();
    if (!found)
        return core::fail(found.error());
    qint64 rule = 0;
    if (*found) {
        current.id = look.blob(0).toByteArray();
        current.dn = look.blob(1).toByteArray();
        rule = look.integer(2);
        current.fingerprint = quint64(look.integer(3));
        current.disabling = core::Disabling(look.integer(4));
    }
    look.reset();
    const auto id = m_numbers.ruleId(rule);
    if (!id)
        return core::fail(id.error());
    current.rule = *id;
    const QString noun = nounOf(step.kind());
    if (step.ties()) {
        if (current.exists() && current.id != step.link->after.id)
            return Problem{{}, ProblemCode::TakenMatch, QStringLiteral("the %1 belongs to another entry already").arg(noun)};
        return std::nullopt;
    }
    if (current.id == step.link->before.id)
        return std::nullopt;
    return meanwhile(current.exists() ? QStringLiteral("the %1 was linked to another entry meanwhile").arg(noun)
                                      : QStringLiteral("the %1's link to the entry was removed meanwhile").arg(noun));
}

Result<void> LinkWriter::write(qint64 row, const LinkState &link)
{
    if (!link.exists())
        return m_database.prepare("DELETE FROM links WHERE row = ?1").bind(1, row).run();
    const auto rule = m_numbers.rule(link.rule);
    if (!rule)
        return core::fail(rule.error());
    if (!m_write)
        m_write.emplace(m_database.prepare("INSERT INTO links (row, rule, fingerprint, disabling, source_id, dn)"
                                           " VALUES (?1, ?2, ?3, ?6, ?4, ?5) ON CONFLICT (row) DO UPDATE SET rule = ?2,"
                                           " fingerprint = ?3, disabling = ?6, source_id = ?4,"
                                           " dn = iif(length(?5) > 0 OR source_id <> ?4, ?5, dn)"));
    Statement &write = *m_write;
    write.reset();
    write.bind(1, row).bind(2, *rule).bind(3, qint64(link.fingerprint));
    write.bindBlobView(4, link.id).bindBlobView(5, link.dn).bind(6, int(link.disabling));
    auto written = write.run();
    if (written && m_bulk && row >= linkRow(m_gateway, 0) && row < linkRow(m_gateway + 1, 0))
        m_bulk->entries.insert(link.id);
    return written;
}

} // namespace gatehouse::store
