// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/provisioning/planexport.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QPointer>
#include <QSaveFile>
#include <QThread>

namespace gatehouse::app {

namespace {

constexpr size_t kBlock = 500; ///< steps read and written at once

QByteArray csvField(const QString &text)
{
    QByteArray octets = text.toUtf8();
    // A spreadsheet would run what begins like a formula; a leading apostrophe keeps it a text.
    if (!octets.isEmpty() && QByteArrayView("=+-@\t\r").contains(octets.front()))
        octets.prepend('\'');
    if (octets.contains('"') || octets.contains(',') || octets.contains('\n') || octets.contains('\r'))
        return '"' + octets.replace('"', "\"\"") + '"'; // RFC 4180 2
    return octets;
}

QByteArray csvLines(const core::PlanStep &step)
{
    const QByteArray head = core::kindName(step.kind).toUtf8() + ',' + core::actionName(step.action).toUtf8() + ','
                            + csvField(step.username) + ',' + csvField(QString::fromUtf8(step.sourceDn)) + ','
                            + csvField(core::displayId(step.sourceId)) + ',';
    QByteArray lines;
    for (const core::AttributeChange &change : step.changes)
        lines += head + csvField(change.name) + ',' + csvField(core::displayText(change.before)) + ','
                 + csvField(core::displayText(change.after)) + ",,\r\n";
    for (const core::Problem &problem : step.problems)
        lines += head + csvField(problem.attribute) + ",,," + core::codeName(problem.code).toUtf8() + ','
                 + csvField(problem.message) + "\r\n";
    if (lines.isEmpty())
        lines = head + ",,,,\r\n";
    return lines;
}

QByteArray jsonHead(const provision::RunOutcome &outcome)
{
    QJsonArray guards;
    for (const core::GuardVerdict &verdict : outcome.guards)
        guards.append(core::toJson(verdict));
    const auto compact = [](const QJsonDocument &document) { return document.toJson(QJsonDocument::Compact); };
    const QByteArray rule = compact(QJsonDocument(QJsonArray{outcome.rule}));
    return "{\"rule\":" + rule.sliced(1, rule.size() - 2) + ",\n\"counts\":"
           + compact(QJsonDocument(core::toJson(outcome.counts))) + ",\n\"guards\":" + compact(QJsonDocument(guards))
           + ",\n\"changes\":[";
}

} // namespace

core::Result<void> PlanExport::write(const provision::RunOutcome &outcome, const std::vector<uint32_t> &indexes,
                                     Format format, const QString &path, const core::CancelToken &cancel)
{
    QSaveFile file(path);
    const auto fault = [&] {
        return core::fail(core::Code::Denied, QStringLiteral("The file cannot be written"), file.errorString(), path);
    };
    if (!file.open(QIODevice::WriteOnly))
        return fault();
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
        for (const core::PlanStep &step : *steps) {
            if (format == Format::Csv) {
                octets += csvLines(step);
                continue;
            }
            octets += (first ? "\n" : ",\n") + QJsonDocument(core::toJson(step)).toJson(QJsonDocument::Compact);
            first = false;
        }
        if (file.write(octets) != octets.size())
            return fault();
        from += run;
    }
    if (format == Format::Json)
        file.write("\n]}\n");
    if (!file.commit())
        return fault();
    return {};
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
                                       indexes = std::move(indexes), format, path, cancel = m_cancel] {
        const core::Result<void> written = write(outcome, indexes, format, path, cancel);
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
