// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/planspool.h"

#include "provision/steprecord.h"

#include <QFile>
#include <QTemporaryFile>

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kFlushAt = 1 << 20; // octets
constexpr qsizetype kBlock = 1024;      // steps read at once by filter()

/// As the system's other programs take it; Qt would go to the root of all folders where it names none.
QString temporaryFolder()
{
    const QString named = qEnvironmentVariable("TMPDIR");
    return named.isEmpty() ? QStringLiteral("/tmp") : named;
}

bool matches(const core::Step &step, const QString &search)
{
    const auto in = [&](const QString &text) { return text.contains(search, Qt::CaseInsensitive); };
    if (in(step.target.text()) || in(step.source.text()))
        return true;
    if (step.departure != core::Departure::None && in(core::departureText(step.departure)))
        return true;
    for (const core::AttributeChange &change : step.changes) {
        if (in(change.name) || in(core::displayText(change.before)) || in(core::displayText(change.after)))
            return true;
    }
    for (const core::Problem &problem : step.problems) {
        if (in(problem.attribute) || in(problem.message))
            return true;
    }
    return false;
}

} // namespace

struct PlanSpool::Private {
    QTemporaryFile file{temporaryFolder() + QStringLiteral("/gatehouse-plan.XXXXXX")};
    QByteArray buffer;
    StepRecords records;
    std::vector<quint64> offsets; ///< of each record
    std::vector<core::Action> actions;
    quint64 end = 0;

    core::Error writeError() const
    {
        const int number = errno;
        const bool isFull = number == ENOSPC || number == EDQUOT;
        const QString detail = file.error() == QFileDevice::NoError ? qt_error_string(number) : file.errorString();
        core::Error error{isFull ? core::Code::LimitExceeded : core::Code::Denied,
                          QStringLiteral("The plan cannot be written to the temporary folder"),
                          QStringLiteral("%1; the variable TMPDIR names another").arg(detail), temporaryFolder()};
        error.isLocal = true;
        return error;
    }

    core::Result<void> flush()
    {
        if (buffer.isEmpty())
            return {};
        if (!file.isOpen()) {
            if (!file.open())
                return core::fail(writeError());
            // Without a name it goes with the process, however that ends.
            QFile::remove(file.fileName());
        }
        if (file.write(buffer) != buffer.size())
            return core::fail(writeError());
        if (!file.flush())
            return core::fail(writeError());
        buffer.clear();
        return {};
    }

    /// What lies in the file from @p start on. Positions are shared by nobody, so any thread may.
    core::Result<QByteArray> read(quint64 start, quint64 stop) const
    {
        // pread, not a mapping: pages read once must not count as this program's memory.
        QByteArray octets(qsizetype(stop - start), Qt::Uninitialized);
        for (qsizetype got = 0; got < octets.size();) {
            const ssize_t n = ::pread(file.handle(), octets.data() + got, size_t(octets.size() - got), off_t(start) + got);
            if (n <= 0) {
                return core::failLocally(core::Code::Denied, QStringLiteral("The plan cannot be read back"),
                                         qt_error_string(n < 0 ? errno : EIO), temporaryFolder());
            }
            got += n;
        }
        return octets;
    }

    quint64 offset(qsizetype index) const { return size_t(index) < offsets.size() ? offsets[size_t(index)] : end; }
};

PlanSpool::PlanSpool() : d(std::make_unique<Private>()) {}
PlanSpool::~PlanSpool() = default;

core::Result<void> PlanSpool::append(const core::Step &step)
{
    const qsizetype before = d->buffer.size();
    d->records.encode(step, d->buffer);
    d->offsets.push_back(d->end);
    d->actions.push_back(step.action);
    d->end += quint64(d->buffer.size() - before);
    if (d->buffer.size() >= kFlushAt)
        return d->flush();
    return {};
}

core::Result<void> PlanSpool::seal()
{
    if (auto flushed = d->flush(); !flushed)
        return flushed;
    d->buffer.squeeze();
    return {};
}

qsizetype PlanSpool::size() const
{
    return qsizetype(d->offsets.size());
}

core::Action PlanSpool::action(qsizetype index) const
{
    return d->actions[size_t(index)];
}

core::Result<std::vector<core::Step>> PlanSpool::steps(qsizetype from, qsizetype count) const
{
    const quint64 start = d->offset(from);
    const auto octets = d->read(start, d->offset(from + count));
    if (!octets)
        return core::fail(octets.error());
    std::vector<core::Step> steps;
    steps.reserve(size_t(count));
    for (qsizetype i = from; i < from + count; ++i) {
        const auto at = qsizetype(d->offset(i) - start);
        const auto length = qsizetype(d->offset(i + 1) - d->offset(i));
        steps.push_back(d->records.decode(QByteArrayView(*octets).sliced(at, length)));
    }
    return steps;
}

core::Result<core::Step> PlanSpool::written(qsizetype index) const
{
    const quint64 start = d->offset(index);
    const quint64 stop = d->offset(index + 1);
    // Records are flushed whole.
    const quint64 flushed = d->end - quint64(d->buffer.size());
    if (start >= flushed)
        return d->records.decode(QByteArrayView(d->buffer).sliced(qsizetype(start - flushed), qsizetype(stop - start)));
    const auto octets = d->read(start, stop);
    if (!octets)
        return core::fail(octets.error());
    return d->records.decode(*octets);
}

std::vector<uint32_t> PlanSpool::filter(const QList<core::Action> &actions, const QString &search,
                                        const std::function<bool()> &isCancelled) const
{
    std::vector<uint32_t> found;
    for (qsizetype from = 0; from < size(); from += kBlock) {
        if (isCancelled && isCancelled())
            break;
        const qsizetype count = std::min(kBlock, size() - from);
        std::vector<core::Step> block;
        if (!search.isEmpty()) {
            auto read = steps(from, count);
            if (!read)
                break;
            block = *std::move(read);
        }
        for (qsizetype i = 0; i < count; ++i) {
            if (!actions.isEmpty() && !actions.contains(action(from + i)))
                continue;
            if (search.isEmpty() || matches(block[size_t(i)], search))
                found.push_back(uint32_t(from + i));
        }
    }
    return found;
}

} // namespace gatehouse::provision
