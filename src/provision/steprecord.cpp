// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/steprecord.h"

#include <cstring>

namespace gatehouse::provision {

namespace {

enum ValueTag : char { TagNull, TagFalse, TagTrue, TagText, TagList };

class Writer {
public:
    explicit Writer(QByteArray &out) : m_out(out) {}
    void number(quint64 value)
    {
        while (value >= 0x80) {
            m_out.append(char(value | 0x80));
            value >>= 7;
        }
        m_out.append(char(value));
    }
    void octets(QByteArrayView octets)
    {
        number(quint64(octets.size()));
        m_out.append(octets);
    }
    void text(const QString &text) { octets(text.toUtf8()); }
    void value(const core::Value &value)
    {
        if (const auto *flag = std::get_if<bool>(&value)) {
            m_out.append(char(*flag ? TagTrue : TagFalse));
        } else if (const auto *single = std::get_if<QString>(&value)) {
            m_out.append(char(TagText));
            text(*single);
        } else if (const auto *list = std::get_if<QStringList>(&value)) {
            m_out.append(char(TagList));
            number(quint64(list->size()));
            for (const QString &item : *list)
                text(item);
        } else {
            m_out.append(char(TagNull));
        }
    }

private:
    QByteArray &m_out;
};

class Reader {
public:
    explicit Reader(QByteArrayView in) : m_in(in) {}
    char octet() { return m_in[m_at++]; }
    quint64 number()
    {
        quint64 value = 0;
        for (int shift = 0;; shift += 7) {
            const auto part = quint8(octet());
            value |= quint64(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
    QByteArrayView octets()
    {
        const auto length = qsizetype(number());
        const QByteArrayView view = m_in.sliced(m_at, length);
        m_at += length;
        return view;
    }
    QString text() { return QString::fromUtf8(octets()); }
    core::Value value()
    {
        switch (octet()) {
        case TagFalse: return false;
        case TagTrue: return true;
        case TagText: return text();
        case TagList: {
            QStringList list;
            for (quint64 n = number(); n > 0; --n)
                list.append(text());
            return list;
        }
        default: return {};
        }
    }

private:
    QByteArrayView m_in;
    qsizetype m_at = 0;
};

} // namespace

quint32 StepRecords::numberOf(const QString &name)
{
    const auto found = m_numbers.constFind(name);
    if (found != m_numbers.cend())
        return *found;
    const auto number = quint32(m_names.size());
    m_names.append(name);
    m_numbers.insert(name, number);
    return number;
}

void StepRecords::encode(const core::PlanStep &step, QByteArray &out)
{
    Writer writer(out);
    out.append(char(step.kind));
    out.append(char(step.action));
    out.append(char(step.link));
    out.append(char(step.departure));
    writer.number(step.swap);
    out.append(char(step.disabling));
    writer.octets(step.sourceDn);
    writer.octets(step.sourceId);
    writer.number(quint64(step.targetRow));
    if (step.targetId.isNull())
        writer.octets({});
    else
        writer.octets(step.targetId.toRfc4122());
    writer.text(step.username);
    writer.number(quint64(step.revision));
    writer.number(step.fingerprint);
    writer.number(quint64(step.changes.size()));
    for (const core::AttributeChange &change : step.changes) {
        writer.number(numberOf(change.name));
        writer.value(change.before);
        writer.value(change.after);
    }
    writer.number(quint64(step.problems.size()));
    for (const core::Problem &problem : step.problems) {
        writer.text(problem.attribute);
        out.append(char(problem.code));
        writer.text(problem.message);
    }
}

core::PlanStep StepRecords::decode(QByteArrayView record) const
{
    Reader reader(record);
    core::PlanStep step;
    step.kind = core::ObjectKind(reader.octet());
    step.action = core::Action(reader.octet());
    step.link = reader.octet() != 0;
    step.departure = core::Departure(reader.octet());
    step.swap = quint32(reader.number());
    step.disabling = core::Disabling(reader.octet());
    step.sourceDn = reader.octets().toByteArray();
    step.sourceId = reader.octets().toByteArray();
    step.targetRow = qint64(reader.number());
    step.targetId = QUuid::fromRfc4122(reader.octets());
    step.username = reader.text();
    step.revision = qint64(reader.number());
    step.fingerprint = reader.number();
    const auto changes = qsizetype(reader.number());
    step.changes.reserve(changes);
    for (qsizetype i = 0; i < changes; ++i) {
        core::AttributeChange change;
        change.name = m_names.at(qsizetype(reader.number()));
        change.before = reader.value();
        change.after = reader.value();
        step.changes.append(std::move(change));
    }
    for (quint64 n = reader.number(); n > 0; --n) {
        core::Problem problem;
        problem.attribute = reader.text();
        problem.code = core::ProblemCode(reader.octet());
        problem.message = reader.text();
        step.problems.append(std::move(problem));
    }
    return step;
}

} // namespace gatehouse::provision
