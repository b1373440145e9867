// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a plan to a file, as CSV (one line an attribute change) or as JSON (as `gatehousectl plan --json` prints it),
// in a thread of its own; the file appears only when it is whole. Lives in the GUI thread, one export at a time.
#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "provision/run.h"

#include <QObject>

#include <memory>
#include <vector>

namespace gatehouse::app {

class PlanExport : public QObject {
    Q_OBJECT
public:
    enum class Format { Csv, Json };

    explicit PlanExport(QObject *parent = nullptr) : QObject(parent) {}
    ~PlanExport() override { m_cancel.cancel(); }

    /// The environment that is open here: an export never replaces its file.
    void setEnvironment(const QString &path) { m_environmentPath = path; }
    /// @p indexes: the steps to write, in this order. Ends with finished().
    void start(const provision::RunOutcome &outcome, std::vector<uint32_t> indexes, Format format,
               const QString &path);
    void cancel() { m_cancel.cancel(); }
    bool isRunning() const { return m_running; }

    /// What start() does, in the caller's thread; blocks.
    [[nodiscard]] static core::Result<void> write(const provision::RunOutcome &outcome,
                                                  const std::vector<uint32_t> &indexes, Format format,
                                                  const QString &path, const core::CancelToken &cancel,
                                                  const QString &environmentPath = {});

signals:
    void finished(const QString &path, const std::optional<gatehouse::core::Error> &error);

private:
    QString m_environmentPath;
    core::CancelToken m_cancel;
    bool m_running = false;
};

} // namespace gatehouse::app
