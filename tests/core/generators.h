// SPDX-License-Identifier: GPL-3.0-or-later
//
// RapidCheck generators for the values that property tests of core share: octets that like to be awkward, attribute
// types, texts.
#pragma once

#include <QByteArray>
#include <QString>

#include <rapidcheck.h>

namespace gatehouse::test {

/// How many cases each property is tried with, unless $RC_PARAMS says otherwise. Before the first rc::check().
inline void checkProperties(int cases)
{
    if (!qEnvironmentVariableIsSet("RC_PARAMS"))
        qputenv("RC_PARAMS", "max_success=" + QByteArray::number(cases));
}

/// Octets, with those that DNs, filters and UTF-8 treat specially coming up often.
inline rc::Gen<QByteArray> octets()
{
    const auto special = rc::gen::elementOf(std::string("\\\"+,;<>=# *()&|!~:\t\n\r\x7f\xc3\xa9\xe2\x82\xac\xed\xf0\xff"
                                                        "0aZ.") + '\0');
    const auto octet = rc::gen::weightedOneOf<char>({{3, special}, {2, rc::gen::arbitrary<char>()},
                                                     {2, rc::gen::inRange('a', char('z' + 1))}});
    return rc::gen::map(rc::gen::container<std::string>(octet), [](const std::string &text) {
        return QByteArray(text.data(), qsizetype(text.size()));
    });
}

inline rc::Gen<QByteArray> nonEmptyOctets()
{
    return rc::gen::suchThat(octets(), [](const QByteArray &value) { return !value.isEmpty(); });
}

inline rc::Gen<QByteArray> attributeType()
{
    const auto types = {QByteArray("cn"), QByteArray("CN"), QByteArray("ou"), QByteArray("DC"), QByteArray("uid"),
                        QByteArray("2.5.4.3"), QByteArray("0.9.2342.19200300.100.1.25"), QByteArray("x-my_attr9")};
    return rc::gen::elementOf(std::vector<QByteArray>(types));
}

/// Any text of valid UTF-16, from plain ASCII to characters beyond the BMP.
inline rc::Gen<QString> text()
{
    const auto character = rc::gen::weightedOneOf<char32_t>({{6, rc::gen::inRange<char32_t>(0x20, 0x7f)},
                                                             {2, rc::gen::inRange<char32_t>(0xa1, 0x2000)},
                                                             {1, rc::gen::inRange<char32_t>(0x3041, 0xd800)},
                                                             {1, rc::gen::inRange<char32_t>(0xf900, 0xfd00)},
                                                             {1, rc::gen::inRange<char32_t>(0x10000, 0x1fffe)}});
    return rc::gen::map(rc::gen::container<std::u32string>(character), [](const std::u32string &characters) {
        return QString::fromStdU32String(characters);
    });
}

} // namespace gatehouse::test
