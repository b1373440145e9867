// SPDX-License-Identifier: GPL-3.0-or-later
//
// How fast expressions are evaluated over entries of a directory. Prints one JSON line: nanoseconds for each
// expression, and entries a second of one core for a mapping of 20 rows of which 8 are expressions, alone and with a
// second thread at the same work. Processor time is counted, so that a busy machine does not matter.
//
//     expr_bench [ENTRIES]
#include "core/expr/convert.h"
#include "core/expr/expression.h"
#include "core/expr/json.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <ctime>
#include <thread>

using namespace gatehouse::core::expr;

namespace {

struct Attribute {
    QString name;
    QList<QByteArray> values;
};

/// Serves attributes as octets of which texts are made when they are asked for, as a mapping does.
class EntryContext final : public Context {
public:
    EntryContext(const QList<Attribute> &attributes, const std::vector<int> &slotOfName)
        : m_attributes(attributes), m_slots(slotOfName)
    {
    }

    Value root(int slot, const QString &) const override
    {
        const int index = m_slots[size_t(slot)];
        if (index < 0)
            return {};
        const QList<QByteArray> &values = m_attributes.at(index).values;
        if (values.size() == 1)
            return QString::fromUtf8(values.first());
        Values list;
        for (const QByteArray &value : values)
            list.emplace_back(QString::fromUtf8(value));
        return list;
    }
    Value whole() const override { return {}; }

private:
    const QList<Attribute> &m_attributes;
    const std::vector<int> &m_slots;
};

QList<Attribute> entry()
{
    const auto one = [](const QString &name, const char *value) { return Attribute{name, {QByteArray(value)}}; };
    QList<QByteArray> groups;
    for (int group = 0; group < 8; ++group)
        groups.append("CN=Group " + QByteArray::number(group) + ",OU=Groups,DC=example,DC=com");
    return {one(QStringLiteral("uid"), "jdoe"),
            one(QStringLiteral("givenName"), "Jonathan"),
            one(QStringLiteral("sn"), "Doe"),
            one(QStringLiteral("cn"), "Jonathan Doe"),
            one(QStringLiteral("mail"), "Jonathan.Doe@Example.com"),
            one(QStringLiteral("title"), "Engineer"),
            one(QStringLiteral("telephoneNumber"), "+49 30 1234567"),
            one(QStringLiteral("departmentNumber"), "42"),
            one(QStringLiteral("whenCreated"), "20230101120000.0Z"),
            one(QStringLiteral("employeeType"), "staff"),
            {QStringLiteral("memberOf"), groups}};
}

const char *const kExpressions[] = {
    "sn",
    "#string.join({givenName, sn}, ' ')",
    "givenName + ' ' + sn + ', ' + (title ?: 'none')",
    "#string.lowerCase(mail)",
    "employeeType == 'staff' ? 'Employee' : 'External'",
    "#core.switchExpr(employeeType, 'staff', 'Employee', 'contractor', 'External', 'Other')",
    "#string.substring(givenName, 0, 1) + #string.substring(sn, 0, 4)",
    "#string.asInt(departmentNumber, 0) > 40 and title != null",
    "#regex.replaceAll(telephoneNumber, '[^0-9+]', '')",
    "memberOf.![#regex.replaceFirst(#this, 'CN=(.*?),.*', '$1')]",
    "#datetime.parse(whenCreated, 'yyyyMMddHHmmss.SX', null)",
    "#string.format('%s-%05d', uid, #string.asInt(departmentNumber, 0))",
};
/// The eight expressions of a usual mapping, as indexes of the above.
constexpr int kUsual[] = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr int kPlainRows = 12;

struct Bound {
    Expression expression;
    std::vector<int> slotOfName;
};

Bound bound(const QString &text, const QList<Attribute> &attributes)
{
    auto parsed = Expression::parse(text);
    if (!parsed) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(text), qPrintable(parsed.error().first().message));
        std::exit(1);
    }
    Bound result{std::move(*parsed), {}};
    for (const QString &name : result.expression.rootNames()) {
        int index = -1;
        for (int at = 0; at < attributes.size(); ++at) {
            if (attributes.at(at).name == name)
                index = at;
        }
        result.slotOfName.push_back(index);
    }
    return result;
}

/// Processor time of this thread.
double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

/// Seconds for @p rounds entries through a whole mapping.
double mapEntries(const std::vector<Bound> &mapping, const QList<Attribute> &attributes, int rounds)
{
    const double start = cpuSeconds();
    qsizetype units = 0;
    for (int round = 0; round < rounds; ++round) {
        for (int row = 0; row < kPlainRows; ++row)
            units += QString::fromUtf8(attributes.at(row % 10).values.first()).size();
        for (const Bound &one : mapping) {
            const auto value = one.expression.evaluate(EntryContext(attributes, one.slotOfName));
            units += value && value->isString() ? value->string().size() : 1;
        }
    }
    return units > 0 ? cpuSeconds() - start : 0;
}

} // namespace

int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 200'000;
    const QList<Attribute> attributes = entry();
    QJsonObject each;
    for (const char *text : kExpressions) {
        const Bound one = bound(QString::fromUtf8(text), attributes);
        const EntryContext context(attributes, one.slotOfName);
        const double start = cpuSeconds();
        for (int round = 0; round < rounds; ++round) {
            if (!one.expression.evaluate(context))
                return 1;
        }
        each.insert(QString::fromUtf8(text), qRound((cpuSeconds() - start) * 1e9 / rounds));
    }
    std::vector<Bound> mapping;
    for (const int index : kUsual)
        mapping.push_back(bound(QString::fromUtf8(kExpressions[index]), attributes));
    const double alone = mapEntries(mapping, attributes, rounds);
    double both[2] = {};
    std::thread other([&] { both[1] = mapEntries(mapping, attributes, rounds); });
    both[0] = mapEntries(mapping, attributes, rounds);
    other.join();
    const QJsonObject result{{QStringLiteral("nanoseconds"), each},
                             {QStringLiteral("entriesPerSecond"), qRound(rounds / alone)},
                             {QStringLiteral("entriesPerSecondBesideAnother"),
                              qRound(2 * rounds / (both[0] + both[1]))}};
    std::printf("%s\n", QJsonDocument(result).toJson(QJsonDocument::Compact).constData());
    return 0;
}
