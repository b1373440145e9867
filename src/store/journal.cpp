// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace gatehouse::store {

using core::Result;

namespace {

void appendText(QByteArray &json, const QString &text)
{
    json.append('"');
    const QByteArray utf8 = text.toUtf8();
    const char *from = utf8.constData();
    const char *const end = from + utf8.size();
    for (const char *octet = from; octet < end; ++octet) {
        const uchar code = uchar(*octet);
        if (code >= 0x20 && code != '"' && code != '\\')
            continue;
        json.append(from, octet - from);
        if (code >= 0x20) {
            json.append('\\').append(*octet);
        } else {
            static constexpr char kHex[] = "0123456789abcdef";
            json.append("\\u00").append(kHex[code >> 4]).append(kHex[code & 15]);
        }
        from = octet + 1;
    }
    json.append(from, end - from).append('"');
}

// Written by hand: a run over a million people writes a million of these.
void appendValue(QByteArray &json, const core::Value &value)
{
    if (const auto *flag = std::get_if<bool>(&value)) {
        json.append(*flag ? "true" : "false");
    } else if (const auto *text = std::get_if<QString>(&value)) {
        appendText(json, *text);
    } else if (const auto *list = std::get_if<QStringList>(&value)) {
        char open = '[';
        for (const QString &item : *list) {
            json.append(open);
            appendText(json, item);
            open = ',';
        }
        json.append(list->isEmpty() ? "[]" : "]");
    } else {
        json.append("null");
    }
}

void appendNumber(QByteArray &json, qint64 number)
{
    json.append(QByteArray::number(number));
}

class DetailWriter {
public:
    DetailWriter(const core::Step &step, Numbers &numbers) : m_step(step), m_numbers(numbers) {}

    Result<QByteArray> write()
    {
        m_json = "{\"changes\":[";
        for (const core::AttributeChange &change : m_step.changes) {
            if (!m_json.endsWith('['))
                m_json.append(',');
            m_json.append('[');
            appendText(m_json, change.name);
            m_json.append(',');
            appendValue(m_json, change.before);
            m_json.append(',');
            appendValue(m_json, change.after);
            m_json.append(']');
        }
        m_json.append(']');
        if (m_step.departure != core::Departure::None)
            m_json.append(",\"departure\":\"").append(core::departureName(m_step.departure).toLatin1()).append('"');
        if (m_step.ring != 0) {
            m_json.append(",\"ring\":");
            appendNumber(m_json, m_step.ring);
        }
        auto written = links();
        if (written && m_step.frame)
            written = frame(*m_step.frame);
        if (written && !m_step.memberships.isEmpty())
            written = memberships();
        if (!written)
            return core::fail(written.error());
        return m_json.append('}');
    }

private:
    Result<void> links()
    {
        Result<void> written;
        if (m_step.link) {
            m_json.append(",\"link\":");
            written = link(*m_step.link);
        }
        if (!written || m_step.otherLinks.isEmpty())
            return written;
        m_json.append(",\"otherLinks\":");
        char open = '[';
        for (const core::LinkChange &change : m_step.otherLinks) {
            m_json.append(open);
            open = ',';
            if (written = link(change); !written)
                return written;
        }
        m_json.append(']');
        return written;
    }
    Result<void> link(const core::LinkChange &change)
    {
        const auto gateway = m_numbers.gateway(change.gateway);
        if (!gateway)
            return core::fail(gateway.error());
        m_json.append('[');
        appendNumber(m_json, *gateway);
        m_json.append(',');
        if (auto written = state(change.before); !written)
            return written;
        m_json.append(',');
        if (auto written = state(change.after); !written)
            return written;
        m_json.append(']');
        return {};
    }
    Result<void> state(const core::LinkState &link)
    {
        if (!link.exists()) {
            m_json.append("null");
            return {};
        }
        const auto rule = m_numbers.rule(link.rule);
        if (!rule)
            return core::fail(rule.error());
        if (link.id == m_step.source.id)
            m_json.append("[0,");
        else
            m_json.append("[\"").append(link.id.toHex()).append("\",");
        if (link.dn == m_step.source.name)
            m_json.append('0');
        else
            appendText(m_json, QString::fromUtf8(link.dn));
        m_json.append(',');
        appendNumber(m_json, *rule);
        // A fingerprint has 64 bits, a number in JSON 53.
        m_json.append(",\"").append(QByteArray::number(link.fingerprint, 16)).append("\",");
        appendNumber(m_json, int(link.disabling));
        m_json.append(']');
        return {};
    }
    Result<void> frame(const core::FrameChange &change)
    {
        m_json.append(",\"frame\":");
        char open = '[';
        for (const core::Frame *side : {&change.before, &change.after}) {
            m_json.append(open).append('[');
            open = ',';
            const auto population = side->population.isNull() ? Result<qint64>(0) : m_numbers.population(side->population);
            const auto authority = side->authority ? m_numbers.authority(*side->authority) : Result<qint64>(0);
            if (!population || !authority)
                return core::fail(population ? authority.error() : population.error());
            *population == 0 ? m_json.append("null") : m_json.append(QByteArray::number(*population));
            m_json.append(',');
            !side->authority ? m_json.append("null") : m_json.append(QByteArray::number(*authority));
            m_json.append(']');
        }
        m_json.append(']');
        return {};
    }
    Result<void> memberships()
    {
        m_json.append(",\"memberships\":");
        char open = '[';
        for (const core::MembershipChange &change : m_step.memberships) {
            const auto source = m_numbers.membershipSource(change.source);
            if (!source)
                return core::fail(source.error());
            m_json.append(open).append('[');
            open = ',';
            object(change.group);
            appendNumber(m_json, int(change.member.kind));
            m_json.append(',');
            object(change.member);
            for (const qint64 number : {*source, qint64(change.direct)}) {
                appendNumber(m_json, number);
                m_json.append(',');
            }
            appendNumber(m_json, change.added);
            m_json.append(']');
        }
        m_json.append(']');
        return {};
    }
    /// By id: who is deleted and made again has another row.
    void object(const core::ObjectRef &object)
    {
        if (object.id == m_step.target.id)
            m_json.append("0,");
        else
            m_json.append('"').append(object.id.toHex()).append("\",");
    }

