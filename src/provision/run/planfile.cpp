// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/planfile.h"

#include "provision/run/plankeys.h"
#include "provision/run/planform.h"
#include "store/files.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kStepsInBlock = 256;
constexpr qsizetype kFullAt = 256 << 10;     ///< octets after which a block takes no more steps
constexpr qsizetype kFilteredAtOnce = 1024;  ///< steps
constexpr qsizetype kHashedAtOnce = 1 << 20; ///< octets

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

/// The next record of @p octets, which is taken off; nothing where they end within it.
std::optional<QByteArrayView> nextRecord(QByteArrayView &octets)
{
    quint64 length = 0;
    for (int shift = 0; shift < 35; shift += 7) {
        if (octets.isEmpty())
            return std::nullopt;
        const auto part = quint8(octets.front());
        octets = octets.sliced(1);
        length |= quint64(part & 0x7f) << shift;
        if (part < 0x80)
            break;
    }
    if (length > quint64(octets.size()))
        return std::nullopt;
    const QByteArrayView record = octets.first(qsizetype(length));
    octets = octets.sliced(qsizetype(length));
    return record;
}

void appendRecord(QByteArray &octets, QByteArrayView record)
{
    auto length = quint64(record.size());
    for (; length >= 0x80; length >>= 7)
        octets.append(char(length | 0x80));
    octets.append(char(length));
    octets.append(record);
}

} // namespace

PlanFile::PlanFile() = default;
PlanFile::~PlanFile() = default;

core::Result<void> PlanFile::append(const core::Step &step, Part part)
{
    Steps &steps = m_parts[int(part)];
    m_scratch.resize(0);
    m_records.encode(step, m_scratch);
    if (m_scratch.size() > BlockFile::kLongestBlock - kFullAt)
        return core::fail(core::Code::LimitExceeded, QStringLiteral("An object's values are too long for a plan"), {},
                          step.target.text());
    appendRecord(steps.open, m_scratch);
    ++steps.count;
    if (part == Part::Steps)
        m_actions.push_back(quint8(step.action));
    if (steps.count - steps.openFirst < kStepsInBlock && steps.open.size() < kFullAt)
        return {};
    return closeBlock(part);
}

core::Result<void> PlanFile::closeBlock(Part part)
{
    Steps &steps = m_parts[int(part)];
    if (steps.open.isEmpty())
        return {};
    const auto at = m_file.append(quint8(part), quint16(steps.count - steps.openFirst), steps.open);
    if (!at)
        return core::fail(at.error());
    steps.blocks.push_back({*at, steps.openFirst});
    steps.openFirst = steps.count;
    steps.open.resize(0);
    return {};
}

core::Result<void> PlanFile::finish()
{
    for (const Part part : {Part::Steps, Part::Refreshes, Part::NotShown}) {
        if (auto closed = closeBlock(part); !closed)
            return closed;
        m_parts[int(part)].open = {};
    }
    m_blocksEnd = m_file.size();
    return {};
}

qsizetype PlanFile::size(Part part) const
{
    return m_parts[int(part)].count;
}

/// Records of the block, or of what is not in the file yet.
core::Result<QByteArray> PlanFile::records(const Steps &steps, qsizetype block) const
{
    if (block == qsizetype(steps.blocks.size()))
        return steps.open;
    return m_file.block(steps.blocks[size_t(block)].at, m_file.size());
}

