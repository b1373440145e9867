// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/examination.h"

#include "core/config/gateway.h"
#include "gateway/connector.h"
#include "gateway/references.h"
#include "gateway/stageresult_p.h"
#include "ldap/dialect.h"

#include <algorithm>

namespace gatehouse::gateway {

namespace {

using core::Code;

/// Servers commonly cut reads at 500, 1000 or 2000 entries; the test reads past all of them, in several pages, and
/// again in pages whose borders fall elsewhere.
constexpr int kTestPageSize = 250;
constexpr int kOtherPageSize = 97;
constexpr qint64 kTestEntries = 2'050;

constexpr char kShowDeleted[] = "1.2.840.113556.1.4.417";           ///< MS-ADTS 3.1.1.3.4.1.14
constexpr char kEffectiveRights[] = "1.3.6.1.4.1.42.2.27.9.5.2";    ///< draft-ietf-ldapext-acl-model-08
constexpr char kProbedAttribute[] = "description";                  ///< people have it in every schema

QString attributeText(const QByteArray &octets)
{
    return QString::fromUtf8(octets);
}

QString counted(qint64 count, const char *one, const char *many)
{
    return QString::number(count) + QLatin1Char(' ') + QLatin1String(count == 1 ? one : many);
}

} // namespace

Examination::Examination(ldap::Session &session, const core::Gateway &gateway, const ldap::ServerInfo &server,
                         const QStringList &bases, bool isGiven)
    : m_session(session), m_gateway(gateway), m_server(server), m_bases(bases), m_isGiven(isGiven)
{
}

bool Examination::knows(const char *control) const
{
    return m_server.supportedControls.contains(QLatin1String(control));
}

core::Result<Examination::Reading> Examination::readPeople(int pageSize)
{
    const ldap::Dialect dialect(m_gateway.vendor);
    ldap::SearchRequest request;
    request.filter = dialect.peopleFilter();
    request.attributes = std::make_shared<const core::SlotNames>(dialect.idAttributes());
    request.pageSize = pageSize;
    QList<int> idSlots;
    for (int slot = 0; slot < dialect.idAttributes().size(); ++slot)
        idSlots.append(slot);
    Reading reading;
    reading.end.complete = true;
    for (const QString &base : m_bases) {
        request.base = base.toUtf8();
        request.limit = kTestEntries - reading.end.entries;
        if (request.limit <= 0) {
            reading.end.complete = false;
            break;
        }
        qsizetype before = 0; // the size of the page before, which now proves not to be the last
        const auto end = m_session.search(request, [&](core::EntryBatch &&batch) {
            if (before > 0)
                reading.shortestFullPage = reading.shortestFullPage == 0 ? before : std::min(reading.shortestFullPage, before);
            before = batch.size();
            reading.longestPage = std::max(reading.longestPage, batch.size());
            if (m_person.isEmpty() && batch.size() > 0)
                m_person = batch.at(0).dn().toByteArray();
            for (qsizetype i = 0; i < batch.size(); ++i)
                reading.withoutId += dialect.idOf(batch.at(i), idSlots).isEmpty() ? 1 : 0;
            return true;
        });
        if (!end)
            return core::fail(end.error());
        reading.end.entries += end->entries;
        reading.end.pages += end->pages;
        reading.end.complete = reading.end.complete && (end->complete || end->referrals > 0);
        if (base == m_bases.constFirst())
            reading.end.pageSize = end->pageSize;
        if (!end->pagingFault.isEmpty())
            reading.end.pagingFault = end->pagingFault;
    }
    return reading;
}

core::Result<ldap::SearchEnd> Examination::readReferences()
{
    // What holds a referral is of this class (RFC 3296 3.1), and is not shown but followed; Active Directory, which does
    // not know the class, refers to its other partitions whatever is asked for.
    ldap::SearchRequest request;
    request.filter = "(objectClass=referral)";
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"objectClass"});
    ldap::SearchEnd all;
    for (const QString &base : m_bases) {
        request.base = base.toUtf8();
        const auto end = m_session.search(request, [](core::EntryBatch &&) { return true; });
        if (!end)
            return core::fail(end.error());
        all.referrals += end->referrals;
        all.missed += end->missed;
    }
    return all;
}

