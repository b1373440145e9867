// SPDX-License-Identifier: GPL-3.0-or-later
//
// gateway list, show and test.
#pragma once

#include "cli/command.h"
#include "core/cancel.h"
#include "core/config/forward.h"
#include "gateway/test.h"

namespace gatehouse::cli {

class GatewayList : public Command {
    Q_OBJECT
public:
    void start() override;
};

class GatewayShow : public Command {
    Q_OBJECT
public:
    void start() override;
};

class GatewayTest : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override { declareWait(parser); }
    void start() override;
    void interrupt() override { m_cancel.cancel(); }

private:
    void report(const core::Gateway &gateway, const QStringList &bases, link::Need need);
    void rememberSchema(const QUuid &gateway, const gateway::TestReport &report);
    store::Environment *m_opened = nullptr;
    core::CancelToken m_cancel;
};

} // namespace gatehouse::cli
