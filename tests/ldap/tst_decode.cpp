// SPDX-License-Identifier: GPL-3.0-or-later
//
// The decoder of entries: what was encoded comes back, and no octets whatever make it read beyond them.
#include "ldap/decode_p.h"
#include "tests/support/fakeldapserver.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <rapidcheck.h>

using namespace gatehouse;
using namespace gatehouse::test;
using ldap::BerReader;
using ldap::Description;
using ldap::EntryDecoder;

namespace {

using Values = QList<std::pair<QByteArray, QList<QByteArray>>>;

QByteArray attributeList(const Values &attributes)
{
    QByteArray list;
    for (const auto &[name, values] : attributes) {
        QByteArray set;
        for (const QByteArray &value : values)
            set += ber::octets(value);
        list += ber::sequence({ber::octets(name), ber::element(0x31, set)});
    }
    return list;
}

QByteArray octets(const std::string &text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

} // namespace

class DecodeTest : public QObject {
    Q_OBJECT
private slots:
    void comesBack()
    {
        QVERIFY(rc::check("entries come back as they were encoded", [](const std::vector<std::vector<std::string>> &raw) {
            auto names = std::make_shared<core::SlotNames>();
            Values attributes;
            for (size_t i = 0; i < raw.size(); ++i) {
                const QByteArray name = "attribute" + QByteArray::number(qulonglong(i));
                QList<QByteArray> values;
                for (const std::string &value : raw[i])
                    values.append(octets(value));
                // Every third was not asked for.
                if (i % 3 != 2)
                    names->prepend(name.toUpper());
                attributes.append({name, values});
            }
            EntryDecoder decoder(names);
            core::EntryBatch batch(names);
            const QByteArray list = attributeList(attributes);
            // Twice: the second time the decoder remembers the order.
            for (int round = 0; round < 2; ++round)
                RC_ASSERT(decoder.decode("cn=x", list, batch));
            RC_ASSERT(batch.size() == 2);
            for (int round = 0; round < 2; ++round) {
                const core::Entry entry = batch.at(round).toEntry();
                for (qsizetype i = 0; i < attributes.size(); ++i) {
                    const QList<QByteArray> expected = i % 3 == 2 ? QList<QByteArray>() : attributes.at(i).second;
                    RC_ASSERT(entry.values(attributes.at(i).first) == expected);
                }
            }
            const auto whole = ldap::decodeEntry("cn=x", list);
            RC_ASSERT(whole.has_value());
            RC_ASSERT(whole->attributes.size() == attributes.size());
        }));
    }

    void anAttributeHasManyNames()
    {
        const auto schema = std::make_shared<const core::Schema>(core::Schema::fromAttributeTypes(
            {"( 2.5.4.42 NAME ( 'givenName' 'gn' ) )", "( 2.5.4.4 NAME ( 'sn' 'surname' ) )", "( 2.5.4.31 NAME 'member' )"}));
        const auto names = std::make_shared<const core::SlotNames>(core::SlotNames{"gn", "2.5.4.4", "givenName", "unknown", "GN;lang-de", "member", "2.5.4.31"});
        EntryDecoder decoder(names, schema);
        core::EntryBatch batch(names);
        const QByteArray list = attributeList({{"givenName", {"Anna", "Ann"}}, {"sn", {"Smith"}}, {"givenName;lang-de", {"Änne"}}});
        for (int round = 0; round < 2; ++round) {
            QVERIFY(decoder.decode("cn=x", list, batch));
            const core::EntryView view = batch.at(round);
            for (const int slot : {0, 2}) {
                QCOMPARE(view.count(slot), 2);
                QCOMPARE(view.value(slot, 1), QByteArrayView("Ann"));
            }
            QCOMPARE(view.value(1), QByteArrayView("Smith"));
            QCOMPARE(view.count(3), 0);
            QCOMPARE(view.value(4), QByteArrayView("Änne"));
        }
        // What is left of a range belongs to every name.
        QVERIFY(decoder.decode("cn=x", attributeList({{"member;range=0-1", {"a", "b"}}}), batch));
        QCOMPARE(decoder.remainders().size(), size_t(2));
    }