/// What the server made of the pages that were asked for.
StageResult Examination::judgePages(const Reading &reading, const QString &text) const
{
    const ldap::SearchEnd &seen = reading.end;
    const bool isRefused = !seen.pagingFault.isEmpty();
    if (isRefused && seen.pageSize == 0)
        return warning(text + QStringLiteral("; all at once, since to pages the server says: %1").arg(seen.pagingFault),
                       QStringLiteral("It can be read as it is, but slowly, and a size limit of the account would end the read. Allow "
                                      "the paged results control (1.2.840.113556.1.4.319) for the bind account, without a limit "
                                      "on all pages together."));
    if (isRefused)
        return warning(text + QStringLiteral("; pages of %1, since to larger ones the server says: %2").arg(seen.pageSize).arg(seen.pagingFault),
                       QStringLiteral("All is read nevertheless, more slowly; raise the server's page limit for the account."));
    if (reading.longestPage > kTestPageSize)
        return warning(text + QStringLiteral("; the server ignores the page size"),
                       QStringLiteral("It can be read all the same, but the server may cut large reads short."));
    return passed(text);
}

StageResult Examination::people()
{
    const auto reading = readPeople(kTestPageSize);
    if (!reading)
        return failed(reading.error());
    const ldap::SearchEnd &seen = reading->end;
    m_people = seen.entries;
    m_sawEverybody = seen.complete;
    const auto references = readReferences();
    if (!references)
        return failed(references.error());
    m_pageSize = seen.pageSize;
    const QString below = m_bases.join(QStringLiteral("; "));
    if (references->referrals > 0) {
        // A rule with such a base does not run; of a base that nobody uses it is good to know.
        StageResult result = warning(QStringLiteral("part of what is below %1 is with other servers and is not read: %2")
                                         .arg(below, missedText(*references)),
                                     missedRemedy(*references));
        if (m_isGiven) {
            result.verdict = Verdict::Failed;
            result.error = missedError(*references, below);
        }
        return result;
    }
    const QString text = QStringLiteral("read %1 in %2 below %3")
                             .arg(counted(seen.entries, "person", "people"), counted(seen.pages, "page", "pages"), below);
    if (seen.entries == 0)
        return warning(QStringLiteral("no people are visible below %1").arg(below),
                       QStringLiteral("Check the base DN, and that the bind account may read the people below it."));
    if (reading->withoutId > 0)
        return warning(text + QStringLiteral("; %1 of them show no immutable id").arg(reading->withoutId),
                       QStringLiteral("Let the bind account read %1, else people cannot be followed when they are "
                                      "renamed.")
                           .arg(QString::fromLatin1(ldap::Dialect(m_gateway.vendor).idAttributes().first())));
    return judgePages(*reading, text);
}

StageResult Examination::count()
{
    if (m_people <= 0)
        return skipped(QStringLiteral("nobody to be counted"));
    if (m_pageSize == 0)
        return skipped(QStringLiteral("not checked: the server takes no pages"));
    const auto reading = readPeople(kOtherPageSize);
    if (!reading)
        return failed(reading.error());
    const QString text = QStringLiteral("%1 in pages of %2, %3 in pages of %4")
                             .arg(counted(m_people, "person", "people")).arg(m_pageSize).arg(reading->end.entries).arg(reading->end.pageSize);
    if (reading->end.entries != m_people) {
        // Somebody may have come or gone in between; a third reading tells.
        const auto again = readPeople(kTestPageSize);
        if (!again)
            return failed(again.error());
        if (again->end.entries != reading->end.entries)
            return warning(text + QStringLiteral(", then %1").arg(again->end.entries),
                           QStringLiteral("Reads of this directory are not whole, and people would be taken for gone. "
                                          "Look for size and look-through limits of the account, and for a load balancer "
                                          "that sends pages of one read to different servers."));
        m_people = again->end.entries;
    }
    if (reading->shortestFullPage > 0 && reading->shortestFullPage < std::min(kOtherPageSize, reading->end.pageSize))
        return warning(text + QStringLiteral("; a page ended after %1, and more followed").arg(reading->shortestFullPage),
                       QStringLiteral("The server sends less than a page asks for. All is read nevertheless, more slowly; "
                                      "raise the server's page limit for the account."));
    return passed(m_sawEverybody ? text + QStringLiteral(": everybody")
                                 : text + QStringLiteral(": the first of more"));
}

