// SPDX-License-Identifier: GPL-3.0-or-later
#include "signon/attempt.h"

#include "core/config/configuration.h"
#include "gateway/directoryschema.h"
#include "signon/passwordhash.h"
#include "signon/prospect.h"
#include "signon/reasons.h"
#include "store/auditlog.h"
#include "store/configurations.h"
#include "store/identities.h"
#include "store/links.h"
#include "store/schemas.h"

namespace gatehouse::signon {

using core::Code;
using core::Error;
using core::ProblemCode;
using core::Result;

namespace {

constexpr int kLongestIdentifier = 1024; // characters; no directory has longer names

/// Without line breaks and the like, which would make a mess of a list.
QString shown(const QString &identifier)
{
    QString text = identifier.left(200);
    for (QChar &character : text) {
        if (!character.isPrint())
            character = QChar(0xfffd);
    }
    return text;
}

} // namespace

Attempt::Attempt(store::Environment &environment, Request request, core::CancelToken cancel)
    : m_environment(environment), m_request(std::move(request)), m_cancel(std::move(cancel))
{
}

Result<Report> Attempt::run()
{
    m_timer.start();
    m_report.gateway = m_request.gateway;
    m_report.identifier = m_request.identifier;
    m_report.simulated = m_request.simulate;
    if (auto prepared = prepare(); !prepared)
        return core::fail(prepared.error());
    const auto went = walk();
    const bool brokenOff = !went || m_cancel.isCancelled();
    if (auto settled = settleGuess(brokenOff); !settled)
        return core::fail(settled.error());
    if (!went)
        return core::fail(went.error());
    if (brokenOff)
        return core::fail(Code::Cancelled, QStringLiteral("the sign-on was cancelled"));
    if (m_request.simulate || m_report.outcome == Outcome::Succeeded) {
        m_report.milliseconds = m_timer.elapsed();
        return m_report;
    }
    if (isByTicket() && m_request.identifier.isEmpty())
        m_request.identifier = QStringLiteral("(Kerberos ticket)");
    const QString action = m_report.outcome == Outcome::NewPasswordNeeded ? QStringLiteral("signon.newPassword")
                                                                          : QStringLiteral("signon.refuse");
    if (auto recorded = m_environment.audit().record(action, shown(m_request.identifier), auditDetail(m_report)); !recorded)
        return core::fail(recorded.error());
    m_report.milliseconds = m_timer.elapsed();
    if (m_report.outcome == Outcome::Refused && !m_request.password.isEmpty())
        evenOut();
    keepPace();
    return m_report;
}

Result<void> Attempt::prepare()
{
    auto configuration = m_environment.configurations().load();
    if (!configuration)
        return core::fail(configuration.error());
    m_configuration = *std::move(configuration);
    const core::Gateway *gateway = m_configuration.gateway(m_request.gateway);
    if (!gateway)
        return core::fail(Code::NotFound, QStringLiteral("there is no gateway \"%1\"").arg(m_request.gateway));
    if (gateway->type != core::GatewayType::Ldap)
        return core::fail(Code::Unsupported, QStringLiteral("nobody signs on through a RADIUS gateway here"), {}, gateway->name);
    m_gateway = *gateway;
    if (m_gateway.userTypes.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("the gateway has no user type"),
                          QStringLiteral("add one on its Lookup tab"), m_gateway.name);
    if (!m_request.userType.isEmpty() && !userTypeNamed(m_request.userType))
        return core::fail(Code::NotFound, QStringLiteral("the gateway has no user type \"%1\"").arg(m_request.userType), {},
                          m_gateway.name);
    return {};
}

const core::UserType *Attempt::userTypeNamed(const QString &name) const
{
    for (const core::UserType &userType : m_gateway.userTypes) {
        if (userType.name == name)
            return &userType;
    }
    return nullptr;
}

Attempt::Step Attempt::refuse(const QString &reason)
{
    m_report.outcome = Outcome::Refused;
    m_report.reason = reason;
    return false;
}

Attempt::Step Attempt::refuse(const QString &reason, const Error &error)
{
    if (error.code == Code::Cancelled)
        return core::fail(error);
    m_report.error = error;
    return refuse(reason + QStringLiteral(": ") + error.text());
}

void Attempt::stand(ProblemCode code, const QString &message, const QString &attribute)
{
    m_report.problems.append({attribute, code, message});
}

Attempt::Step Attempt::walk()
{
    if (m_gateway.enabled || m_request.simulate)
        return isByTicket() ? walkByTicket() : walkByPassword();
    return refuse(QStringLiteral("the gateway \"%1\" is switched off").arg(m_gateway.name));
}

Attempt::Step Attempt::go(std::initializer_list<Step (Attempt::*)()> steps)
{
    if (!m_gateway.enabled)
        stand(ProblemCode::NotAllowed, QStringLiteral("the gateway \"%1\" is switched off").arg(m_gateway.name));
    for (Step (Attempt::*step)() : steps) {
        const auto goesOn = (this->*step)();
        if (!goesOn || !*goesOn)
            return goesOn;
    }
    return true;
}

Attempt::Step Attempt::walkByTicket()
{
    return go({&Attempt::openForTicket, &Attempt::takeTicket, &Attempt::findHolder, &Attempt::settleUser, &Attempt::judgeHolder,
               &Attempt::workOut, &Attempt::record});
}

Attempt::Step Attempt::walkByPassword()
{
    const QString identifier = m_request.identifier.trimmed();
    if (identifier.isEmpty() || m_request.identifier.size() > kLongestIdentifier)
        return refuse(identifier.isEmpty() ? QStringLiteral("no username was given") : QStringLiteral("the username is too long"));
    // RFC 4513 5.1.2: to a directory it would be nobody's bind, which may pass.
    if (m_request.password.isEmpty() && !m_request.simulate)
        return refuse(QStringLiteral("no password was given"));
    return go({&Attempt::takeTurn, &Attempt::knowUser, &Attempt::openDirectory, &Attempt::findEntry, &Attempt::settleUser,
               &Attempt::takeTurnOfPerson, &Attempt::checkPassword, &Attempt::workOut, &Attempt::changePassword, &Attempt::record});
}

/// Somebody who has signed on before, or whom a rule lets sign on through this gateway, keeps his user type.
Attempt::Step Attempt::knowUser()
{
    const QString key = core::usernameKey(m_request.identifier);
    const auto matches = m_environment.identities().usersByUsernameKey({key}, m_gateway.id);
    if (!matches)
        return core::fail(matches.error());
    const auto match = matches->constFind(key);
    if (match == matches->cend())
        return true;
    auto user = m_environment.identities().user(match->userRow);
    if (!user)
        return core::fail(user.error());
    if (user->authorityGateway != m_gateway.name)
        return true; // what the directory finds decides whether the record is theirs
    m_user = *std::move(user);
    return true;
}

Attempt::Step Attempt::openDirectory()
{
    if (m_user) {
        m_userType = userTypeNamed(m_user->authorityUserType);
        if (!m_userType) {
            return refuse(QStringLiteral("the user signs on as \"%1\", which the gateway has no more: make the user type again, or "
                                         "another one the user's").arg(m_user->authorityUserType));
        }
        if (!m_request.userType.isEmpty() && m_request.userType != m_userType->name) {
            return refuse(QStringLiteral("the user signs on as \"%1\", not as \"%2\"").arg(m_userType->name, m_request.userType));
        }
        auto hash = m_environment.signOns().passwordHash(m_user->row);
        if (!hash)
            return core::fail(hash.error());
        m_hash = *std::move(hash);
        const bool pushes = !m_request.newPassword.isEmpty() && m_userType->allowPasswordChanges;
        if (m_userType->passwordAuthority == core::PasswordAuthority::PingOne && !m_hash.isEmpty() && !pushes) {
            m_report.considered.append({m_userType->name, true, m_userType->searchBaseDn, {}, {},
                                        QStringLiteral("it is the user's, and the identity directory checks the password itself")});
            return true;
        }
    }
    if (auto opened = openForPerson(); !opened)
        return refuse(QStringLiteral("the directory cannot be used"), opened.error());
    return true;
}

/// Which names mean one attribute: as the directory said when its schema was last read, else it is asked now.
void Attempt::learnSchema()
{
    if (auto known = m_environment.schemas().load(m_gateway.id); known && *known) {
        m_schema = *std::move(known);
    } else if (auto read = gateway::readSchema(*m_directory->session)) {
        m_schema = std::make_shared<const core::Schema>(*std::move(read));
        [[maybe_unused]] const auto saved = m_environment.schemas().save(m_gateway.id, *m_schema);
    }
}

Attempt::Step Attempt::findEntry()
{
    if (!m_directory)
        return true;
    return m_user ? findLinked() : findNew();
}

Result<std::optional<core::SignOnMapping>> Attempt::mappingOf(const core::UserType &userType) const
{
    if (!userType.newUserLookup)
        return std::nullopt;
    auto mapping = core::SignOnMapping::compile(userType.newUserLookup->attributeMappings, m_environment.catalog());
    if (!mapping)
        return core::fail(mapping.error().constFirst().in(userType.name));
    return *std::move(mapping);
}

void Attempt::take(FoundEntry found, const core::UserType &userType)
{
    m_report.considered.last().chosen = true;
    m_userType = &userType;
    m_report.entry = found.entry;
    m_report.sourceId = found.sourceId;
    m_report.correlationAttributes = found.correlationAttributes;
    m_found = std::move(found);
}

Attempt::Step Attempt::findLinked()
{
    m_report.considered.append({m_userType->name, false, m_userType->searchBaseDn, {}, {}, {}});
    Considered &considered = m_report.considered.last();
    const auto mapping = mappingOf(*m_userType);
    if (!mapping)
        return refuse(QStringLiteral("the mapping cannot be used"), mapping.error());
    const auto link = m_environment.signOns().externalLink(m_user->row);
    if (!link)
        return core::fail(link.error());
    Lookup lookup(*m_directory->session, m_gateway, *m_userType, *mapping ? &**mapping : nullptr, m_schema);
    Result<std::optional<FoundEntry>> found = std::optional<FoundEntry>();
    if (!link->correlationAttributes.isEmpty())
        found = lookup.byLink(link->correlationAttributes, considered);
    if (found && !*found) {
        // Whom a rule brought has no link attributes yet, but the id of the rule's link.
        const auto people = m_environment.links().people(m_gateway.id, {m_user->row});
        if (!people)
            return core::fail(people.error());
        if (!people->empty() && !people->front().sourceId.isEmpty())
            found = lookup.bySourceId(people->front().sourceId, considered);
    }
    if (!found)
        return refuse(QStringLiteral("the directory cannot be searched"), found.error());
    if (!*found) {
        return refuse(QStringLiteral("the entry that the user is linked to is not found: ") + considered.why);
    }
    if (considered.why.isEmpty())
        considered.why = QStringLiteral("the user is linked to this entry");
    take(**std::move(found), *m_userType);
    return true;
}

Attempt::Step Attempt::findNew()
{
    return findFirst([this](Lookup &lookup, Considered &considered) { return lookup.byIdentifier(m_request.identifier, considered); });
}

Attempt::Step Attempt::findFirst(const Find &find)
{
    for (const core::UserType &userType : m_gateway.userTypes) {
        m_report.considered.append({userType.name, false, userType.searchBaseDn, {}, {}, {}});
        Considered &considered = m_report.considered.last();
        if (!m_request.userType.isEmpty() && userType.name != m_request.userType) {
            considered.why = QStringLiteral("\"%1\" was asked for").arg(m_request.userType);
            continue;
        }
        if (m_found) {
            considered.why = QStringLiteral("\"%1\" comes before it and has found somebody").arg(m_userType->name);
            continue;
        }
        const auto mapping = mappingOf(userType);
        if (!mapping)
            return refuse(QStringLiteral("the mapping of \"%1\" cannot be used").arg(userType.name), mapping.error());
        Lookup lookup(*m_directory->session, m_gateway, userType, *mapping ? &**mapping : nullptr, m_schema);
        auto found = find(lookup, considered);
        if (!found)
            return refuse(QStringLiteral("the directory cannot be searched for \"%1\"").arg(userType.name), found.error());
        if (!*found)
            continue;
        if (considered.why.isEmpty())
            considered.why = QStringLiteral("it is the first with exactly one entry");
        take(**std::move(found), userType);
    }
    if (m_found)
        return true;
    QStringList whys;
    for (const Considered &considered : std::as_const(m_report.considered))
        whys.append(considered.userType + QStringLiteral(": ") + considered.why);
    return refuse(QStringLiteral("no user type finds exactly one entry (%1)").arg(whys.join(QStringLiteral("; "))));
}

/// Somebody was found through another user type, by an e-mail address for example: link and mapping are those of his own.
Attempt::Step Attempt::keepOwnUserType()
{
    const core::UserType *own = userTypeNamed(m_user->authorityUserType);
    if (!own)
        return refuse(QStringLiteral("the user signs on as \"%1\", which the gateway has no more").arg(m_user->authorityUserType));
    if (!m_request.userType.isEmpty())
        return refuse(QStringLiteral("the user signs on as \"%1\", not as \"%2\"").arg(own->name, m_request.userType));
    for (Considered &considered : m_report.considered) {
        if (considered.chosen)
            considered.why = QStringLiteral("it finds somebody who signs on as \"%1\"").arg(own->name);
        considered.chosen = false;
    }
    m_userType = own;
    m_report.userType = own->name;
    if (isByTicket()) { // the ticket itself says which entry it is
        m_report.considered.append({own->name, true, own->searchBaseDn, {}, {}, QStringLiteral("it is the user's")});
        return true;
    }
    return findLinked();
}

/// An entry that is linked already belongs to its user, whatever was typed to find it.
Attempt::Step Attempt::settleUser()
{
    m_report.userType = m_userType->name;
    if (m_found && !m_user) {
        if (m_found->sourceId.isEmpty()) {
            stand(ProblemCode::MissingIdentifier, QStringLiteral("the entry shows no immutable id (entryUUID, objectGUID or the "
                                                                 "like) to this account"));
            if (!m_request.simulate)
                return refuse(m_report.problems.constLast().message);
        } else {
            auto owner = linkedUser(m_environment, m_gateway, m_found->sourceId);
            if (!owner)
                return core::fail(owner.error());
            m_user = *std::move(owner);
        }
        // Another directory has the say about this user; its entry here does not change that.
        if (const QString reason = m_user ? foreignReason(*m_user, m_gateway) : QString(); !reason.isEmpty()) {
            return refuse(reason);
        }
        if (m_user && m_user->authorityGateway == m_gateway.name && m_user->authorityUserType != m_userType->name) {
            const auto kept = keepOwnUserType();
            if (!kept || !*kept)
                return kept;
        }
        if (m_user) {
            auto hash = m_environment.signOns().passwordHash(m_user->row);
            if (!hash)
                return core::fail(hash.error());
            m_hash = *std::move(hash);
        }
    }
    m_report.user = m_user;
    const Intent intent = intentOf(*m_userType, m_user.has_value(), m_found.has_value());
    m_report.createsUser = intent.creates;
    m_report.readThrough = intent.readThrough;
    m_report.updatesUser = intent.updates && !isByTicket();
    return true;
}

} // namespace gatehouse::signon
