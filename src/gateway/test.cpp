// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/test.h"

#include "core/config/gateway.h"
#include "core/dn.h"
#include "gateway/connector.h"
#include "gateway/directoryschema.h"
#include "gateway/examination.h"
#include "gateway/references.h"
#include "gateway/remedies_p.h"
#include "gateway/stageresult_p.h"
#include "gateway/ticketcheck.h"

#include <QElapsedTimer>

#include <algorithm>

namespace gatehouse::gateway {
namespace {

using core::Code;
using core::ConnectionSecurity;
using core::Error;

constexpr int kExpiryWarningDays = 30;
constexpr int kClockWarningSeconds = 300; ///< Kerberos gives up at five minutes (RFC 4120 1.6)

/// Whether @p base is below another of @p bases.
bool isWithinAnother(const QString &base, const QStringList &bases)
{
    const auto dn = core::Dn::parse(base);
    return dn && std::any_of(bases.begin(), bases.end(), [&dn](const QString &other) {
        const auto above = core::Dn::parse(other);
        return above && dn->isBelow(*above);
    });
}

/// One server's test: runs the stages in order and keeps what they found.
class ServerTest {
public:
    ServerTest(const core::Gateway &gateway, int index, const QStringList &baseDns, const core::CancelToken &cancel,
               const std::function<void(const QString &, const StageResult &)> &onStage,
               const ldap::Deadlines &deadlines, const TestOptions &options)
        : m_gateway(gateway), m_index(index), m_baseDns(baseDns), m_cancel(cancel), m_onStage(onStage),
          m_deadlines(deadlines), m_options(options)
    {
        m_report.server = gateway.serversHostAndPort.value(index);
        m_session.cancelWith(cancel);
    }

    TestReport run()
    {
        const std::pair<Stage, StageResult (ServerTest::*)()> stages[] = {
            {Stage::Resolve, &ServerTest::resolve}, {Stage::Connect, &ServerTest::connect},
            {Stage::Secure, &ServerTest::secure},   {Stage::Bind, &ServerTest::bind},
            {Stage::RootDse, &ServerTest::rootDse}, {Stage::ReadBase, &ServerTest::readBase},
            {Stage::Page, &ServerTest::page},       {Stage::Count, &ServerTest::count},
            {Stage::LargeGroups, &ServerTest::largeGroups}, {Stage::Changes, &ServerTest::changes},
            {Stage::Writing, &ServerTest::writing}, {Stage::Tickets, &ServerTest::tickets},
        };
        const QList<Stage> wanted = stagesOf(m_gateway);
        bool goesOn = true;
        for (const auto &[stage, work] : stages) {
            if (!wanted.contains(stage))
                continue;
            StageResult result;
            if (goesOn) {
                QElapsedTimer timer;
                timer.start();
                result = (this->*work)();
                result.milliseconds = timer.elapsed();
            } else {
                result.verdict = Verdict::Skipped;
                result.text = QStringLiteral("not tried, since the stage before failed");
            }
            result.stage = stage;
            goesOn = goesOn && result.verdict != Verdict::Failed;
            if (result.error && result.remedy.isEmpty())
                result.remedy = remedyFor(stage, *result.error, m_gateway, result.certificate);
            m_report.stages.append(result);
            if (m_onStage)
                m_onStage(m_report.server, result);
        }
        if (goesOn) {
            if (auto schema = readSchema(m_session))
                m_report.schema = std::make_shared<const core::Schema>(*std::move(schema));
        }
        return m_report;
    }

private:
    StageResult resolve()
    {
        const auto target = targetOf(m_gateway, m_index, {}, m_deadlines, m_options.need);
        if (!target)
            return failed(target.error());
        m_target = *target;
        // The secret is needed from here on, since the session takes the whole target; its faults belong to the bind.
        const auto secret = m_options.typedPassword.isEmpty() ? readBindPassword(m_gateway, m_cancel)
                                                              : core::Result<core::Secret>(m_options.typedPassword);
        if (secret)
            m_target.password = *secret;
        else
            m_secretError = secret.error();
        const auto addresses = m_session.resolve(m_target);
        if (!addresses)
            return failed(addresses.error());
        if (addresses->isEmpty())
            return passed(QStringLiteral("the gateway client resolves %1").arg(m_target.host));
        return passed(m_target.host + QStringLiteral(" -> ") + *addresses);
    }

    StageResult connect()
    {
        const auto address = m_session.connect();
        if (!address)
            return failed(address.error());
        return passed(QStringLiteral("connected to %1, port %2").arg(*address).arg(m_target.port));
    }

    StageResult secure()
    {
        const auto secured = m_session.secure();
        StageResult result;
        if (!secured)
            result = secured.error().code == Code::InvalidInput ? failedAt(secured.error()) : failed(secured.error());
        else if (m_target.security == ConnectionSecurity::None && m_target.mechanism == core::BindMechanism::Gssapi)
            result = passed(QStringLiteral("not encrypted by TLS; Kerberos seals everything from the bind on"));
        else if (m_target.security == ConnectionSecurity::None)
            result = warning(QStringLiteral("the connection is not encrypted"),
                             QStringLiteral("Choose TLS or StartTLS: without them the bind password and all data can be "
                                            "read on the way."));
        else
            result = judgeCertificate();
        result.certificate = m_session.certificate();
        return result;
    }