    void cutShortIsRefused()
    {
        const QByteArray whole = attributeList({{"cn", {"abc", QByteArray(200, 'x')}}, {"sn", {"", "z"}}});
        const auto names = std::make_shared<const core::SlotNames>(core::SlotNames{"cn", "sn"});
        const qsizetype border = attributeList({{"cn", {"abc", QByteArray(200, 'x')}}}).size();
        for (qsizetype length = 1; length < whole.size(); ++length) {
            // A copy of its own, so that a checker of memory sees a read beyond its end.
            const QByteArray cut(whole.constData(), length);
            EntryDecoder decoder(names);
            core::EntryBatch batch(names);
            QCOMPARE(decoder.decode("cn=x", cut, batch), length == border);
            QCOMPARE(batch.size(), length == border ? 1 : 0);
            QCOMPARE(ldap::decodeEntry("cn=x", cut).has_value(), length == border);
        }
    }

    void anyOctets()
    {
        QVERIFY(rc::check("no octets whatever are read beyond their end", [](const std::string &raw, uint8_t position,
                                                                            uint8_t value) {
            const auto names = std::make_shared<const core::SlotNames>(core::SlotNames{"cn", "member"});
            EntryDecoder decoder(names);
            core::EntryBatch batch(names);
            (void)decoder.decode("cn=x", octets(raw), batch);
            QByteArray damaged = attributeList({{"cn", {"abc"}}, {"member;range=0-1", {"x", octets(raw)}}});
            damaged[position % damaged.size()] = char(value);
            const qsizetype before = batch.size();
            const bool good = decoder.decode("cn=x", damaged, batch);
            RC_ASSERT(batch.size() == before + (good && decoder.remainders().empty() ? 1 : 0));
        }));
    }

    void lengths_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<int>("length"); ///< -1: refused
        QTest::newRow("short form") << QByteArray("\x04\x01z", 3) << 1;
        QTest::newRow("long form, one octet") << QByteArray("\x04\x81\x01z", 4) << 1;
        QTest::newRow("long form, four octets") << QByteArray("\x04\x84\x00\x00\x00\x01z", 7) << 1;
        QTest::newRow("five octets") << QByteArray("\x04\x85\x00\x00\x00\x00\x01z", 8) << -1;
        QTest::newRow("indefinite") << QByteArray("\x04\x80z\x00\x00", 5) << -1;
        QTest::newRow("more than there is") << QByteArray("\x04\x02z", 3) << -1;
        QTest::newRow("much more than there is") << QByteArray("\x04\x84\xff\xff\xff\xffz", 7) << -1;
        QTest::newRow("length cut") << QByteArray("\x04\x82\x01", 3) << -1;
        QTest::newRow("nothing") << QByteArray() << -1;
        QTest::newRow("tag alone") << QByteArray("\x04", 1) << -1;
        QTest::newRow("another tag") << QByteArray("\x05\x01z", 3) << -1;
        QTest::newRow("empty") << QByteArray("\x04\x00", 2) << 0;
    }
    void lengths()
    {
        QFETCH(QByteArray, octets);
        QFETCH(int, length);
        BerReader reader(octets);
        const auto content = reader.next(BerReader::kOctetString);
        QCOMPARE(content.has_value(), length >= 0);
        if (content)
            QCOMPARE(int(content->size()), length);
    }

    void descriptions_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("isPlain");
        QTest::addColumn<bool>("hasRange");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        const auto row = [](const char *text, const char *name, bool isPlain, bool hasRange, int from, int to) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(name) << isPlain << hasRange << from << to;
        };
        row("member", "member", true, false, 0, -1);
        row("member;range=0-1499", "member", true, true, 0, 1499);
        row("member;Range=1500-*", "member", true, true, 1500, -1);
        row("userCertificate;binary", "userCertificate", true, false, 0, -1);
        row("member;binary;range=0-9", "member", true, true, 0, 9);
        row("cn;lang-de", "cn", false, false, 0, -1);
        row("cn;lang-de;range=0-5", "cn", false, true, 0, 5);
        row("member;range=", "member", false, false, 0, -1);
        row("member;range=a-b", "member", false, true, 0, 0);
        row("member;", "member", false, false, 0, -1);
        row("", "", true, false, 0, -1);
    }
    void descriptions()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, name);
        QFETCH(bool, isPlain);
        QFETCH(bool, hasRange);
        QFETCH(int, from);
        QFETCH(int, to);
        const Description description = Description::parse(text);
        QCOMPARE(description.name.toByteArray(), name);
        QCOMPARE(description.isPlain, isPlain);
        QCOMPARE(description.hasRange, hasRange);
        QCOMPARE(int(description.from), from);
        QCOMPARE(int(description.to), to);
    }
};

CONSOLE_TEST(DecodeTest)
#include "tst_decode.moc"
