// SPDX-License-Identifier: GPL-3.0-or-later
//
// LDAP entries as octets. `Entry` owns one entry: for the browser, LDIF and tests. `EntryBatch` holds a page of
// entries read for a known list of attributes ("slots") in one arena, because a run over a million entries cannot
// afford an allocation per value; `EntryView` looks into it and must not outlive it. Values are octets until the
// schema says that they are text. Pure values, any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::core {

struct Attribute {
    QByteArray name;
    QList<QByteArray> values;
    bool operator==(const Attribute &) const = default;
};

struct Entry {
    QByteArray dn;
    QList<Attribute> attributes;

    /// Values of the attribute @p name (compared without case), empty when it is absent.
    QList<QByteArray> values(QByteArrayView name) const;
    bool operator==(const Entry &) const = default;
};

/// The attributes that a batch holds: slot number -> name. Shared by all batches of one read.
using SlotNames = QList<QByteArray>;

/// Whether values of @p name are octets that no text is made of, whatever they happen to look like: attributes with the
/// option ";binary" (RFC 4522) and those that directories define so (objectGUID, jpegPhoto, userCertificate …).
bool isBinaryAttribute(QByteArrayView name);

class EntryBatch;

class EntryView {
public:
    QByteArrayView dn() const;
    /// Number of values in @p slot, 0 when the attribute is absent.
    int count(int slot) const;
    /// Value @p index of @p slot; a null view when there is none.
    QByteArrayView value(int slot, int index = 0) const;
    bool has(int slot) const { return count(slot) > 0; }
    QByteArrayView slotName(int slot) const;
    int slotCount() const;
    /// A 64-bit fingerprint of the DN and all values of all slots (XXH3): equal entries have equal fingerprints,
    /// whatever the order in which the server sent attributes and values.
    quint64 fingerprint() const;
    Entry toEntry() const;

private:
    friend class EntryBatch;
    EntryView(const EntryBatch *batch, qsizetype index) : m_batch(batch), m_index(index) {}
    const EntryBatch *m_batch;
    qsizetype m_index;
};

class EntryBatch {
public:
    explicit EntryBatch(std::shared_ptr<const SlotNames> slotNames);

    const SlotNames &slotNames() const { return *m_slotNames; }
    /// The slot of @p name, compared without case; -1 when it was not asked for.
    int slotOf(QByteArrayView name) const;

    qsizetype size() const { return qsizetype(m_entries.size()); }
    /// Octets in memory, about.
    qsizetype occupied() const
    {
        return qsizetype(m_arena.size() + m_values.size() * sizeof(ValueRef) + m_entries.size() * sizeof(EntryRef));
    }
    EntryView at(qsizetype index) const { return EntryView(this, index); }

    /// Building: begin, any number of add, end. Values of one slot keep the order in which they were added.
    void begin(QByteArrayView dn);
    void add(int slot, QByteArrayView value);
    void end();
    /// An Entry's values that have a slot here; the others are left out.
    void append(const Entry &entry);

private:
    friend class EntryView;
    struct ValueRef {
        quint32 slot;
        quint32 offset;
        quint32 length;
    };
    struct EntryRef {
        quint32 dnOffset;
        quint32 dnLength;
        quint32 firstValue;
        quint32 valueCount;
    };
    QByteArrayView octets(quint32 offset, quint32 length) const
    {
        return QByteArrayView(m_arena.data() + offset, qsizetype(length));
    }

    std::shared_ptr<const SlotNames> m_slotNames;
    std::string m_arena;
    std::vector<ValueRef> m_values;
    std::vector<EntryRef> m_entries;
};

} // namespace gatehouse::core