    StageResult judgeCertificate() const
    {
        const auto report = m_session.certificate().value_or(ldap::CertificateReport());
        const QString seen = QStringLiteral("%1, certificate of %2, issued by %3, valid until %4")
                                 .arg(report.tlsVersion, report.subject, report.issuer,
                                      report.validTo.toUTC().toString(Qt::ISODate));
        if (!m_target.trust.pinnedSha256.isEmpty())
            return passed(seen + QStringLiteral("; it is the pinned one"));
        if (!m_target.trust.verify)
            return warning(seen + QStringLiteral("; it is not checked"),
                           QStringLiteral("Anybody on the way can pose as this server. Give the CA certificate file or "
                                          "pin the certificate, and turn off the trust in any certificate."));
        if (report.validTo < QDateTime::currentDateTimeUtc().addDays(kExpiryWarningDays))
            return warning(seen + QStringLiteral("; it expires soon"), QStringLiteral("Have the certificate renewed."));
        return passed(seen);
    }

    StageResult bind()
    {
        if (m_secretError)
            return failedAt(*m_secretError);
        if (const auto bound = m_session.bind(); !bound)
            return failed(bound.error());
        const QString account = bindAccountOf(m_gateway);
        if (account.isEmpty())
            return passed(QStringLiteral("bound anonymously"));
        if (m_gateway.bindMechanism == core::BindMechanism::Simple)
            return passed(QStringLiteral("bound as %1").arg(account));
        return passed(QStringLiteral("bound as %1 with a Kerberos ticket; %2")
                          .arg(account, m_target.security == ConnectionSecurity::None ? QStringLiteral("all that follows is sealed by Kerberos")
                                                                                       : QStringLiteral("the bind holds on this TLS channel only")));
    }

    StageResult rootDse()
    {
        const auto info = m_session.readServerInfo();
        if (!info)
            return failed(info.error());
        m_report.info = *info;
        StageResult result = judgeServer(*info);
        result.server = *info;
        return result;
    }

    StageResult judgeServer(const ldap::ServerInfo &server) const
    {
        const ldap::ServerInfo *info = &server;
        QString text = info->vendor.isEmpty() ? QStringLiteral("a directory that does not name its maker") : info->vendor;
        if (!info->version.isEmpty())
            text += QLatin1Char(' ') + info->version;
        if (!info->namingContexts.isEmpty())
            text += QStringLiteral("; holds %1").arg(info->namingContexts.join(QStringLiteral(", ")));
        const bool isAd = info->product == ldap::Product::ActiveDirectory;
        if (isAd != (m_gateway.vendor == core::Vendor::ActiveDirectory) && info->product != ldap::Product::Unknown)
            return warning(text, QStringLiteral("The gateway is configured as %1. Correct the vendor, so that the right "
                                                "attributes are used.")
                                     .arg(core::vendorName(m_gateway.vendor)));
        if (!info->pagedResults)
            return warning(text + QStringLiteral("; it does not announce paged results"),
                           QStringLiteral("Large reads may be cut short. Allow the paged results control "
                                          "(1.2.840.113556.1.4.319) for the bind account."));
        if (info->clock.isValid()) {
            const qint64 ahead = info->readAt.secsTo(info->clock);
            text += QStringLiteral("; its clock is %1 s %2").arg(std::abs(ahead)).arg(
                ahead < 0 ? QStringLiteral("behind ours") : QStringLiteral("ahead of ours"));
            if (std::abs(ahead) > kClockWarningSeconds)
                return warning(text, QStringLiteral("Set both clocks by the same time service: certificates, account "
                                                    "expiry and Kerberos depend on it."));
        }
        return passed(text);
    }

    /// Reads one base itself, wherever it is.
    core::Result<void> readOne(const QString &base)
    {
        ldap::SearchRequest request;
        request.base = base.toUtf8();
        request.scope = ldap::Scope::Base;
        request.filter = "(objectClass=*)";
        request.attributes = std::make_shared<const core::SlotNames>(core::SlotNames{"objectClass"});
        const auto end = m_session.search(request, [](core::EntryBatch &&) { return true; });
        if (!end)
            return core::fail(end.error());
        if (end->entries == 0 && end->complete)
            return core::fail(Code::NotFound, QStringLiteral("no such entry"));
        if (end->entries == 0)
            return core::fail(missedError(*end, base));
        return {};
    }

