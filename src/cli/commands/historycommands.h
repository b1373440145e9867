// SPDX-License-Identifier: GPL-3.0-or-later
//
// run list and run show: what runs did.
#pragma once

#include "cli/command.h"

namespace gatehouse::cli {

class RunList : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

class RunShow : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

} // namespace gatehouse::cli
