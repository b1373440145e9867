// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of a plan's file: a mark of 16 octets (name and version), blocks, sorted keys of 8 octets, and an end of 88:
// where the keys lie and how many they are, a SHA-256 over all before it, the environment's HMAC of that hash, and the
// mark's name again. Numbers are little-endian. Private to the plan file.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace gatehouse::provision {

constexpr quint32 kPlanVersion = 1;
constexpr qsizetype kMarkSize = 16;
constexpr qsizetype kKeySize = 8;
constexpr qsizetype kHashSize = 32;
constexpr qsizetype kNameSize = 8;
constexpr qsizetype kEndSize = 16 + 2 * kHashSize + kNameSize;
constexpr qsizetype kSealedBehind = 2 * kHashSize + kNameSize; ///< the last octets, which the hash does not cover

// Kinds of blocks beside the parts of the plan.
constexpr quint8 kActionsBlock = 100; ///< an octet a step
constexpr quint8 kHeadBlock = 101;    ///< JSON

QByteArray planMark();
/// Whether it is a plan of some version.
bool isPlanMark(QByteArrayView mark);
quint32 versionOf(QByteArrayView mark);

struct PlanEnd {
    quint64 keys = 0; ///< where they begin
    quint64 keyCount = 0;
    QByteArray hash = {};
    QByteArray seal = {};

    static PlanEnd read(QByteArrayView octets);
    /// The part that is hashed.
    QByteArray places() const;
    QByteArray write() const;
};

} // namespace gatehouse::provision
