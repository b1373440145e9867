// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/report.h"

#include <QJsonArray>

namespace gatehouse::signon {

namespace {

QJsonObject toJson(const Considered &considered)
{
    return {{QStringLiteral("userType"), considered.userType},
            {QStringLiteral("chosen"), considered.chosen},
            {QStringLiteral("base"), considered.baseDn},
            {QStringLiteral("filters"), QJsonArray::fromStringList(considered.filters)},
            {QStringLiteral("entries"), QJsonArray::fromStringList(considered.found)},
            {QStringLiteral("why"), considered.why}};
}

QString kindName(store::GroupChange::Kind kind)
{
    switch (kind) {
    case store::GroupChange::Kind::Kept: return QStringLiteral("none");
    case store::GroupChange::Kind::Added: return QStringLiteral("add");
    case store::GroupChange::Kind::Removed: return QStringLiteral("remove");
    }
    return {};
}

QJsonArray groupsJson(const Report &report)
{
    QJsonArray groups;
    for (const store::GroupChange &change : *report.groups) {
        QJsonObject group{{QStringLiteral("name"), change.group.name},
                          {QStringLiteral("displayName"), change.group.displayName},
                          {QStringLiteral("type"), change.group.direct ? QStringLiteral("DIRECT") : QStringLiteral("INDIRECT")},
                          {QStringLiteral("action"), kindName(change.kind)},
                          {QStringLiteral("isNew"), change.isNewGroup}};
        if (const QStringList path = report.groupPaths.value(change.group.name); !path.isEmpty())
            group.insert(QStringLiteral("path"), QJsonArray::fromStringList(path));
        groups.append(group);
    }
    return groups;
}

} // namespace

QByteArray ticketOctets(const QByteArray &given)
{
    constexpr char kInitialToken = 0x60; // RFC 2743 3.1
    QByteArray text = given.trimmed();
    if (given.startsWith(kInitialToken)) // a character that base64 does not know
        return given;
    if (text.startsWith("Negotiate "))
        text = text.mid(10).trimmed();
    const auto octets = QByteArray::fromBase64Encoding(text, QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    return octets ? *octets : given;
}

QString outcomeName(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Succeeded: return QStringLiteral("succeeded");
    case Outcome::Refused: return QStringLiteral("refused");
    case Outcome::NewPasswordNeeded: return QStringLiteral("newPasswordNeeded");
    }
    return {};
}

QJsonObject toJson(const Report &report)
{
    QJsonObject json{{QStringLiteral("gateway"), report.gateway},
                     {QStringLiteral("identifier"), report.identifier},
                     {QStringLiteral("simulated"), report.simulated},
                     {QStringLiteral("status"), outcomeName(report.outcome)},
                     {QStringLiteral("reason"), report.reason},
                     {QStringLiteral("userType"), report.userType},
                     {QStringLiteral("server"), report.server},
                     {QStringLiteral("createsUser"), report.createsUser},
                     {QStringLiteral("updatesUser"), report.updatesUser},
                     {QStringLiteral("readThrough"), report.readThrough},
                     {QStringLiteral("passwordChanged"), report.passwordChanged},
                     {QStringLiteral("milliseconds"), report.milliseconds}};
    json.insert(QStringLiteral("passwordCheckedBy"),
                report.checker == Checker::Directory           ? QJsonValue(QStringLiteral("LDAP"))
                : report.checker == Checker::IdentityDirectory ? QJsonValue(QStringLiteral("PING_ONE"))
                                                               : QJsonValue());
    json.insert(QStringLiteral("ticketHolder"), report.ticketHolder.isEmpty() ? QJsonValue() : QJsonValue(report.ticketHolder));
    QJsonArray considered;
    for (const Considered &one : report.considered)
        considered.append(toJson(one));
    json.insert(QStringLiteral("userTypes"), considered);
    if (report.entry)
        json.insert(QStringLiteral("entry"), QJsonObject{{QStringLiteral("dn"), QString::fromUtf8(report.entry->dn)},
                                                         {QStringLiteral("id"), core::displayId(report.sourceId)},
                                                         {QStringLiteral("correlationAttributes"), report.correlationAttributes}});
    QJsonArray attributes;
    for (const core::AttributeChange &change : report.attributes)
        attributes.append(QJsonObject{{QStringLiteral("name"), change.name},
                                      {QStringLiteral("before"), core::toJson(change.before)},
                                      {QStringLiteral("after"), core::toJson(change.after)}});
    json.insert(QStringLiteral("attributes"), attributes);
    json.insert(QStringLiteral("kept"), QJsonArray::fromStringList(report.kept));
    if (report.groups)
        json.insert(QStringLiteral("groups"), groupsJson(report));
    QJsonArray problems;
    for (const core::Problem &problem : report.problems)
        problems.append(QJsonObject{{QStringLiteral("attribute"), problem.attribute},
                                    {QStringLiteral("code"), core::codeName(problem.code)},
                                    {QStringLiteral("message"), problem.message}});
    json.insert(QStringLiteral("problems"), problems);
    if (report.bind)
        json.insert(QStringLiteral("bind"), QJsonObject{{QStringLiteral("result"), report.bind->rc},
                                                        {QStringLiteral("diagnostic"), report.bind->diagnostic}});
    if (report.error)
        json.insert(QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), core::codeName(report.error->code)},
                                                         {QStringLiteral("what"), report.error->what},
                                                         {QStringLiteral("detail"), report.error->detail},
                                                         {QStringLiteral("where"), report.error->where}});
    return json;
}

} // namespace gatehouse::signon
