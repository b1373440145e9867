// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzers of what reads texts from people and directories: names, filters, JSON, schemas.
#include "tests/fuzz/target.h"

#include "core/config/hostandport.h"
#include "core/csv.h"
#include "core/dn.h"
#include "core/filter.h"
#include "core/jsontext.h"
#include "core/ldapvalue.h"
#include "core/schema.h"
#include "core/visibletext.h"

#include <algorithm>

using namespace gatehouse;
using fuzz::require;
using fuzz::Target;

namespace {

bool isInside(const core::Error &error, qsizetype size)
{
    return error.offset >= 0 && error.length >= 0 && error.offset <= size && !error.what.isEmpty();
}

void dn(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    if (const auto asText = core::Dn::parse(text); !asText)
        require(isInside(asText.error(), text.size()) && asText.error().caret().size() < 2'000);
    const auto read = core::Dn::parse(input);
    const QByteArray key = core::dnKey(input);
    if (!read) {
        require(isInside(read.error(), input.size()) && key.startsWith('\0'));
        return;
    }
    const QByteArray printed = read->toUtf8();
    const auto again = core::Dn::parse(QByteArrayView(printed));
    require(again && *again == *read);
    require(key == read->key());
    // A key is a name that is its own key.
    require(core::dnKey(key) == key);
    require(read->isSameOrBelow(read->parent()));
}

void filter(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    if (const auto asText = core::Filter::parse(text); !asText)
        require(isInside(asText.error(), text.size()) && asText.error().caret().size() < 2'000);
    const auto read = core::Filter::parse(input);
    if (!read) {
        require(isInside(read.error(), input.size()));
        return;
    }
    const QByteArray printed = read->toUtf8();
    const auto again = core::Filter::parse(QByteArrayView(printed));
    require(again && again->toUtf8() == printed);
}

void json(QByteArrayView input)
{
    const QByteArray octets = input.toByteArray();
    [[maybe_unused]] const auto read = core::readJson(octets);
    [[maybe_unused]] const auto repeated = core::repeatedKeys(octets); // ends for what is no JSON, too
}

void schema(QByteArrayView input)
{
    QList<QByteArray> descriptions = input.toByteArray().split('\n');
    QList<core::Error> faults;
    const core::Schema made = core::Schema::fromAttributeTypes(descriptions, &faults);
    require(made.attributes().size() + faults.size() == descriptions.size());
}

void hostAndPort(QByteArrayView input)
{
    if (const auto read = core::parseHostAndPort(QString::fromUtf8(input)))
        require(!read->host.isEmpty() && read->port > 0);
}

void ldapValue(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    const auto read = core::LdapValue::parse(text);
    if (!read) {
        require(!read.error().isEmpty());
        return;
    }
    [[maybe_unused]] const auto value =
        read->evaluate([](const QString &name) { return core::expr::Value(QString(name + u'\n')); });
}

void shownText(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    const auto acts = [](QChar c) { return (c < u' ' || (c >= QChar(0x7f) && c < QChar(0xa0)) || (c >= QChar(0x202a) && c <= QChar(0x202e))); };
    for (const QString &shown : {core::visible(text), core::pointedOut(text)}) {
        require(std::none_of(shown.begin(), shown.end(), acts));
        require(core::visible(shown) == shown);
    }
    const QByteArray lines = core::visibleLines(input.toByteArray());
    require(std::none_of(lines.begin(), lines.end(), [](char c) { return (uchar(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }));
    [[maybe_unused]] const QByteArray document = core::visibleJson(input.toByteArray());
    require(core::shortened(text, 10).size() <= 10);
    const QByteArray field = core::csvField(text);
    require(field.isEmpty() || !QByteArrayView("=+-@\t\r").contains(field.front()));
}

} // namespace

QList<Target> gatehouse::fuzz::coreTargets()
{
    return {
        {"dn", &dn,
         {"CN=Smith\\, John+uid=js,OU=\"a;b\",DC=example,DC=com", "2.5.4.3=#04024869; o = x\\20 ", "cn=\\C3\\A9\\\\, OID.2.5.4.11=#0c", "cn=",
          "uid=#00"},
         {",", "+", ";", "=", "\\", "\\2", "#", "#04", "\"", " ", "OID.", "2.5.4.3"}},
        {"filter", &filter,
         {"(&(objectClass=person)(!(|(mail=*@x.com)(sn>=M)(cn~=a))))", "(memberOf:1.2.840.113556.1.4.1941:=cn=a,dc=b)", "(cn:dn:=\\2a\\28)",
          "(a=*b*c*)", "(:caseExactMatch:=x)"},
         {"(", ")", "(&", "(|", "(!", "=", "*", "\\", "\\2", ":", ":=", ":dn", ">=", "~=", ";lang-de"}},
        {"json", &json, {"{\"a\": [1, {\"b\": null, \"b\": \"x\\\"\"}], \"a\": true}", "\xef\xbb\xbf[1,2]", "[[[[]]]]"},
         {"{", "}", "[", "]", ",", ":", "\"", "\\", "null", " "}},
        {"schema", &schema,
         {"( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC 'a \\27b' SUP name SYNTAX 1.3.6.1.4.1.1466.115.121.1.15{256} X-ORIGIN ( 'a' 'b' ) )",
          "( 1.2 NAME 'x' EQUALITY caseIgnoreMatch SINGLE-VALUE USAGE directoryOperation )"},
         {"(", ")", "'", "$", "NAME", "SUP", "SYNTAX", "{", "\n"}},
        {"hostAndPort", &hostAndPort, {"dc1.example.com:636", "[2001:db8::1%eth0]:389", "ldap://x:1", "10.0.0.1:1"},
         {":", "[", "]", "]:", "%", "."}},
        {"ldapValue", &ldapValue,
         {"${ldapAttributes.givenName} ${ldapAttributes.sn}", "#string.join({ldapAttributes.sn, 'x'}, ldapAttributes['x-y'])",
          "${ldapAttributes.2.5.4.3}", "ldapAttributes['']", "${{1, 2}[0]}", "ldapAttributes.sn + 'a' ?: 1"},
         {"${", "}", "ldapAttributes", ".", "['", "']", "'", "+", "?", "#string."}},
        {"shownText", &shownText,
         {"a\x1b[2J\xc2\x9b\xe2\x80\xae\xef\xbb\xbf\n", "\xd8\xa7\xe2\x80\x8c\xd8\xa8 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9", "  a  b\xc2\xa0",
          "\t=1+1", "{\"a\": \"\xe2\x80\xae\x7f\"}"},
         {"\x1b", "\xe2\x80\x8d", "\xe2\x80\xae", "\xf3\xa0\x81\xa7", "\xc2\x85", "\xed\xa0\x80", " ", "\n"}},
    };
}
