// SPDX-License-Identifier: GPL-3.0-or-later
//
// serve: enabled rules on their schedule and the endpoint for gateway clients, until somebody stops it.
#pragma once

#include "cli/command.h"
#include "provision/engine.h"
#include "provision/gatewayclients.h"
#include "provision/schedule.h"

#include <memory>

namespace gatehouse::cli {

class ServeCommand : public Command {
    Q_OBJECT
public:
    void start() override;
    /// Ends what runs at its batch's border, then with exit code 0: it was asked to.
    void interrupt() override;

private:
    void log(const QString &line);
    void showEndpoint();

    std::unique_ptr<provision::Engine> m_engine;
    std::unique_ptr<provision::GatewayClients> m_clients;
    std::unique_ptr<provision::Schedule> m_schedule;
};

} // namespace gatehouse::cli