    const core::Step &m_step;
    Numbers &m_numbers;
    QByteArray m_json;
};

class DetailReader {
public:
    DetailReader(core::Step &step, Numbers &numbers) : m_step(step), m_numbers(numbers) {}

    Result<void> read(const QJsonObject &object)
    {
        m_step.departure = core::departureFromName(object.value(QLatin1String("departure")).toString());
        m_step.ring = quint32(object.value(QLatin1String("ring")).toInteger());
        const QJsonArray changes = object.value(QLatin1String("changes")).toArray();
        for (const QJsonValue &entry : changes) {
            const QJsonArray parts = entry.toArray();
            m_step.changes.append(
                {parts.at(0).toString(), core::valueFromJson(parts.at(1)), core::valueFromJson(parts.at(2))});
        }
        if (const QJsonValue link = object.value(QLatin1String("link")); link.isArray())
            m_step.link = readLink(link.toArray());
        const QJsonArray others = object.value(QLatin1String("otherLinks")).toArray();
        for (const QJsonValue &link : others)
            m_step.otherLinks.append(readLink(link.toArray()));
        if (const QJsonValue frame = object.value(QLatin1String("frame")); frame.isArray()) {
            core::Frame before = readFrame(frame.toArray().at(0).toArray());
            m_step.frame = {std::move(before), readFrame(frame.toArray().at(1).toArray())};
        }
        const QJsonArray memberships = object.value(QLatin1String("memberships")).toArray();
        for (const QJsonValue &membership : memberships)
            readMembership(membership.toArray());
        return m_fault ? Result<void>(core::fail(*m_fault)) : Result<void>();
    }

private:
    template <typename T>
    T taken(Result<T> result)
    {
        if (!result)
            m_fault = result.error();
        return result ? *std::move(result) : T();
    }
    core::LinkChange readLink(const QJsonArray &link)
    {
        return {taken(m_numbers.gatewayId(link.at(0).toInteger())), readState(link.at(1)), readState(link.at(2))};
    }
    core::LinkState readState(const QJsonValue &value)
    {
        if (!value.isArray())
            return {};
        const QJsonArray parts = value.toArray();
        core::LinkState state;
        state.id = parts.at(0).isString() ? QByteArray::fromHex(parts.at(0).toString().toLatin1()) : m_step.source.id;
        state.dn = parts.at(1).isString() ? parts.at(1).toString().toUtf8() : m_step.source.name;
        state.rule = taken(m_numbers.ruleId(parts.at(2).toInteger()));
        state.fingerprint = parts.at(3).toString().toULongLong(nullptr, 16);
        state.disabling = core::Disabling(parts.at(4).toInt());
        return state;
    }
    core::Frame readFrame(const QJsonArray &parts)
    {
        core::Frame frame;
        if (parts.at(0).isDouble())
            frame.population = taken(m_numbers.populationId(parts.at(0).toInteger()));
        if (parts.at(1).isDouble())
            frame.authority = taken(m_numbers.authorityAt(parts.at(1).toInteger()));
        return frame;
    }
    core::ObjectRef memberOf(core::ObjectKind kind, const QJsonValue &id)
    {
        if (!id.isString())
            return {kind, m_step.target.id, m_step.target.name};
        return taken(m_numbers.object(kind, QByteArray::fromHex(id.toString().toLatin1())));
    }
    void readMembership(const QJsonArray &parts)
    {
        core::MembershipChange change;
        change.group = memberOf(core::ObjectKind::Group, parts.at(0));
        change.member = memberOf(core::ObjectKind(parts.at(1).toInt()), parts.at(2));
        change.source = taken(m_numbers.membershipSource(parts.at(3).toInteger()));
        change.direct = parts.at(4).toInt() != 0;
        change.added = parts.at(5).toInt() != 0;
        m_step.memberships.append(std::move(change));
    }

