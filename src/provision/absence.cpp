// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/absence.h"

#include "provision/clientneed.h"

namespace gatehouse::provision {

ReadRequest Absence::widerRequest(const RuleContext &context, const SinglePerson &sought)
{
    const QByteArray base = context.rule.scope.baseDn.toUtf8();
    return {context.gateway, {base}, "(objectClass=*)", context.slotNames, sought, {}, needOf(context.connection, context.rule)};
}

Absence::Absence(const RuleContext &context, const QString &key, const SinglePerson &sought, QObject *parent)
    : QObject(parent), m_rule(context.rule.name), m_key(key), m_scope(context.scope), m_base(context.rule.scope.baseDn),
      m_byDn(!sought.dn.isEmpty()), m_reader(widerRequest(context, sought))
{
    const auto take = [this] {
        while (const std::optional<core::EntryBatch> page = m_reader.take()) {
            for (qsizetype i = 0; i < page->size(); ++i)
                m_found.append(page->at(i).dn().toByteArray());
        }
    };
    connect(&m_reader, &DirectoryReader::pageReady, this, take);
    connect(&m_reader, &DirectoryReader::ended, this, [this, take](const std::optional<core::Error> &error) {
        take();
        emit explained(error.value_or(reason()));
    });
}

core::Error Absence::reason() const
{
    core::Error error{core::Code::NotFound, QStringLiteral("The rule \"%1\" does not find \"%2\": not found").arg(m_rule, m_key)};
    if (m_found.isEmpty()) {
        error.detail = m_byDn ? QStringLiteral("The directory has no such entry, or does not show it to the gateway's account")
                              : QStringLiteral("No entry below %1 is that person, or the gateway's account does not see it").arg(m_base);
        return error;
    }
    const QByteArray &dn = m_found.constFirst();
    error.where = QString::fromUtf8(dn);
    if (!liesIn(dn, m_scope.bases)) {
        error.detail = QStringLiteral("The entry is there, but lies outside of what the rule reads: %1")
                           .arg(QString::fromUtf8(m_scope.bases.join("; ")));
    } else {
        error.detail = QStringLiteral("The entry is there, but the rule's filter leaves it out: %1").arg(QString::fromUtf8(m_scope.filter));
    }
    return error;
}

} // namespace gatehouse::provision
