// SPDX-License-Identifier: GPL-3.0-or-later
//
// "plan show" and "plan diff": plans that were made earlier.
#pragma once

#include "cli/command.h"
#include "provision/run/planfile.h"

namespace gatehouse::cli {

class PlanShow : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
};

class PlanDiff : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;

private:
    [[nodiscard]] core::Result<void> print(const provision::PlanFile &left, const provision::PlanFile &right);
    bool m_differ = false;
};

} // namespace gatehouse::cli
