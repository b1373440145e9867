// SPDX-License-Identifier: GPL-3.0-or-later
//
// Fuzzers of what a directory server answers.
#include "tests/fuzz/target.h"

#include "ldap/decode_p.h"

using namespace gatehouse;
using fuzz::require;
using fuzz::Target;

namespace {

/// The content of a PartialAttributeList (RFC 4511 4.5.2), by both decoders.
void entry(QByteArrayView input)
{
    static const auto slotNames = std::make_shared<const core::SlotNames>(core::SlotNames{"cn", "member", "jpegPhoto"});
    ldap::EntryDecoder decoder(slotNames);
    core::EntryBatch batch(slotNames);
    const bool good = decoder.decode("cn=x", input, batch);
    const auto whole = ldap::decodeEntry("cn=x", input);
    // What nobody asked for is passed over without a look at its values.
    require(good || !whole.has_value());
    if (good && !decoder.remainders().empty())
        require(decoder.partEntry("cn=x").attributes.size() == slotNames->size());
    for (const ldap::EntryDecoder::Remainder &rest : decoder.remainders())
        require(rest.next > 0);
    const ldap::Description description = ldap::Description::parse(input);
    require(description.name.size() <= input.size());
}

QByteArray element(char tag, const QByteArray &content)
{
    return QByteArray(1, tag) + char(content.size()) + content;
}

QByteArray attribute(const QByteArray &name, const QList<QByteArray> &values)
{
    QByteArray set;
    for (const QByteArray &value : values)
        set += element(0x04, value);
    return element(0x30, element(0x04, name) + element(0x31, set));
}

} // namespace

QList<Target> gatehouse::fuzz::ldapTargets()
{
    return {{"entry", &entry,
             {attribute("cn", {"a", "b"}) + attribute("member;range=0-1", {"x", "y"}), attribute("jpegPhoto;binary", {"\xff\xd8"}),
              attribute("member;range=0-9223372036854775807", {"x"}), "member;range=5-*", QByteArray("\x30\x84\x00\x00\x00\x02\x04\x00", 8)},
             {"\x30\x84", "\x31", QByteArray("\x04\x00", 2), "\x80", "\xff", ";range=", "-*", "0-", ";binary", "9223372036854775807"}}};
}
