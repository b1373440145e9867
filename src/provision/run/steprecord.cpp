// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/run/steprecord.h"

#include <algorithm>
#include <utility>

namespace gatehouse::provision {

namespace {

constexpr qsizetype kReserved = 64; ///< changes of a step for which room is made before they are read

enum ValueTag : char { TagNull, TagFalse, TagTrue, TagText, TagList };

/// Which parts a record has that most steps have not.
enum Part : quint8 {
    HasLink = 1,
    LinkIsSource = 2, ///< the link after is of the source's id and DN, and so is the id before, where there is one
    HasFrame = 4,
    HasOtherLinks = 8,
    HasMemberships = 16,
    HasOrder = 32, ///< what comes first, and the ring
    HasProblems = 64,
};

quint8 partsOf(const core::Step &step)
{
    quint8 parts = 0;
    if (step.link) {
        const core::LinkState &before = step.link->before;
        const core::LinkState &after = step.link->after;
        const bool isSource = after.id == step.source.id && after.dn == step.source.name && after.exists()
                              && (!before.exists() || before.id == step.source.id);
        parts |= isSource ? HasLink | LinkIsSource : HasLink;
    }
    parts |= step.frame ? HasFrame : 0;
    parts |= step.otherLinks.isEmpty() ? 0 : HasOtherLinks;
    parts |= step.memberships.isEmpty() ? 0 : HasMemberships;
    parts |= step.after.isEmpty() && step.ring == 0 ? 0 : HasOrder;
    parts |= step.problems.isEmpty() ? 0 : HasProblems;
    return parts;
}

} // namespace

class StepRecords::Writer {
public:
    Writer(StepRecords &records, QByteArray &out) : m_records(records), m_out(out) {}
    void octet(quint8 value) { m_out.append(char(value)); }
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
    void name(const QString &name) { number(m_records.numberOf(name)); }
    void id(const QUuid &id) { number(id.isNull() ? 0 : m_records.numberOf(id) + 1); }
    void object(const core::ObjectRef &object)
    {
        octet(quint8(object.kind));
        octets(object.id);
        octets(object.name);
    }
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
    /// What a link says beside which entry it is of.
    void tie(const core::LinkState &link)
    {
        octet(quint8(link.disabling));
        id(link.rule);
        number(link.fingerprint);
    }
    void link(const core::LinkState &link)
    {
        octets(link.id);
        octets(link.dn);
        tie(link);
    }
    void link(const core::LinkChange &change)
    {
        id(change.gateway);
        link(change.before);
        link(change.after);
    }
    void linkOfSource(const core::LinkChange &change)
    {
        id(change.gateway);
        octet(change.before.exists());
        if (change.before.exists()) {
            octets(change.before.dn);
            tie(change.before);
        }
        tie(change.after);
    }
    void frame(const core::Frame &frame)
    {
        id(frame.population);
        octet(frame.authority.has_value());
        if (!frame.authority)
            return;
        id(frame.authority->gateway);
        id(frame.authority->userType);
        name(frame.authority->gatewayName);
        name(frame.authority->userTypeName);
    }
    void membership(const core::MembershipChange &change)
    {
        octet(quint8(change.added | change.direct << 1 | int(change.source.kind) << 2));
        id(change.source.rule);
        object(change.group);
        object(change.member);
    }

private:
    StepRecords &m_records;
    QByteArray &m_out;
};

/// Reads what may have been made by anybody: after the first fault everything is empty and isGood() false.
class StepRecords::Reader {
public:
    Reader(const StepRecords &records, QByteArrayView in) : m_records(records), m_in(in) {}
    bool isGood() const { return m_good; }
    bool isAtEnd() const { return m_at == m_in.size(); }
    quint8 octet()
    {
        m_good = m_good && m_at < m_in.size();
        return m_good ? quint8(m_in[m_at++]) : quint8(0);
    }
    quint64 number()
    {
        quint64 value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const quint8 part = octet();
            value |= quint64(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        m_good = false;
        return 0;
    }
    /// How many things follow: each takes an octet at least.
    qsizetype count()
    {
        const quint64 value = number();
        m_good = m_good && value <= quint64(m_in.size() - m_at);
        return m_good ? qsizetype(value) : 0;
    }
    template <typename Enum>
    Enum oneOf(Enum last, quint8 value)
    {
        m_good = m_good && value <= quint8(last);
        return m_good ? Enum(value) : Enum();
    }
    template <typename Enum>
    Enum oneOf(Enum last)
    {
        return oneOf(last, octet());
    }
    QByteArrayView octets()
    {
        const qsizetype length = count();
        const QByteArrayView view = m_in.sliced(m_at, length);
        m_at += length;
        return view;
    }
    QString text() { return QString::fromUtf8(octets()); }
    QString name() { return m_records.m_names.value(word(number())); }
    QUuid id()
    {
        const quint64 place = number();
        return place == 0 ? QUuid() : QUuid::fromRfc4122(m_records.m_words.value(word(place - 1)));
    }
    core::ObjectRef object()
    {
        const auto kind = oneOf(core::ObjectKind::Entry);
        QByteArray id = octets().toByteArray();
        return {kind, std::move(id), octets().toByteArray()};
    }
    core::Value value()
    {
        switch (octet()) {
        case TagNull: return {};
        case TagFalse: return false;
        case TagTrue: return true;
        case TagText: return text();
        case TagList: {
            QStringList list;
            for (qsizetype n = count(); n > 0 && m_good; --n)
                list.append(text());
            return list;
        }
        default: m_good = false;
        }
        return {};
    }
    void tie(core::LinkState &link)
    {
        link.disabling = oneOf(core::Disabling::Inactive);
        link.rule = id();
        link.fingerprint = number();
    }
    core::LinkState state()
    {
        core::LinkState link;
        link.id = octets().toByteArray();
        link.dn = octets().toByteArray();
        tie(link);
        return link;
    }
    core::LinkChange link()
    {
        core::LinkChange change;
        change.gateway = id();
        change.before = state();
        change.after = state();
        return change;
    }
    core::LinkChange linkOf(const core::ObjectRef &source)
    {
        core::LinkChange change;
        change.gateway = id();
        if (octet() != 0) {
            change.before.id = source.id;
            change.before.dn = octets().toByteArray();
            tie(change.before);
        }
        change.after.id = source.id;
        change.after.dn = source.name;
        tie(change.after);
        return change;
    }
    core::Frame frame()
    {
        core::Frame frame;
        frame.population = id();
        if (octet() == 0)
            return frame;
        frame.authority.emplace();
        frame.authority->gateway = id();
        frame.authority->userType = id();
        frame.authority->gatewayName = name();
        frame.authority->userTypeName = name();
        return frame;
    }
    core::MembershipChange membership()
    {
        core::MembershipChange change;
        const quint8 flags = octet();
        change.added = flags & 1;
        change.direct = flags & 2;
        change.source.kind = oneOf(core::MembershipSource::Kind::Rule, flags >> 2);
        change.source.rule = id();
        change.group = object();
        change.member = object();
        return change;
    }

private:
    qsizetype word(quint64 number)
    {
        m_good = m_good && number < quint64(m_records.m_words.size());
        return m_good ? qsizetype(number) : -1;
    }
    const StepRecords &m_records;
    QByteArrayView m_in;
    qsizetype m_at = 0;
    bool m_good = true;
};

StepRecords::StepRecords(QList<QByteArray> words) : m_words(std::move(words))
{
    for (qsizetype number = 0; number < m_words.size(); ++number) {
        m_names.append(QString::fromUtf8(m_words.at(number)));
        m_numberOfName.insert(m_names.constLast(), quint32(number));
        if (m_words.at(number).size() == 16)
            m_numberOfId.insert(QUuid::fromRfc4122(m_words.at(number)), quint32(number));
    }
}

quint32 StepRecords::numberOf(const QString &name)
{
    const auto found = m_numberOfName.constFind(name);
    if (found != m_numberOfName.cend())
        return *found;
    const auto number = quint32(m_words.size());
    m_words.append(name.toUtf8());
    m_names.append(name);
    m_numberOfName.insert(name, number);
    return number;
}

quint32 StepRecords::numberOf(const QUuid &id)
{
    const auto found = m_numberOfId.constFind(id);
    if (found != m_numberOfId.cend())
        return *found;
    const auto number = quint32(m_words.size());
    m_words.append(id.toRfc4122());
    m_names.append(QString());
    m_numberOfId.insert(id, number);
    return number;
}

void StepRecords::encode(const core::Step &step, QByteArray &out)
{
    Writer writer(*this, out);
    const quint8 parts = partsOf(step);
    writer.octet(parts);
    writer.octet(quint8(step.action));
    writer.octet(quint8(step.departure));
    writer.object(step.source);
    writer.object(step.target);
    writer.number(quint64(step.revision));
    writer.number(quint64(step.changes.size()));
    for (const core::AttributeChange &change : step.changes) {
        writer.name(change.name);
        writer.value(change.before);
        writer.value(change.after);
    }
    if (parts & LinkIsSource)
        writer.linkOfSource(*step.link);
    else if (parts & HasLink)
        writer.link(*step.link);
    if (parts & HasFrame) {
        writer.frame(step.frame->before);
        writer.frame(step.frame->after);
    }
    if (parts & HasOtherLinks) {
        writer.number(quint64(step.otherLinks.size()));
        for (const core::LinkChange &link : step.otherLinks)
            writer.link(link);
    }
    if (parts & HasMemberships) {
        writer.number(quint64(step.memberships.size()));
        for (const core::MembershipChange &change : step.memberships)
            writer.membership(change);
    }
    if (parts & HasOrder) {
        writer.number(quint64(step.after.size()));
        for (const QByteArray &id : step.after)
            writer.octets(id);
        writer.number(step.ring);
    }
    if (parts & HasProblems) {
        writer.number(quint64(step.problems.size()));
        for (const core::Problem &problem : step.problems) {
            writer.text(problem.attribute);
            writer.octet(quint8(problem.code));
            writer.text(problem.message);
        }
    }
}

std::optional<core::Step> StepRecords::decode(QByteArrayView record) const
{
    Reader reader(*this, record);
    core::Step step;
    const quint8 parts = reader.octet();
    step.action = reader.oneOf(core::Action::Failed);
    step.departure = reader.oneOf(core::Departure::OutsideFilter);
    step.source = reader.object();
    step.target = reader.object();
    step.revision = qint64(reader.number());
    const qsizetype changes = reader.count();
    step.changes.reserve(std::min(changes, kReserved));
    for (qsizetype i = 0; i < changes && reader.isGood(); ++i) {
        core::AttributeChange change;
        change.name = reader.name();
        change.before = reader.value();
        change.after = reader.value();
        step.changes.append(std::move(change));
    }
    if (parts & LinkIsSource)
        step.link = reader.linkOf(step.source);
    else if (parts & HasLink)
        step.link = reader.link();
    if (parts & HasFrame) {
        core::Frame before = reader.frame();
        step.frame = {std::move(before), reader.frame()};
    }
    if (parts & HasOtherLinks) {
        for (qsizetype n = reader.count(); n > 0 && reader.isGood(); --n)
            step.otherLinks.append(reader.link());
    }
    if (parts & HasMemberships) {
        for (qsizetype n = reader.count(); n > 0 && reader.isGood(); --n)
            step.memberships.append(reader.membership());
    }
    if (parts & HasOrder) {
        for (qsizetype n = reader.count(); n > 0 && reader.isGood(); --n)
            step.after.append(reader.octets().toByteArray());
        step.ring = quint32(reader.number());
    }
    if (parts & HasProblems) {
        for (qsizetype n = reader.count(); n > 0 && reader.isGood(); --n) {
            core::Problem problem;
            problem.attribute = reader.text();
            problem.code = reader.oneOf(core::ProblemCode::StoreFault);
            problem.message = reader.text();
            step.problems.append(std::move(problem));
        }
    }
    if (!reader.isGood() || !reader.isAtEnd())
        return std::nullopt;
    return step;
}

} // namespace gatehouse::provision
