// SPDX-License-Identifier: GPL-3.0-or-later
//
// user unlock: lifts the lock that wrong passwords have put on a user, on a name that no user has, or on a source of
// sign-ons.
#pragma once

#include "cli/command.h"

namespace gatehouse::cli {

class UserUnlock : public Command {
    Q_OBJECT
public:
    void declare(QCommandLineParser &parser) override;
    void start() override;

private:
    /// The name that is counted: of the user whom the key means, else as it was typed at sign-on.
    [[nodiscard]] core::Result<QString> nameOf(store::Environment &environment, const QString &key, bool &isUser);
};

} // namespace gatehouse::cli
