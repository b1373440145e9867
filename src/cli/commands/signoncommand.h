// SPDX-License-Identifier: GPL-3.0-or-later
//
// signon: signs somebody on through a gateway, or simulates it. A refusal says the same whatever its reason, unless
// --explain is given; the audit has the reason always.
#pragma once

#include "cli/command.h"
#include "cli/passwordprompt.h"
#include "signon/signon.h"

#include <memory>

namespace gatehouse::cli {

class SignOnCommand : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
    void interrupt() override;

private:
    /// The secret that the options --NAME-file and --NAME-env lead to; nothing when neither is given.
    [[nodiscard]] core::Result<std::optional<core::Secret>> secretFrom(const QString &name);
    void startByTicket();
    void begin();
    void signOn();
    void finished(const signon::Report &report);
    void printReport(const signon::Report &report);
    QString messageFor(const signon::Report &report) const;

    signon::Request m_request;
    std::unique_ptr<PasswordPrompt> m_prompt;
    std::unique_ptr<signon::SignOn> m_signOn;
};

} // namespace gatehouse::cli
