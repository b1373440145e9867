// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/singleperson.h"

#include "core/dn.h"
#include "core/filter.h"
#include "store/environment.h"
#include "store/links.h"

namespace gatehouse::provision {

core::Result<FoundPerson> findSinglePerson(store::Environment &environment, const RuleContext &context,
                                           const QString &key)
{
    FoundPerson found;
    if (auto user = environment.identities().userByKey(key)) {
        auto people = environment.links().people(context.gateway.id, {user->row});
        if (!people)
            return core::fail(people.error());
        if (!people->empty()) {
            found.linkedRow = user->row;
            found.read.filter = context.dialect.idFilter(people->front().sourceId).toUtf8();
            const QByteArray source = context.mapping.usernameSource();
            const QString username = user->values.text(context.mapping.catalog().username());
            // Where the account was made anew, the entry that has the username now is part of the answer.
            if (const auto byId = core::Filter::parse(QByteArrayView(found.read.filter)); byId && !source.isEmpty())
                found.read.filter = core::Filter::any({*byId, core::Filter::equality(source, username.toUtf8())}).toUtf8();
            return found;
        }
    } else if (user.error().code != core::Code::NotFound) {
        return core::fail(user.error());
    }

    if (const auto dn = core::Dn::parse(key); dn && !dn->isEmpty() && key.contains(u'=')) {
        const QByteArray octets = dn->toUtf8();
        if (!liesIn(octets, context.scope.bases)) {
            return core::fail(core::Code::NotFound,
                              QStringLiteral("The rule \"%1\" does not find \"%2\": not found").arg(context.rule.name, key),
                              QStringLiteral("The entry lies outside of what the rule reads: %1")
                                  .arg(QString::fromUtf8(context.scope.bases.join("; "))), key);
        }
        found.read.dn = octets;
        return found;
    }
    const QByteArray source = context.mapping.usernameSource();
    if (source.isEmpty()) {
        return core::fail(core::Code::InvalidInput,
                          QStringLiteral("The rule does not take the username from one attribute"),
                          QStringLiteral("Name the person by DN"), key);
    }
    found.read.filter = core::Filter::equality(source, key.toUtf8()).toUtf8();
    return found;
}

} // namespace gatehouse::provision
