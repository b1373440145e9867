// SPDX-License-Identifier: GPL-3.0-or-later
//
// plan and apply: the same run, with the last door closed or open; and apply of a plan that was made earlier.
#pragma once

#include "cli/command.h"
#include "provision/run.h"

namespace gatehouse::cli {

class RunCommand : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;
    /// Stops at the next batch's border.
    void interrupt() override;

protected:
    explicit RunCommand(bool apply) : m_apply(apply) {}
    virtual void report(const provision::RunOutcome &outcome) = 0;
    void begin(store::Environment &environment, provision::RunRequest request);
    store::Environment *m_opened = nullptr; ///< the one that the run is in

private:
    void showProgress(const provision::Progress &progress);
    bool m_apply;
    std::unique_ptr<provision::Run> m_run;
};

class PlanCommand : public RunCommand {
    Q_OBJECT
public:
    PlanCommand() : RunCommand(false) {}
    void declare(QCommandLineParser &parser) override;

protected:
    void report(const provision::RunOutcome &outcome) override;

private:
    [[nodiscard]] core::Result<bool> keep(const provision::PlanFile &plan);
};

class ApplyCommand : public RunCommand {
    Q_OBJECT
public:
    ApplyCommand() : RunCommand(true) {}
    void declare(QCommandLineParser &parser) override;
    void start() override;

protected:
    void report(const provision::RunOutcome &outcome) override;
};

} // namespace gatehouse::cli
