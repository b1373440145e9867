// SPDX-License-Identifier: GPL-3.0-or-later
//
// From the octets of a search result entry (RFC 4511 4.5.2) into the slots of a batch, without a copy in between and
// without an allocation per value. Trusts nothing: every length is checked against what is there. Pure but for its
// memory of the last entry's order of attributes; one per search.
#pragma once

#include "core/entry.h"
#include "core/schema.h"

#include <QByteArrayView>

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::ldap {

/// Walks BER elements of one level (X.690), definite lengths only, as LDAP demands (RFC 4511 5.1).
class BerReader {
public:
    explicit BerReader(QByteArrayView octets) : m_rest(octets) {}
    bool atEnd() const { return m_rest.isEmpty(); }
    /// The content of the next element; nothing when it is cut short or its tag is another.
    std::optional<QByteArrayView> next(uchar tag);

    static constexpr uchar kOctetString = 0x04;
    static constexpr uchar kSequence = 0x30;
    static constexpr uchar kSet = 0x31;

private:
    QByteArrayView m_rest;
};

/// An attribute description taken apart (RFC 4512 2.5): "member;range=0-1499".
struct Description {
    QByteArrayView name;
    bool isPlain = true;    ///< no options, or only ";binary" and ";range"
    bool hasRange = false;
    qint64 from = 0;
    qint64 to = -1;         ///< -1: "*", the last value is among these
    static Description parse(QByteArrayView text);
};

class EntryDecoder {
public:
    /// @p schema, where it is known, tells which names mean one attribute: servers answer with the one they like.
    explicit EntryDecoder(std::shared_ptr<const core::SlotNames> slotNames, std::shared_ptr<const core::Schema> schema = {});

    /// An attribute of which the server sent only the first values (MS-ADTS 3.1.1.3.1.3.3).
    struct Remainder {
        int slot;
        qint64 next; ///< the first value that is missing
    };

    /// @p attributes is the content of PartialAttributeList. False when it is malformed. Where remainders() is not
    /// empty afterwards, the entry went into partEntry() instead of the batch.
    bool decode(QByteArrayView dn, QByteArrayView attributes, core::EntryBatch &batch);
    const std::vector<Remainder> &remainders() const { return m_remainders; }
    core::Entry partEntry(QByteArrayView dn) const;
    /// Octets of values of the last entry.
    qsizetype octets() const { return m_octets; }

private:
    struct Known {
        QByteArray description;
        int slot;
    };
    struct Found {
        int slot;
        QByteArrayView value;
    };
    int slotOf(QByteArrayView description, size_t position);
    int lookUp(QByteArrayView description) const;

    std::shared_ptr<const core::SlotNames> m_slotNames;
    std::shared_ptr<const core::Schema> m_schema;
    QList<QByteArray> m_canonical;         ///< the usual name of each slot's attribute; empty without a schema
    std::vector<std::vector<int>> m_twins; ///< by slot: others for the same attribute
    std::vector<Known> m_order; ///< servers send the same attributes in the same order, entry after entry
    std::vector<Found> m_found;
    std::vector<Remainder> m_remainders;
    qsizetype m_octets = 0;
};

/// The same octets as an Entry with all attributes under the names that the server gave. Nothing when malformed.
std::optional<core::Entry> decodeEntry(QByteArrayView dn, QByteArrayView attributes);

} // namespace gatehouse::ldap