    StageResult readBase()
    {
        const bool isGiven = !m_baseDns.isEmpty();
        const QStringList all = isGiven ? m_baseDns : ldap::peoplesContexts(m_report.info.value_or(ldap::ServerInfo()));
        std::optional<StageResult> fault;
        for (const QString &base : all) {
            if (const auto read = readOne(base); read) {
                m_bases.append(base);
            } else if (!fault || read.error().code == Code::Cancelled) {
                fault = failed(read.error());
                fault->text += QStringLiteral(" (%1)").arg(base);
            }
        }
        // Of those that nobody has named one that can be read will do.
        if (fault && (isGiven || m_bases.isEmpty()))
            return *fault;
        if (m_bases.isEmpty())
            return warning(QStringLiteral("the server names no base that holds people, and nothing here uses one yet"),
                           QStringLiteral("Enter a base DN in a user type or a rule."));
        return passed(QStringLiteral("read %1").arg(m_bases.join(QStringLiteral("; "))));
    }

    /// The examination, once there is something to look at.
    StageResult examined(StageResult (Examination::*work)())
    {
        if (!m_examination) {
            const QStringList all = m_bases;
            m_bases.removeIf([&all](const QString &base) { return isWithinAnother(base, all); });
            if (!m_report.info)
                m_report.info.emplace();
            m_examination.emplace(m_session, m_gateway, *m_report.info, m_bases, !m_baseDns.isEmpty());
        }
        if (m_bases.isEmpty())
            return skipped(QStringLiteral("no base to read below"));
        return ((*m_examination).*work)();
    }
    StageResult page() { return examined(&Examination::people); }
    StageResult count() { return examined(&Examination::count); }
    StageResult largeGroups() { return examined(&Examination::largeGroups); }
    StageResult changes() { return examined(&Examination::changes); }
    StageResult writing() { return examined(&Examination::writing); }
    StageResult tickets() { return checkTickets(m_session, m_gateway, m_report.info.value_or(ldap::ServerInfo()), m_cancel,
                                               m_options.typedServicePassword); }

    const core::Gateway &m_gateway;
    const int m_index;
    const QStringList &m_baseDns;
    const core::CancelToken &m_cancel;
    const std::function<void(const QString &, const StageResult &)> &m_onStage;
    const ldap::Deadlines &m_deadlines;
    const TestOptions &m_options;
    ldap::Session m_session;
    ldap::Target m_target;
    std::optional<Error> m_secretError;
    TestReport m_report;
    QStringList m_bases; ///< that could be read; for the examination none within another
    std::optional<Examination> m_examination;
};

} // namespace

bool TestReport::passed() const
{
    return !stages.isEmpty() && std::none_of(stages.begin(), stages.end(), [](const StageResult &result) {
        return result.verdict == Verdict::Failed;
    });
}

const QList<Stage> &allStages()
{
    static const QList<Stage> stages{Stage::Resolve,  Stage::Connect, Stage::Secure, Stage::Bind,
                                     Stage::RootDse,  Stage::ReadBase, Stage::Page,  Stage::Count,
                                     Stage::LargeGroups, Stage::Changes, Stage::Writing, Stage::Tickets};
    return stages;
}

QList<Stage> stagesOf(const core::Gateway &gateway)
{
    QList<Stage> stages = allStages();
    if (!gateway.kerberos)
        stages.removeOne(Stage::Tickets);
    return stages;
}

QString stageKey(Stage stage)
{
    switch (stage) {
    case Stage::Resolve:
        return QStringLiteral("resolve");
    case Stage::Connect:
        return QStringLiteral("connect");
    case Stage::Secure:
        return QStringLiteral("secure");
    case Stage::Bind:
        return QStringLiteral("bind");
    case Stage::RootDse:
        return QStringLiteral("rootDSE");
    case Stage::ReadBase:
        return QStringLiteral("base");
    case Stage::Page:
        return QStringLiteral("page");
    case Stage::Count:
        return QStringLiteral("count");
    case Stage::LargeGroups:
        return QStringLiteral("range");
    case Stage::Changes:
        return QStringLiteral("changes");
    case Stage::Writing:
        return QStringLiteral("write");
    case Stage::Tickets:
        break;
    }
    return QStringLiteral("kerberos");
}

QString verdictKey(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Passed:
        return QStringLiteral("passed");
    case Verdict::Warning:
        return QStringLiteral("warning");
    case Verdict::Failed:
        return QStringLiteral("failed");
    case Verdict::Skipped:
        break;
    }
    return QStringLiteral("skipped");
}

QList<TestReport> runTest(const core::Gateway &gateway, const QStringList &baseDns, const core::CancelToken &cancel,
                          const std::function<void(const QString &server, const StageResult &)> &onStage,
                          const ldap::Deadlines &deadlines, const TestOptions &options)
{
    QList<TestReport> reports;
    // A gateway without servers still gets an answer: the first stage says what is missing.
    const auto servers = std::max<qsizetype>(1, gateway.serversHostAndPort.size());
    for (int i = 0; i < servers && !cancel.isCancelled(); ++i)
        reports.append(ServerTest(gateway, i, baseDns, cancel, onStage, deadlines, options).run());
    return reports;
}

} // namespace gatehouse::gateway
