// SPDX-License-Identifier: GPL-3.0-or-later
//
// How a step is found by what it is about: the ids of both sides, the name it has and the one it gets, its DN. In a
// plan's file lie their hashes (32 bits) with the step's number, sorted, so that one is found by some twenty small
// reads; a hash that two things share is told apart by the step itself. Private to the plan file.
#pragma once

#include "core/plan/step.h"
#include "core/result.h"
#include "provision/run/planblocks.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <cstdint>
#include <vector>

namespace gatehouse::provision {

/// What somebody asks for: an id, a username, a name or a DN.
class PlanKey {
public:
    explicit PlanKey(const QString &key);
    bool matches(const core::Step &step) const;
    std::vector<uint32_t> hashes() const;

private:
    QList<QByteArray> m_keys;
};

/// Appends hash and number of each key of the step.
void appendKeys(const core::Step &step, uint32_t number, std::vector<uint64_t> &keys);
/// As they lie in the file.
QByteArray toOctets(const std::vector<uint64_t> &keys, size_t from, size_t count);

/// Keys in a file.
struct SortedKeys {
    const BlockFile &file;
    quint64 at;
    quint64 count;

    /// Numbers of the steps that have a key with this hash.
    [[nodiscard]] core::Result<std::vector<uint32_t>> find(uint32_t hash) const;
};

} // namespace gatehouse::provision