core::Result<std::vector<core::Step>> PlanFile::steps(qsizetype from, qsizetype count, Part part) const
{
    const Steps &all = m_parts[int(part)];
    std::vector<core::Step> steps;
    count = std::min(count, all.count - from);
    if (count <= 0)
        return steps;
    steps.reserve(size_t(count));
    const auto after = std::upper_bound(all.blocks.cbegin(), all.blocks.cend(), from,
                                        [](qsizetype index, const Block &block) { return index < block.first; });
    qsizetype block = after - all.blocks.cbegin() - 1;
    if (from >= all.openFirst)
        block = qsizetype(all.blocks.size());
    for (; qsizetype(steps.size()) < count; ++block) {
        const bool isOpen = block >= qsizetype(all.blocks.size());
        qsizetype index = isOpen ? all.openFirst : all.blocks[size_t(block)].first;
        const qsizetype end = isOpen                                     ? all.count
                              : block + 1 < qsizetype(all.blocks.size()) ? all.blocks[size_t(block + 1)].first
                                                                         : all.openFirst;
        const auto octets = records(all, block);
        if (!octets)
            return core::fail(octets.error());
        QByteArrayView rest(*octets);
        for (; index < end && index < from + count; ++index) {
            const auto record = nextRecord(rest);
            if (!record)
                return core::fail(m_file.damaged(QStringLiteral("A step ends too early")));
            if (index < from)
                continue;
            auto step = m_records.decode(*record);
            if (!step)
                return core::fail(m_file.damaged(QStringLiteral("A step cannot be read")));
            steps.push_back(*std::move(step));
        }
    }
    return steps;
}

core::Result<core::Step> PlanFile::step(qsizetype index, Part part) const
{
    auto steps = this->steps(index, 1, part);
    if (!steps)
        return core::fail(steps.error());
    return std::move(steps->front());
}

