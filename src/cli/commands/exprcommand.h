// SPDX-License-Identifier: GPL-3.0-or-later
//
// expr: evaluates or checks an expression of the PingOne Expression Language, one or a file full of them. Needs no
// environment.
#pragma once

#include "cli/command.h"

namespace gatehouse::cli {

class ExprCommand : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;

private:
    void check(const QString &expression);
    void evaluate(const QString &expression);
    void runBatch(const QString &path);
    void failInput(const QString &what, const QString &detail, const QString &where);
};

} // namespace gatehouse::cli
