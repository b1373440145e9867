// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/signoncommand.h"

#include "gateway/vault.h"
#include "store/configurations.h"

namespace gatehouse::cli {

namespace {

const QString kPassword = QStringLiteral("password");
const QString kNewPassword = QStringLiteral("new-password");
const QString kKerberos = QStringLiteral("kerberos");
const QString kTicketFile = QStringLiteral("ticket-file");
const QString kSource = QStringLiteral("source");

} // namespace

void SignOnCommand::declare(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("user-type"), tr("Only this user type of the gateway."), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("simulate"), tr("Show what would come of it; changes nothing and needs no password.")});
    parser.addOption({QStringLiteral("password-file"), tr("Read the password from this file."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("password-env"), tr("Read the password from this environment variable."), QStringLiteral("NAME")});
    parser.addOption({QStringLiteral("new-password-file"), tr("Change the password to the one in this file."), QStringLiteral("FILE")});
    parser.addOption({QStringLiteral("new-password-env"), tr("Change the password to the one in this environment variable."), QStringLiteral("NAME")});
    parser.addOption({kKerberos, tr("Sign on with the Kerberos ticket of whoever is signed on to this desktop.")});
    parser.addOption({kTicketFile, tr("Sign on with the Kerberos token in this file, as it stands after \"Negotiate\" in an HTTP header."),
                      QStringLiteral("FILE")});
    parser.addOption({kSource, tr("Where the sign-on comes from, an IP address for example; wrong passwords are counted for each. Default: "
                                  "the user who runs this."), QStringLiteral("NAME")});
    declareWait(parser);
    parser.addOption({QStringLiteral("explain"), tr("Say why somebody was refused; not for the eyes of who signs on.")});
}

core::Result<std::optional<core::Secret>> SignOnCommand::secretFrom(const QString &name)
{
    const QString file = name + QStringLiteral("-file");
    const QString variable = name + QStringLiteral("-env");
    if (isSet(file) && isSet(variable))
        return core::fail(core::Code::InvalidInput, tr("Give --%1 or --%2, not both").arg(file, variable));
    if (!isSet(file) && !isSet(variable))
        return std::nullopt;
    const core::SecretReference reference = isSet(file)
        ? core::SecretReference{core::SecretReference::Kind::File, option(file)}
        : core::SecretReference{core::SecretReference::Kind::Environment, option(variable)};
    auto secret = gateway::readSecret(reference, {{}, argument(1)});
    if (!secret)
        return core::fail(secret.error());
    return *std::move(secret);
}

void SignOnCommand::start()
{
    m_request.gateway = argument(0);
    m_request.identifier = argument(1);
    m_request.userType = option(QStringLiteral("user-type"));
    m_request.source = option(kSource);
    if (isSet(kSource) && m_request.source.trimmed().isEmpty())
        return fail({core::Code::InvalidInput, tr("--source takes a name")});
    m_request.simulate = isSet(QStringLiteral("simulate"));
    if (isSet(kKerberos) || isSet(kTicketFile))
        return startByTicket();
    if (m_request.identifier.isEmpty())
        return fail({core::Code::InvalidInput, tr("The username is missing"), tr("Give it after the gateway's name, or --kerberos or --ticket-file")});
    auto password = secretFrom(kPassword);
    if (!password)
        return fail(password.error());
    auto newPassword = secretFrom(kNewPassword);
    if (!newPassword)
        return fail(newPassword.error());
    if (*newPassword)
        m_request.newPassword = **std::move(newPassword);
    if (*password)
        m_request.password = **std::move(password);
    if (*password || m_request.simulate)
        return begin();
    m_prompt = std::make_unique<PasswordPrompt>();
    connect(m_prompt.get(), &PasswordPrompt::answered, this, [this](const core::Secret &typed) {
        m_request.password = typed;
        begin();
    });
    if (!m_prompt->ask(tr("Password of %1: ").arg(m_request.identifier)))
        fail({core::Code::InvalidInput, tr("There is no terminal to ask for the password"),
              tr("Give --password-file or --password-env")});
}

void SignOnCommand::startByTicket()
{
    if (!m_request.identifier.isEmpty())
        return fail({core::Code::InvalidInput, tr("A ticket says itself whose it is"), tr("Leave the username out")});
    if (isSet(kKerberos) && isSet(kTicketFile))
        return fail({core::Code::InvalidInput, tr("Give --%1 or --%2, not both").arg(kKerberos, kTicketFile)});
    for (const QString &name : {kPassword, kNewPassword}) {
        for (const char *suffix : {"-file", "-env"}) {
            const QString option = name + QLatin1String(suffix);
            if (isSet(option))
                return fail({core::Code::InvalidInput, tr("--%1 has no effect with a ticket").arg(option)});
        }
    }
    m_request.proof = signon::Proof::DesktopTicket;
    if (isSet(kTicketFile)) {
        // Whoever reads it could sign on with it, so it is treated as a password is.
        auto token = gateway::readSecret({core::SecretReference::Kind::File, option(kTicketFile)}, {{}, tr("the sign-on")});
        if (!token)
            return fail(token.error());
        m_request.proof = signon::Proof::Ticket;
        m_request.ticket = signon::ticketOctets(token->reveal());
    }
    begin();
}

