// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/session.h"

#include "ldap/kdc_p.h"
#include "ldap/password_p.h"
#include "ldap/reading_p.h"
#include "ldap/referredsearch_p.h"
#include "ldap/rootdse_p.h"
#include "ldap/secure_p.h"
#include "ldap/session_p.h"
#include "ldap/ticketbind_p.h"
#include "ldap/write_p.h"

#include <csignal>

#include <signal.h>

namespace gatehouse::ldap {
namespace {

using core::Code;
using core::Error;

/// RFC 3062 section 2.
const QString kModifyPassword = QStringLiteral("1.3.6.1.4.1.4203.1.11.1");

} // namespace

/// liblber writes with write(): to a server that is gone it would end the whole program, at the latest when the farewell
/// is sent. A program that has set up a handler of its own keeps it.
static void ignoreBrokenPipes()
{
    static const bool done = [] {
        struct sigaction current = {};
        if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL)
            std::signal(SIGPIPE, SIG_IGN);
        return true;
    }();
    Q_UNUSED(done)
}

/// The gateway's own account, or nobody.
static core::Result<void> bindByPassword(Connection &connection, const Target &target)
{
    const QByteArray dn = target.bindDn.toUtf8();
    const QByteArray &password = target.password.reveal();
    berval credential{target.bindDn.isEmpty() ? 0 : ber_len_t(password.size()), const_cast<char *>(password.constData())};
    const Watchdog::Wait wait(connection.watchdog, target.deadlines.bind);
    const int rc = ldap_sasl_bind_s(connection.ld, dn.constData(), LDAP_SASL_SIMPLE, &credential, nullptr, nullptr,
                                    nullptr);
    if (rc == LDAP_SUCCESS && connection.watchdog.verdict() == Watchdog::Verdict::None)
        return {};
    Error error = connection.faultOf(rc, dn.isEmpty() ? QStringLiteral("the anonymous bind failed")
                                                      : QStringLiteral("the bind of %1 failed").arg(target.bindDn));
    // Active Directory answers a name it cannot make sense of like this.
    if (rc == LDAP_INVALID_DN_SYNTAX)
        error.code = Code::Unauthenticated;
    return core::fail(error);
}

Session::Session() : d(std::make_unique<Private>())
{
    ignoreBrokenPipes();
}

Session::~Session() = default;

void Session::Private::close()
{
    channel.reset();
    connection.close();
    isSecured = false;
}

core::Result<void> Session::Private::checkOpen() const
{
    if (connection.watchdog.isCancelled())
        return core::fail(Code::Cancelled, QStringLiteral("cancelled"), {}, connection.place);
    if (!isSecured || !channel)
        return core::fail(Code::Unreachable, QStringLiteral("no secured connection"), {}, connection.place);
    if (!channel->isUsable())
        return core::fail(Code::Unreachable, QStringLiteral("the connection is closed"), {}, connection.place);
    return {};
}

Outcome Session::run(Operation operation)
{
    if (auto open = d->checkOpen(); !open)
        return {core::fail(open.error()), false};
    return d->channel->run(std::move(operation));
}

Channel *Session::channel() const
{
    return d->channel.get();
}

bool Session::isUsable() const
{
    return d->checkOpen().has_value();
}

void Session::cancel()
{
    d->cancelled.cancel();
    d->connection.watchdog.cancel();
}

void Session::cancelWith(const core::CancelToken &token)
{
    d->connection.watchdog.addToken(token);
}

std::optional<CertificateReport> Session::certificate() const
{
    return d->certificate;
}

const std::optional<ServerInfo> &Session::serverInfo() const
{
    return d->info;
}

QString Session::place() const
{
    return d->connection.place;
}

core::Result<QString> Session::resolve(const Target &target)
{
    d->close();
    d->target = target;
    d->isSealed = false;
    d->certificate.reset();
    d->info.reset();
    d->paging = {};
    d->connection.place = placeOf(target.host, target.port);
    d->addresses.clear();
    if (target.dialler)
        return QString();
    auto addresses = resolveHost(d->connection, target.host, target.port, target.deadlines.resolve);
    if (!addresses)
        return core::fail(addresses.error());
    d->addresses = std::move(*addresses);
    QStringList texts;
    for (const Address &address : d->addresses) {
        if (!texts.contains(address.text()))
            texts.append(address.text());
    }
    return texts.join(QStringLiteral(", "));
}

core::Result<QString> Session::connect()
{
    if (d->target.dialler)
        return d->connectByOther();
    if (d->addresses.empty())
        return core::fail(Code::Unreachable, QStringLiteral("the host name is not resolved"), {}, d->connection.place);
    const auto reached = dial(d->connection, d->addresses, d->target.deadlines.connect);
    if (!reached)
        return core::fail(reached.error());
    d->reached = d->addresses[*reached].text();
    return d->reached;
}

core::Result<QString> Session::Private::connectByOther()
{
    auto dialled = target.dialler(target.host, target.port, target.deadlines.connect, [this] { return connection.watchdog.isCancelled(); });
    if (!dialled) {
        Error error = dialled.error();
        error.where = connection.place;
        return core::fail(error);
    }
    connection.take(dialled->socket);
    reached = dialled->address;
    return reached.isEmpty() ? dialled->by : QStringLiteral("%1 by %2").arg(reached, dialled->by);
}

