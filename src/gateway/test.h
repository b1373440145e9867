// SPDX-License-Identifier: GPL-3.0-or-later
//
// The staged connection test: resolve, connect, secure, bind, read rootDSE, read the base, page, and how the directory
// answers beyond that; each with its verdict, its time and, where it does not pass, what to do. Nothing is ever written. Runs in a thread of its own; results arrive by signal.
#pragma once

#include "core/cancel.h"
#include "core/config/forward.h"
#include "core/error.h"
#include "core/schema.h"
#include "core/secret.h"
#include "ldap/certificate.h"
#include "ldap/server.h"
#include "ldap/session.h"
#include "link/versions.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::gateway {

enum class Stage {
    Resolve,
    Connect,
    Secure,
    Bind,
    RootDse,
    ReadBase,
    Page,        ///< people in pages
    Count,       ///< the same in pages of another size
    LargeGroups, ///< range retrieval
    Changes,     ///< deleted objects, or the change log
    Writing,     ///< whether the account may; nothing is written
    Tickets,     ///< where people sign on with Kerberos: whether their tickets can be read
};
enum class Verdict { Passed, Warning, Failed, Skipped };

struct StageResult {
    Stage stage = Stage::Resolve;
    Verdict verdict = Verdict::Passed;
    QString text;   ///< what was found, e.g. "dc1.example.com -> 192.0.2.10"
    QString remedy; ///< what to do, where it did not pass
    qint64 milliseconds = 0;
    std::optional<core::Error> error;
    std::optional<ldap::CertificateReport> certificate; ///< on Secure
    std::optional<ldap::ServerInfo> server;             ///< on RootDse
};

struct TestReport {
    QString server; ///< host:port
    QList<StageResult> stages;
    std::optional<ldap::ServerInfo> info;
    std::shared_ptr<const core::Schema> schema; ///< of a server that passed, where it shows one
    bool passed() const;
};

/// The stages in their order.
const QList<Stage> &allStages();
/// Those that a test of @p gateway goes through.
QList<Stage> stagesOf(const core::Gateway &gateway);
/// Key of a stage in JSON and in translations: "resolve", "connect", "secure", "bind", "rootDSE", "base", "page",
/// "count", "range", "changes", "write", "kerberos".
QString stageKey(Stage stage);
QString verdictKey(Verdict verdict); ///< "passed", "warning", "failed", "skipped"

/// What else a test goes by.
struct TestOptions {
    /// What the gateway's rules ask of a gateway client: one that is too old for it is refused as their runs would be.
    link::Need need = link::Need::Lookup;
    /// When not empty, bound with in place of the password that the gateway refers to.
    core::Secret typedPassword = {};
    /// The same for the password of the Kerberos service account, with which tickets are read.
    core::Secret typedServicePassword = {};
};

/// Tests every server of @p gateway in order; @p baseDns are the bases that rules and user types read (empty: the
/// server's default naming context). @p onStage is told of each stage as it ends. Blocks.
QList<TestReport> runTest(const core::Gateway &gateway, const QStringList &baseDns, const core::CancelToken &cancel,
                          const std::function<void(const QString &server, const StageResult &)> &onStage = {},
                          const ldap::Deadlines &deadlines = {}, const TestOptions &options = {});

} // namespace gatehouse::gateway