void SignOnCommand::begin()
{
    auto *opened = environment(m_request.simulate ? store::Environment::Access::ReadOnly : store::Environment::Access::ReadWrite);
    if (!opened)
        return;
    const auto configuration = opened->configurations().load();
    if (!configuration)
        return fail(configuration.error());
    // A gateway that there is not is the sign-on's to explain.
    const core::Gateway *gateway = configuration->gateway(m_request.gateway);
    withClientsOf(gateway ? *gateway : core::Gateway(), [this] { signOn(); });
}

void SignOnCommand::signOn()
{
    m_signOn = std::make_unique<signon::SignOn>(invocation().environmentPath);
    connect(m_signOn.get(), &signon::SignOn::finished, this, &SignOnCommand::finished);
    connect(m_signOn.get(), &signon::SignOn::failed, this, [this](const core::Error &error) { fail(error); });
    const auto named = gatewayNamed(m_request.gateway, store::Environment::Access::ReadOnly);
    if (!named)
        return;
    withClientsOf(named->gateway, [this] {
        terminal().clearProgress();
        m_signOn->start(m_request);
        m_request.password = {};
        m_request.newPassword = {};
    });
}

void SignOnCommand::interrupt()
{
    m_prompt.reset();
    if (m_signOn)
        return m_signOn->cancel();
    finish(Exit::Internal);
}

QString SignOnCommand::messageFor(const signon::Report &report) const
{
    switch (report.outcome) {
    case signon::Outcome::Succeeded:
        if (report.simulated)
            return tr("Nothing stands in the way.");
        return report.readThrough ? tr("Signed on; the directory checked the password, no record is made.") : tr("Signed on.");
    case signon::Outcome::NewPasswordNeeded:
        return tr("The password must be changed: give a new one with --new-password-file.");
    case signon::Outcome::Refused:
        break;
    }
    return report.simulated ? tr("The sign-on would be refused: %1").arg(report.reason)
                            : tr("The sign-on failed. Check the username and the password, or ask an administrator.");
}

void SignOnCommand::finished(const signon::Report &report)
{
    const bool tellsAll = report.simulated || report.outcome == signon::Outcome::Succeeded || isSet(QStringLiteral("explain"));
    const QString message = messageFor(report);
    if (terminal().isJson()) {
        QJsonObject json{{QStringLiteral("gateway"), report.gateway},
                         {QStringLiteral("identifier"), report.identifier},
                         {QStringLiteral("status"), signon::outcomeName(report.outcome)}};
        if (tellsAll)
            json = signon::toJson(report);
        json.insert(QStringLiteral("message"), message);
        terminal().printJson(json);
    } else {
        if (tellsAll)
            printReport(report);
        terminal().print(message);
    }
    if (report.outcome == signon::Outcome::Succeeded)
        return finish(Exit::Done);
    if (report.simulated && report.outcome == signon::Outcome::Refused && !report.error)
        return finish(Exit::SomeFailed);
    finish(Exit::Directory);
}

void SignOnCommand::printReport(const signon::Report &report)
{
    if (!report.ticketHolder.isEmpty())
        terminal().print(tr("Kerberos ticket of %1").arg(report.ticketHolder));
    for (const signon::Considered &considered : report.considered) {
        terminal().print(considered.chosen ? tr("User type %1: chosen, %2").arg(considered.userType, considered.why)
                                           : tr("User type %1: %2").arg(considered.userType, considered.why));
        for (const QString &filter : considered.filters)
            terminal().print(tr("  filter  %1").arg(filter));
        for (const QString &dn : considered.found)
            terminal().print(tr("  entry   %1").arg(dn));
    }
    if (report.createsUser)
        terminal().print(report.simulated || report.outcome != signon::Outcome::Succeeded ? tr("A user would be created.") : tr("The user was created."));
    QList<QStringList> rows;
    for (const core::AttributeChange &change : report.attributes)
        rows.append({change.name, core::displayText(change.before), core::displayText(change.after)});
    if (!rows.isEmpty())
        terminal().printTable({tr("ATTRIBUTE"), tr("NOW"), tr("THEN")}, rows);
    if (!report.kept.isEmpty())
        terminal().print(tr("Kept, because the account sees them of nobody, and they may only be hidden: %1")
                             .arg(report.kept.join(QStringLiteral(", "))));
    rows.clear();
    for (const store::GroupChange &change : report.groups.value_or(QList<store::GroupChange>())) {
        const QString what = change.kind == store::GroupChange::Kind::Removed ? tr("leaves")
                             : change.isNewGroup                              ? tr("joins, new group")
                             : change.kind == store::GroupChange::Kind::Added ? tr("joins")
                                                                              : tr("stays");
        const QString path = report.groupPaths.value(change.group.name).join(QStringLiteral(" > "));
        rows.append({change.group.displayName, what, change.group.direct ? tr("direct") : tr("through %1").arg(path), change.group.name});
    }
    if (!rows.isEmpty())
        terminal().printTable({tr("GROUP"), tr("MEMBERSHIP"), tr("HOW"), tr("NAME")}, rows);
    if (report.passwordChanged)
        terminal().print(tr("The password was changed."));
    if (!report.simulated && report.outcome != signon::Outcome::Succeeded && !report.reason.isEmpty())
        terminal().print(tr("Reason: %1").arg(report.reason));
    for (const core::Problem &problem : report.problems)
        terminal().print(problem.attribute.isEmpty() ? tr("In the way: %1").arg(problem.message)
                                                     : tr("In the way: %1 (%2)").arg(problem.message, problem.attribute));
}

} // namespace gatehouse::cli
