// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sign-ons for faces that must not block: each runs in a thread of its own, with its own connection to the environment's
// file, and its report comes by signal. Belongs to the thread that made it; start() and cancel() return at once. After a
// successful sign-on that was no simulation the environment has changed, and models should read again.
#pragma once

#include "core/cancel.h"
#include "signon/report.h"

#include <QObject>

#include <memory>

namespace gatehouse::signon {

class SignOn : public QObject {
    Q_OBJECT
public:
    /// Longest time of one sign-on, however many waits it is made of.
    static constexpr std::chrono::milliseconds kDeadline{60'000};

    explicit SignOn(const QString &environmentPath, QObject *parent = nullptr);
    /// Cancels what goes on and waits for the thread, which ends at once.
    ~SignOn() override;

    /// Begins; finished() or failed() follows. One at a time: a new one cancels the one before, of which nothing is heard.
    void start(const Request &request, std::chrono::milliseconds deadline = kDeadline);
    void cancel();
    bool isRunning() const;

signals:
    void finished(const gatehouse::signon::Report &report);
    /// The question was wrong (no such gateway or user type), the environment cannot be used, or it was cancelled or took
    /// too long.
    void failed(const gatehouse::core::Error &error);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::signon