core::Result<void> Session::secure()
{
    if (d->connection.socket < 0)
        return core::fail(Code::Unreachable, QStringLiteral("not connected"), {}, d->connection.place);
    auto secured = secureChannel(d->connection, d->target, d->reached, d->certificate);
    if (!secured)
        d->connection.close();
    d->isSecured = secured.has_value();
    if (secured)
        d->channel = std::make_unique<Channel>(d->connection);
    return secured;
}

core::Result<void> Session::bind()
{
    if (auto open = d->checkOpen(); !open)
        return open;
    // A name with an empty password is the "unauthenticated bind" of RFC 4513 5.1.2: many servers call it a success and
    // give the rights of nobody.
    if (!d->target.bindDn.isEmpty() && d->target.password.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("the bind account has an empty password"), {},
                          d->target.bindDn);
    if (d->target.mechanism == core::BindMechanism::Simple)
        return d->alone([this](Connection &connection) { return bindByPassword(connection, d->target); });
    const auto info = readServerInfo();
    if (!info)
        return core::fail(info.error());
    const auto sealed = d->alone([&](Connection &connection) {
        return bindByTicket(connection, d->target, *info, [this](const QByteArray &message) { return askKdc(message); });
    });
    if (!sealed)
        return core::fail(sealed.error());
    d->isSealed = *sealed;
    return {};
}

core::Result<QByteArray> Session::askKdc(const QByteArray &message)
{
    std::vector<core::CancelToken> tokens = d->connection.watchdog.tokens();
    tokens.push_back(d->cancelled);
    return ldap::askKdc(d->target, tokens, message);
}

bool Session::isConfidential() const
{
    return d->isSealed || (d->isSecured && d->target.security != core::ConnectionSecurity::None);
}

core::Result<ServerInfo> Session::readServerInfo()
{
    if (auto open = d->checkOpen(); !open)
        return core::fail(open.error());
    const auto entry = readEntry(*d->channel, place(), {}, rootDseAttributes(), "(objectClass=*)", d->target.deadlines);
    if (!entry) {
        Error error = entry.error();
        if (error.code == Code::NotFound)
            error.what = QStringLiteral("the server shows no rootDSE");
        return core::fail(error);
    }
    d->info = serverInfoOf(*entry);
    d->info->readAt = QDateTime::currentDateTimeUtc();
    return *d->info;
}

core::Result<ServerInfo> Session::open(const Target &target)
{
    if (auto resolved = resolve(target); !resolved)
        return core::fail(resolved.error());
    if (auto connected = connect(); !connected)
        return core::fail(connected.error());
    if (auto secured = secure(); !secured)
        return core::fail(secured.error());
    if (auto bound = bind(); !bound)
        return core::fail(bound.error());
    return readServerInfo();
}

core::Result<SearchEnd> Session::search(const SearchRequest &request, const PageSink &sink)
{
    return ReferredSearch(d->target.deadlines).run(*d, request, sink);
}

core::Result<core::Entry> Session::read(const QByteArray &dn, const core::SlotNames &attributes,
                                        const QByteArray &filter)
{
    if (auto open = d->checkOpen(); !open)
        return core::fail(open.error());
    return readEntry(*d->channel, place(), dn, attributes, filter, d->target.deadlines);
}

core::Result<bool> Session::mayWrite(const QByteArray &dn, const QByteArray &attribute)
{
    if (auto open = d->checkOpen(); !open)
        return core::fail(open.error());
    return probeWrite(*d->channel, place(), dn, attribute, d->target.deadlines.silence);
}

core::Result<BindAnswer> Session::bindAs(const QByteArray &dn, const core::Secret &password)
{
    if (auto open = d->checkOpen(); !open)
        return core::fail(open.error());
    return d->alone([&](Connection &connection) { return bindPerson(connection, dn, password, d->target.deadlines.bind); });
}

core::Result<BindAnswer> Session::bindByTicketAs(const QString &account, const core::Secret &password, const core::Entry &entry)
{
    if (auto open = d->checkOpen(); !open)
        return core::fail(open.error());
    if (account.isEmpty() || password.isEmpty())
        return core::fail(Code::InvalidInput, QStringLiteral("a sign-on needs a name and a password"), {}, d->connection.place);
    const auto info = readServerInfo();
    if (!info)
        return core::fail(info.error());
    Target theirs = d->target;
    theirs.bindDn = account;
    theirs.password = password;
    auto answer = d->alone([&](Connection &connection) {
        return bindPersonByTicket(connection, theirs, *info, [this](const QByteArray &message) { return askKdc(message); }, entry);
    });
    if (!answer)
        return core::fail(answer.error());
    d->isSealed = answer->state == AccountState::Good && d->target.security == core::ConnectionSecurity::None;
    return answer;
}

core::Result<void> Session::changePassword(const PasswordChange &change)
{
    if (change.activeDirectory && !isConfidential())
        return core::fail(Code::Untrusted, QStringLiteral("Active Directory takes passwords over a secured connection only"),
                          QStringLiteral("choose TLS or StartTLS for the gateway"), d->connection.place);
    if (!change.activeDirectory && d->info && !d->info->supportedExtensions.contains(kModifyPassword))
        return core::fail(Code::Unsupported, QStringLiteral("the server does not know how to change passwords"),
                          QStringLiteral("it does not announce the operation of RFC 3062"), d->connection.place);
    if (auto open = d->checkOpen(); !open)
        return open;
    return d->alone([&](Connection &connection) { return sendPasswordChange(connection, change, d->target.deadlines.silence); });
}

} // namespace gatehouse::ldap
