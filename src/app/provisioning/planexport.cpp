// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/planexport.h"

#include "core/csv.h"
#include "store/outputfile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QPointer>
#include <QThread>

namespace gatehouse::app {

namespace {

constexpr size_t kBlock = 500; ///< steps read and written at once

QByteArray csvLines(const core::Step &step)
{
    const QByteArray head = core::kindName(step.kind()).toUtf8() + ',' + core::actionName(step.action).toUtf8() + ','
                            + core::csvField(step.target.text()) + ',' + core::csvField(step.source.text()) + ','
                            + core::csvField(core::displayId(step.source.id)) + ',';
    QByteArray lines;
    for (const core::AttributeChange &change : step.changes)
        lines += head + core::csvField(change.name) + ',' + core::csvField(core::displayText(change.before)) + ','
                 + core::csvField(core::displayText(change.after)) + ",," + core::csvField(core::departureText(step.departure)) + "\r\n";
    for (const core::Problem &problem : step.problems)
        lines += head + core::csvField(problem.attribute) + ",,," + core::codeName(problem.code).toUtf8() + ','
                 + core::csvField(problem.message) + "\r\n";
    if (lines.isEmpty())
        lines = head + ",,,,\r\n";
    return lines;
}

QByteArray jsonHead(const provision::RunOutcome &outcome)
{
    QJsonArray guards;
    for (const core::GuardVerdict &verdict : outcome.guards)
        guards.append(core::toJson(verdict));
    const QJsonArray notes = QJsonArray::fromStringList(outcome.notes);
    const auto compact = [](const QJsonDocument &document) { return document.toJson(QJsonDocument::Compact); };
    const QByteArray rule = compact(QJsonDocument(QJsonArray{outcome.rule}));
    const QByteArray counts = compact(QJsonDocument(core::toJson(outcome.counts)));
    return "{\"rule\":" + rule.sliced(1, rule.size() - 2) + ",\n" + counts.sliced(1, counts.size() - 2)
           + ",\n\"guards\":" + compact(QJsonDocument(guards))
           + ",\n\"notes\":" + compact(QJsonDocument(notes))
           + ",\n\"id\":\"" + outcome.plan->head().id.toByteArray(QUuid::WithoutBraces)
           + "\",\n\"reading\":" + compact(QJsonDocument(provision::toJson(outcome.plan->head().reading))) + ",\n\"changes\":[";
}

} // namespace

core::Result<void> PlanExport::write(const provision::RunOutcome &outcome, const std::vector<uint32_t> &indexes,
                                     Format format, const QString &path, const core::CancelToken &cancel,
                                     const QString &environmentPath)
{
    store::OutputFile file(path);
    if (auto opened = file.open(environmentPath); !opened)
        return opened;
    file.write(format == Format::Csv ? QByteArray("kind,action,username,dn,id,attribute,before,after,problem,reason\r\n")
                                     : jsonHead(outcome));
    bool first = true;
    for (size_t from = 0; from < indexes.size();) {
        if (cancel.isCancelled())
            return core::fail(core::Code::Cancelled, QStringLiteral("Cancelled"));
        // Neighbours in the plan are read together.
        size_t run = 1;
        while (run < kBlock && from + run < indexes.size() && indexes[from + run] == indexes[from] + run)
            ++run;
        auto steps = outcome.plan->steps(qsizetype(indexes[from]), qsizetype(run));
        if (!steps)
            return core::fail(steps.error());
        QByteArray octets;
        for (const core::Step &step : *steps) {
            if (format == Format::Csv) {
                octets += csvLines(step);
                continue;
            }
            octets += (first ? "\n" : ",\n") + QJsonDocument(core::toJson(step)).toJson(QJsonDocument::Compact);
            first = false;
        }
        file.write(octets);
        if (!file.isGood())
            break;
        from += run;
    }
    if (format == Format::Json)
        file.write("\n]}\n");
    return file.commit();
}

void PlanExport::start(const provision::RunOutcome &outcome, std::vector<uint32_t> indexes, Format format,
                       const QString &path)
{
    if (m_running)
        return;
    m_running = true;
    m_cancel = core::CancelToken();
    // The thread holds all it needs by value and answers to a mailbox that outlives this object.
    auto *mailbox = new QObject;
    QThread *thread = QThread::create([mailbox, self = QPointer<PlanExport>(this), outcome,
                                       indexes = std::move(indexes), format, path, cancel = m_cancel,
                                       environmentPath = m_environmentPath] {
        const core::Result<void> written = write(outcome, indexes, format, path, cancel, environmentPath);
        std::optional<core::Error> error;
        if (!written)
            error = written.error();
        QMetaObject::invokeMethod(mailbox, [mailbox, self, path, error] {
            if (self) {
                self->m_running = false;
                emit self->finished(path, error);
            }
            mailbox->deleteLater();
        }, Qt::QueuedConnection);
    });
    thread->setObjectName(QStringLiteral("plan export"));
    connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    thread->start();
}

} // namespace gatehouse::app