StageResult Examination::largeGroups()
{
    if (m_gateway.vendor != core::Vendor::ActiveDirectory && m_server.product != ldap::Product::ActiveDirectory)
        return skipped(QStringLiteral("not needed: only Active Directory sends members of large groups in parts"));
    ldap::SearchRequest request;
    request.filter = "(&(objectClass=group)(member=*))";
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"objectClass"});
    request.limit = 1;
    QByteArray group;
    for (const QString &base : m_bases) {
        request.base = base.toUtf8();
        const auto end = m_session.search(request, [&group](core::EntryBatch &&batch) {
            if (group.isEmpty() && batch.size() > 0)
                group = batch.at(0).dn().toByteArray();
            return true;
        });
        if (!end)
            return failed(end.error());
        if (!group.isEmpty())
            break;
    }
    if (group.isEmpty())
        return skipped(QStringLiteral("not checked: no group with members is visible"));
    const auto inParts = m_session.read(group, {"member;range=0-0"});
    const auto atOnce = m_session.read(group, {"member"});
    if (!inParts || !atOnce)
        return failed(inParts ? atOnce.error() : inParts.error());
    const qsizetype parts = inParts->values("member").size();
    const qsizetype whole = atOnce->values("member").size();
    const QString text = QStringLiteral("%1 of %2 members of %3 in parts").arg(parts).arg(whole).arg(attributeText(group));
    if (parts != whole)
        return warning(text, QStringLiteral("Groups with more than 1500 members would be seen in part only. Look for a "
                                            "proxy before the server that does not pass \"member;range=\" on."));
    return passed(text);
}

StageResult Examination::changes()
{
    return m_server.product == ldap::Product::ActiveDirectory ? deletedObjects() : changeLog();
}

StageResult Examination::deletedObjects()
{
    const QString context = m_server.defaultNamingContext;
    const QByteArray container = QByteArrayLiteral("CN=Deleted Objects,") + context.toUtf8();
    ldap::SearchRequest request;
    request.base = container;
    request.filter = "(isDeleted=TRUE)";
    request.scope = ldap::Scope::OneLevel;
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"isDeleted"});
    request.limit = 1;
    request.controls = {{kShowDeleted}};
    qint64 seen = 0;
    const auto end = m_session.search(request, [&seen](core::EntryBatch &&batch) {
        seen += batch.size();
        return true;
    });
    const QString remedy =
        QStringLiteral("Rules do without: they compare whole reads. To let the account see deleted objects at once, as "
                       "domain administrator: dsacls \"CN=Deleted Objects,%1\" /takeownership, then dsacls \"CN=Deleted "
                       "Objects,%1\" /g \"%2\":LCRP")
            .arg(context, bindAccountOf(m_gateway));
    if (!end && (end.error().code == Code::NotFound || end.error().code == Code::Denied
                 || end.error().code == Code::Unsupported))
        return warning(QStringLiteral("deleted objects cannot be read: %1").arg(end.error().what), remedy);
    if (!end)
        return failed(end.error());
    // Without the right the container seems empty: a success with no rows proves nothing.
    if (seen == 0)
        return warning(QStringLiteral("no deleted object is visible: nothing was deleted lately, or the account may not "
                                      "see it"), remedy);
    return passed(QStringLiteral("deleted objects can be read"));
}

StageResult Examination::changeLog()
{
    if (m_server.changeLog.isEmpty() && m_server.product != ldap::Product::Ds389
        && m_server.product != ldap::Product::PingDirectory && m_server.product != ldap::Product::OpenDj)
        return skipped(QStringLiteral("not checked: the server names no change log; rules notice who has gone by "
                                      "comparing whole reads"));
    const QString base = m_server.changeLog.isEmpty() ? QStringLiteral("cn=changelog") : m_server.changeLog;
    const QString remedy =
        QStringLiteral("Rules do without: they compare whole reads. To follow changes, turn the change log on%1 and let "
                       "the bind account read %2.")
            .arg(m_server.product == ldap::Product::Ds389
                     ? QStringLiteral(" (dsconf INSTANCE plugin retro-changelog enable, then restart)")
                     : QString(),
                 base);
    const auto entry = m_session.read(base.toUtf8(), {"objectClass"});
    if (!entry && (entry.error().code == Code::NotFound || entry.error().code == Code::Denied))
        return warning(QStringLiteral("the change log cannot be read: %1").arg(entry.error().what), remedy);
    if (!entry)
        return failed(entry.error());
    if (m_server.lastChange.isEmpty())
        return passed(QStringLiteral("the change log %1 can be read").arg(base));
    ldap::SearchRequest request;
    request.base = base.toUtf8();
    request.scope = ldap::Scope::OneLevel;
    request.filter = "(changeNumber=" + m_server.lastChange.toUtf8() + ')';
    request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"changeNumber"});
    request.pageSize = 0; // change logs are often not paged
    request.limit = 1;
    qint64 seen = 0;
    const auto end = m_session.search(request, [&seen](core::EntryBatch &&batch) {
        seen += batch.size();
        return true;
    });
    const QString range = QStringLiteral("changes %1 to %2").arg(m_server.firstChange, m_server.lastChange);
    if (!end || seen == 0)
        return warning(QStringLiteral("the change log has %1, but the last cannot be read").arg(range), remedy);
    return passed(QStringLiteral("the change log %1 can be read, %2").arg(base, range));
}

