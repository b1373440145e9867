// SPDX-License-Identifier: GPL-3.0-or-later
//
// gateway credential create, list and revoke, and gateway endpoint: who may dial in as a gateway client, and where.
#pragma once

#include "cli/command.h"

namespace gatehouse::cli {

class CredentialCreate : public Command {
    Q_OBJECT
public:
    void start() override;
};

class CredentialList : public Command {
    Q_OBJECT
public:
    void start() override;
};

class CredentialRevoke : public Command {
    Q_OBJECT
public:
    void start() override;
};

/// Shows the endpoint's settings, or changes those that are given.
class GatewayEndpoint : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

} // namespace gatehouse::cli
