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

QByteArray journalDetail(const QList<core::AttributeChange> &changes, bool link, const QByteArray &extra)
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
    json.append(link ? "],\"link\":true" : "]");
    if (!extra.isEmpty())
        json.append(',').append(extra);
    return json.append('}');
}

void readJournalDetail(QByteArrayView detail, core::PlanStep &step)
{
    const QJsonObject object =
        QJsonDocument::fromJson(QByteArray::fromRawData(detail.data(), detail.size())).object();
    step.link = object.value(QLatin1String("link")).toBool();
    const QJsonArray changes = object.value(QLatin1String("changes")).toArray();
    for (const QJsonValue &entry : changes) {
        const QJsonArray parts = entry.toArray();
        step.changes.append(
            {parts.at(0).toString(), core::valueFromJson(parts.at(1)), core::valueFromJson(parts.at(2))});
    }
}

Result<void> JournalWriter::begin()
{
    Statement last = m_database.prepare("SELECT max(row) FROM journal WHERE row >= ?1 AND row < ?2");
    const auto row = last.bind(1, runRow(m_run, 0)).bind(2, runRow(m_run + 1, 0)).step();
    if (!row)
        return core::fail(row.error());
    m_next = last.isNull(0) ? runRow(m_run, 1) : last.integer(0) + 1;
    return {};
}

Result<void> JournalWriter::append(const Entry &entry)
{
    if (!m_insert)
        m_insert.emplace(m_database.prepare("INSERT INTO journal (row, action, user, revision, username, uuid,"
                                            " source_id, dn, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    Statement &insert = *m_insert;
    insert.reset();
    insert.bind(1, m_next).bind(2, int(entry.action)).bind(3, entry.user).bind(4, entry.revision);
    insert.bindUtf8View(5, entry.username).bind(6, entry.id);
    if (!entry.sourceId.isEmpty())
        insert.bindBlobView(7, entry.sourceId);
    if (!entry.dn.isEmpty())
        insert.bindBlobView(8, entry.dn);
    if (!entry.detail.isEmpty())
        insert.bindUtf8View(9, entry.detail);
    if (auto inserted = insert.run(); !inserted)
        return inserted;
    ++m_next;
    return {};
}

} // namespace gatehouse::store