    core::Step &m_step;
    Numbers &m_numbers;
    std::optional<core::Error> m_fault;
};

} // namespace

Result<QByteArray> journalDetail(const core::Step &step, Numbers &numbers)
{
    return DetailWriter(step, numbers).write();
}

Result<void> readJournalDetail(QByteArrayView detail, core::Step &step, Numbers &numbers)
{
    return DetailReader(step, numbers)
        .read(QJsonDocument::fromJson(QByteArray::fromRawData(detail.data(), detail.size())).object());
}

namespace {

const QByteArray kSelect = "SELECT row, count, action, object, revision, name, uuid, source_id, dn, detail, kind FROM journal";

Result<JournalStep> readLine(const Statement &row, Numbers &numbers)
{
    JournalStep line;
    core::Step &step = line.step;
    step.action = core::Action(row.integer(2));
    line.object = row.integer(3);
    step.revision = row.integer(4);
    step.target = {core::ObjectKind(row.integer(10)), row.blob(6).toByteArray(), row.utf8(5).toByteArray()};
    step.source.id = row.blob(7).toByteArray();
    step.source.name = row.blob(8).toByteArray();
    if (auto read = readJournalDetail(row.utf8(9), step, numbers); !read)
        return core::fail(read.error());
    return line;
}

} // namespace

Result<QList<JournalStep>> changesOf(Database &database, core::ObjectKind kind, qint64 object)
{
    QList<JournalStep> lines;
    Numbers numbers(database);
    // Creates share lines and are in no index.
    Statement journal = database.prepare(kSelect + " WHERE kind = ?1 AND object = ?2 AND action <> 1 ORDER BY row DESC");
    journal.bind(1, int(kind)).bind(2, object);
    for (;;) {
        const auto row = journal.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return lines;
        auto line = readLine(journal, numbers);
        if (!line)
            return core::fail(line.error());
        lines.append(*std::move(line));
    }
}

Result<QList<JournalStep>> readJournal(Database &database, qint64 run, qint64 offset, qint64 limit)
{
    // A line of several creates takes as many places: the line that covers the first step wanted may begin before it.
    qint64 place = offset + 1;
    Statement journal = database.prepare(
        kSelect + " WHERE row >= (SELECT max(row) FROM journal WHERE row > ?1 AND row <= ?2) AND row < ?3 ORDER BY row");
    journal.bind(1, runRow(run, 0)).bind(2, runRow(run, place)).bind(3, runRow(run + 1, 0));
    QList<JournalStep> steps;
    Numbers numbers(database);
    while (steps.size() < limit) {
        const auto row = journal.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return steps;
        const qint64 first = journal.integer(0) - runRow(run, 0);
        const qint64 end = first + journal.integer(1);
        for (; place < end && steps.size() < limit; ++place) {
            auto line = readLine(journal, numbers);
            if (!line)
                return core::fail(line.error());
            line->object += place - first;
            steps.append(*std::move(line));
        }
    }
    return steps;
}

Result<void> JournalWriter::begin()
{
    Statement last = m_database.prepare(
        "SELECT row + count FROM journal WHERE row >= ?1 AND row < ?2 ORDER BY row DESC LIMIT 1");
    const auto row = last.bind(1, runRow(m_run, 0)).bind(2, runRow(m_run + 1, 0)).step();
    if (!row)
        return core::fail(row.error());
    m_next = *row ? last.integer(0) : runRow(m_run, 1);
    return {};
}

Result<void> JournalWriter::finish()
{
    if (m_created == 0)
        return {};
    Entry entry;
    entry.action = core::Action::Create;
    entry.object = m_firstCreated;
    entry.revision = 1;
    return write(entry, std::exchange(m_created, 0));
}

Result<void> JournalWriter::appendCreate(qint64 user)
{
    if (m_created > 0 && user != m_firstCreated + m_created) {
        if (auto written = finish(); !written)
            return written;
    }
    if (m_created++ == 0)
        m_firstCreated = user;
    return {};
}

Result<void> JournalWriter::append(const Entry &entry)
{
    if (auto written = finish(); !written)
        return written;
    return write(entry, 1);
}

Result<void> JournalWriter::write(const Entry &entry, qint64 count)
{
    if (!m_insert)
        m_insert.emplace(m_database.prepare("INSERT INTO journal (row, count, action, object, revision, name, uuid, source_id,"
                                            " dn, detail, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"));
    Statement &insert = *m_insert;
    insert.reset();
    insert.bind(1, m_next).bind(2, count).bind(3, int(entry.action)).bind(4, entry.object).bind(5, entry.revision);
    insert.bindUtf8View(6, entry.name).bind(7, entry.id).bind(11, int(entry.kind));
    if (!entry.sourceId.isEmpty())
        insert.bindBlobView(8, entry.sourceId);
    if (!entry.dn.isEmpty())
        insert.bindBlobView(9, entry.dn);
    if (!entry.detail.isEmpty())
        insert.bindUtf8View(10, entry.detail);
    if (auto inserted = insert.run(); !inserted)
        return inserted;
    m_next += count;
    return {};
}

} // namespace gatehouse::store