std::vector<uint32_t> PlanFile::filter(const QList<core::Action> &actions, const QString &search,
                                       const std::function<bool()> &isCancelled) const
{
    std::vector<uint32_t> found;
    for (qsizetype from = 0; from < size(); from += kFilteredAtOnce) {
        if (isCancelled && isCancelled())
            break;
        const qsizetype count = std::min(kFilteredAtOnce, size() - from);
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

core::Result<std::vector<uint32_t>> PlanFile::about(const QString &key) const
{
    const PlanKey wanted(key);
    std::vector<uint32_t> found;
    if (m_keyCount == 0) {
        for (qsizetype from = 0; from < size(); from += kFilteredAtOnce) {
            const auto some = steps(from, kFilteredAtOnce);
            if (!some)
                return core::fail(some.error());
            for (size_t i = 0; i < some->size(); ++i) {
                if (wanted.matches((*some)[i]))
                    found.push_back(uint32_t(size_t(from) + i));
            }
        }
        return found;
    }
    const SortedKeys keys{m_file, m_keys, m_keyCount};
    for (const uint32_t hash : wanted.hashes()) {
        const auto indexes = keys.find(hash);
        if (!indexes)
            return core::fail(indexes.error());
        found.insert(found.end(), indexes->begin(), indexes->end());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    std::vector<uint32_t> sure;
    for (const uint32_t index : found) {
        if (qsizetype(index) >= size())
            return core::fail(m_file.damaged(QStringLiteral("A key leads nowhere")));
        const auto step = this->step(index);
        if (!step)
            return core::fail(step.error());
        if (wanted.matches(*step))
            sure.push_back(index);
    }
    return sure;
}

core::Result<std::shared_ptr<PlanFile>> PlanFile::open(const QString &path, const QString &environmentPath,
                                                       const store::Seal &seal)
{
    if (store::belongsTo(environmentPath, path)) {
        return core::failLocally(core::Code::InvalidInput, QStringLiteral("This is the environment, not a plan"), {},
                                 path);
    }
    auto plan = std::make_shared<PlanFile>();
    if (auto opened = plan->m_file.open(path); !opened)
        return core::fail(opened.error());
    if (auto loaded = plan->load(seal); !loaded)
        return core::fail(loaded.error());
    return plan;
}

core::Result<void> PlanFile::load(const store::Seal &seal)
{
    const auto refused = [&](core::Code code, const QString &what, const QString &detail) {
        return core::failLocally(code, what, detail, m_file.place());
    };
    const quint64 size = m_file.size();
    if (size < quint64(kMarkSize + kEndSize))
        return core::fail(
            m_file.damaged(size == 0 ? QStringLiteral("It is empty") : QStringLiteral("It is too short")));
    const auto mark = m_file.octets(0, kMarkSize);
    const auto end = m_file.octets(size - kEndSize, kEndSize);
    if (!mark || !end)
        return core::fail(mark ? end.error() : mark.error());
    if (!isPlanMark(*mark))
        return refused(core::Code::Corrupt, QStringLiteral("This is no plan"),
                       QStringLiteral("gatehousectl plan RULE --out FILE writes one"));
    if (versionOf(*mark) != kPlanVersion) {
        return refused(core::Code::Corrupt, QStringLiteral("This plan was written by another version of this program"),
                       QStringLiteral("its form is number %1, this program knows %2: make the plan again")
                           .arg(versionOf(*mark))
                           .arg(kPlanVersion));
    }
    const PlanEnd last = PlanEnd::read(*end);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (quint64 at = 0; at < size - kSealedBehind;) {
        const auto length = qsizetype(std::min(quint64(kHashedAtOnce), size - kSealedBehind - at));
        const auto octets = m_file.octets(at, length);
        if (!octets)
            return core::fail(octets.error());
        hash.addData(*octets);
        at += quint64(length);
    }
    if (hash.result() != last.hash) {
        return refused(core::Code::Corrupt, QStringLiteral("This plan was changed or cut after it was written"),
                       QStringLiteral("its hash is not the one that it ends with: make the plan again"));
    }
    const auto isForeign = [&] {
        return refused(core::Code::Conflict, QStringLiteral("This plan was not made by this environment"),
                       QStringLiteral("its seal is not this environment's: --environment FILE names another one"));
    };
    if (seal.of(last.hash) != last.seal)
        return isForeign();
    m_blocksEnd = last.keys;
    m_keys = last.keys;
    m_keyCount = last.keyCount;
    if (last.keys > size - quint64(kEndSize) || last.keyCount != (size - quint64(kEndSize) - last.keys) / kKeySize)
        return core::fail(m_file.damaged(QStringLiteral("Its keys are not where they should be")));
    if (auto loaded = loadBlocks(); !loaded)
        return loaded;
    if (m_head.environment != seal.environment)
        return isForeign();
    return {};
}

core::Result<void> PlanFile::loadBlocks()
{
    QByteArray headText;
    for (quint64 at = kMarkSize; at < m_blocksEnd;) {
        const auto head = m_file.head(at, m_blocksEnd);
        if (!head)
            return core::fail(head.error());
        if (head->kind <= quint8(Part::NotShown)) {
            if (head->count == 0 || head->count > kStepsInBlock || head->count > head->unpacked)
                return core::fail(m_file.damaged(QStringLiteral("A block has another number of steps than it may")));
            Steps &steps = m_parts[head->kind];
            steps.blocks.push_back({at, steps.count});
            steps.count += head->count;
            steps.openFirst = steps.count;
        } else {
            const auto octets = m_file.block(at, m_blocksEnd);
            if (!octets)
                return core::fail(octets.error());
            if (head->kind == kActionsBlock && octets->size() > size() - qsizetype(m_actions.size()))
                break; // there are more of them than steps
            if (head->kind == kActionsBlock)
                m_actions.insert(m_actions.end(), octets->cbegin(), octets->cend());
            else if (head->kind == kHeadBlock)
                headText = *octets;
            else
                return core::fail(m_file.damaged(QStringLiteral("A block is of no known kind")));
        }
        at += quint64(BlockFile::kHeadSize) + head->stored;
    }
    const bool known = std::all_of(m_actions.cbegin(), m_actions.cend(),
                                   [](quint8 action) { return action <= quint8(core::Action::Failed); });
    if (qsizetype(m_actions.size()) != size() || !known)
        return core::fail(m_file.damaged(QStringLiteral("Its list of actions is not that of its steps")));
    return takeHead(headText);
}

core::Result<void> PlanFile::takeHead(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    auto head = planHeadFromJson(object);
    if (!head)
        return core::fail(m_file.damaged(QStringLiteral("Its head cannot be read")));
    m_head = *std::move(head);
    QList<QByteArray> words;
    const QJsonArray listed = object.value(QLatin1String("words")).toArray();
    for (const QJsonValue &word : listed)
        words.append(QByteArray::fromBase64(word.toString().toLatin1()));
    m_records = StepRecords(std::move(words));
    return {};
}

} // namespace gatehouse::provision