core::Result<bool> Examination::mayWriteByAllowedAttributes(const QByteArray &person, const QByteArray &attribute)
{
    const auto entry = m_session.read(person, {"allowedAttributesEffective"});
    if (!entry)
        return core::fail(entry.error());
    const QList<QByteArray> allowed = entry->values("allowedAttributesEffective");
    return std::any_of(allowed.begin(), allowed.end(), [&](const QByteArray &name) {
        return name.compare(attribute, Qt::CaseInsensitive) == 0;
    });
}

core::Result<bool> Examination::mayWriteByEffectiveRights(const QByteArray &person, const QByteArray &attribute)
{
    const bool is389 = m_server.product == ldap::Product::Ds389;
    ldap::SearchRequest request;
    request.base = person;
    request.scope = ldap::Scope::Base;
    request.filter = "(objectClass=*)";
    const QByteArray rights = "aclRights;attributeLevel;" + attribute;
    request.attributes = std::make_shared<const core::SlotNames>(
        is389 ? core::SlotNames{"attributeLevelRights", attribute} : core::SlotNames{rights, "aclRights", attribute});
    ldap::RequestControl control{kEffectiveRights};
    if (is389) // who asks for themselves says so; elsewhere no value means the same
        control.value = "dn:" + m_gateway.bindDn.toUtf8();
    request.controls = {control};
    std::optional<bool> answer;
    const auto end = m_session.search(request, [&](core::EntryBatch &&batch) {
        for (qsizetype i = 0; i < batch.size(); ++i) {
            const core::EntryView entry = batch.at(i);
            for (int n = 0; n < entry.count(0); ++n) {
                const QByteArray text = entry.value(0, n).toByteArray().toLower();
                // "description:rscwo, userPassword:wo" with 389, "search:1,read:1,write:0,…" elsewhere.
                for (const QByteArray &part : text.split(',')) {
                    const QList<QByteArray> pair = part.trimmed().split(':');
                    if (pair.size() != 2)
                        continue;
                    if (is389 && pair.at(0) == attribute.toLower())
                        answer = pair.at(1).contains('w');
                    else if (!is389 && pair.at(0) == "write")
                        answer = pair.at(1) == "1";
                }
            }
        }
        return true;
    });
    if (!end)
        return core::fail(end.error());
    if (!answer)
        return core::fail(Code::Unsupported, QStringLiteral("the server did not tell the account's rights"), {},
                          attributeText(person));
    return *answer;
}

core::Result<bool> Examination::mayWrite(const QByteArray &person, const QByteArray &attribute)
{
    if (m_server.product == ldap::Product::ActiveDirectory)
        return mayWriteByAllowedAttributes(person, attribute);
    if (knows(kEffectiveRights))
        return mayWriteByEffectiveRights(person, attribute);
    if (m_server.product == ldap::Product::OpenLdap)
        return m_session.mayWrite(person, attribute);
    return core::fail(Code::Unsupported, QStringLiteral("this server offers no way to ask without writing"), {},
                      m_session.place());
}

StageResult Examination::writing()
{
    if (m_person.isEmpty())
        return skipped(QStringLiteral("not checked: nobody is visible"));
    const auto allowed = mayWrite(m_person, kProbedAttribute);
    if (!allowed && (allowed.error().code == Code::Unsupported || allowed.error().code == Code::NotFound
                     || allowed.error().code == Code::InvalidInput || allowed.error().code == Code::Denied))
        return skipped(QStringLiteral("not checked: %1").arg(allowed.error().what));
    if (!allowed)
        return failed(allowed.error());
    const QString whom = attributeText(m_person);
    const bool needed = std::any_of(m_gateway.userTypes.begin(), m_gateway.userTypes.end(),
                                    [](const core::UserType &userType) { return userType.allowPasswordChanges; });
    if (*allowed)
        return passed(QStringLiteral("the account may change people (asked for %1; nothing was written)").arg(whom));
    if (needed)
        return warning(QStringLiteral("the account may not change people (asked for %1)").arg(whom),
                       QStringLiteral("A user type writes changed passwords to the directory: give the bind account the "
                                      "right to reset passwords below the user types' base DNs."));
    return passed(QStringLiteral("the account may only read (asked for %1); nothing here needs more").arg(whom));
}

} // namespace gatehouse::gateway
