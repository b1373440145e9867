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

} // namespace

QByteArray journalDetail(const core::PlanStep &step, const QList<core::AttributeChange> &changes, const QByteArray &extra)
{
    QByteArray json = "{\"changes\":[";
    for (const core::AttributeChange &change : changes) {
        if (!json.endsWith('['))
            json.append(',');
        json.append('[');
        appendText(json, change.name);
        json.append(',');
        appendValue(json, change.before);
        json.append(',');
        appendValue(json, change.after);
        json.append(']');
    }
    json.append(step.link ? "],\"link\":true" : "]");
    if (step.departure != core::Departure::None)
        json.append(",\"departure\":\"").append(core::departureName(step.departure).toLatin1()).append('"');
    if (!extra.isEmpty())
        json.append(',').append(extra);
    return json.append('}');
}

void readJournalDetail(QByteArrayView detail, core::PlanStep &step)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromRawData(detail.data(), detail.size())).object();
    step.link = object.value(QLatin1String("link")).toBool();
    step.departure = core::departureFromName(object.value(QLatin1String("departure")).toString());
    const QJsonArray changes = object.value(QLatin1String("changes")).toArray();
    for (const QJsonValue &entry : changes) {
        const QJsonArray parts = entry.toArray();
        step.changes.append(
            {parts.at(0).toString(), core::valueFromJson(parts.at(1)), core::valueFromJson(parts.at(2))});
    }
}

Result<QList<core::PlanStep>> readJournal(Database &database, qint64 run, qint64 offset, qint64 limit)
{
    // A line of several creates takes as many places: the line that covers the first step wanted may begin before it.
    qint64 place = offset + 1;
    Statement journal = database.prepare(
        "SELECT row, count, action, user, revision, username, uuid, source_id, dn, detail FROM journal WHERE row >="
        " (SELECT max(row) FROM journal WHERE row > ?1 AND row <= ?2) AND row < ?3 ORDER BY row");
    journal.bind(1, runRow(run, 0)).bind(2, runRow(run, place)).bind(3, runRow(run + 1, 0));
    QList<core::PlanStep> steps;
    while (steps.size() < limit) {
        const auto row = journal.step();
        if (!row)
            return core::fail(row.error());
        if (!*row)
            return steps;
        const qint64 first = journal.integer(0) - runRow(run, 0);
        const qint64 end = first + journal.integer(1);
        for (; place < end && steps.size() < limit; ++place) {
            core::PlanStep step;
            step.action = core::Action(journal.integer(2));
            step.targetRow = journal.integer(3) + place - first;
            step.revision = journal.integer(4);
            step.username = journal.text(5);
            step.targetId = journal.uuid(6);
            step.sourceId = journal.blob(7).toByteArray();
            step.sourceDn = journal.blob(8).toByteArray();
            readJournalDetail(journal.utf8(9), step);
            steps.append(std::move(step));
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
    entry.user = m_firstCreated;
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
        m_insert.emplace(m_database.prepare("INSERT INTO journal (row, count, action, user, revision, username, uuid,"
                                            " source_id, dn, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
    Statement &insert = *m_insert;
    insert.reset();
    insert.bind(1, m_next).bind(2, count).bind(3, int(entry.action)).bind(4, entry.user).bind(5, entry.revision);
    insert.bindUtf8View(6, entry.username).bind(7, entry.id);
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
