// SPDX-License-Identifier: GPL-3.0-or-later
//
// A step as octets: length-prefixed fields, texts as UTF-8. What many steps have in common (names of attributes, ids of
// gateways, rules and populations) is a number in a table of words that grows as they are met; whoever keeps records keeps
// the words, too. Pure, any thread; not two at a time.
#pragma once

#include "core/plan/step.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>

#include <optional>

namespace gatehouse::provision {

class StepRecords {
public:
    StepRecords() = default;
    /// For records that were encoded with these words.
    explicit StepRecords(QList<QByteArray> words);

    /// Appends the record to @p out.
    void encode(const core::Step &step, QByteArray &out);
    /// Nothing where the octets are no step by these words, whoever made them.
    std::optional<core::Step> decode(QByteArrayView record) const;
    const QList<QByteArray> &words() const { return m_words; }

private:
    class Writer;
    class Reader;
    quint32 numberOf(const QString &name);
    quint32 numberOf(const QUuid &id);
    QList<QByteArray> m_words;
    QList<QString> m_names; ///< the words as texts
    QHash<QString, quint32> m_numberOfName;
    QHash<QUuid, quint32> m_numberOfId;
};

} // namespace gatehouse::provision
