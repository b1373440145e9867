// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks for a password on the terminal without showing it, inside the event loop, so that Ctrl+C still works. The terminal
// is as before when the prompt goes. Main thread.
#pragma once

#include "core/secret.h"

#include <QByteArray>
#include <QObject>

#include <memory>

namespace gatehouse::cli {

class PasswordPrompt : public QObject {
    Q_OBJECT
public:
    explicit PasswordPrompt(QObject *parent = nullptr);
    ~PasswordPrompt() override;

    /// False when standard input is no terminal. answered() follows.
    bool ask(const QString &question);

signals:
    void answered(const gatehouse::core::Secret &password);

private:
    void read();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::cli
