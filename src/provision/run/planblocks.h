// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file under a plan: blocks of octets, each with a head that says what is in it and how long it is, packed
// (deflate) where that makes it smaller. It is written from its beginning to its end, in a temporary file without a
// name, and read at any place. Lengths that come from a file are looked at before anything is made by them. Knows
// nothing of steps.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QFile>
#include <QString>

#include <functional>
#include <memory>

namespace gatehouse::provision {

class BlockFile {
public:
    static constexpr qsizetype kLongestBlock = 64 << 20; ///< octets, unpacked
    static constexpr qsizetype kHeadSize = 12;

    struct Head {
        quint32 stored = 0;   ///< octets in the file after the head
        quint32 unpacked = 0; ///< octets when unpacked
        quint16 count = 0;    ///< records in it
        quint8 kind = 0;
        bool isPacked = false;
    };

    /// Adds a block, not packed, and tells where it begins. Makes the temporary file at the first one.
    [[nodiscard]] core::Result<quint64> append(quint8 kind, quint16 count, QByteArrayView octets);
    /// Reads from what is at @p path from now on.
    [[nodiscard]] core::Result<void> open(const QString &path);
    quint64 size() const { return m_size; }
    /// The file's path; of a temporary one that of its folder.
    QString place() const;

    /// Nothing that is read past @p end belongs to a block.
    [[nodiscard]] core::Result<Head> head(quint64 at, quint64 end) const;
    /// What is in the block, unpacked.
    [[nodiscard]] core::Result<QByteArray> block(quint64 at, quint64 end) const;
    /// Octets as they lie in the file. Positions are shared by nobody, so any thread may.
    [[nodiscard]] core::Result<QByteArray> octets(quint64 at, qsizetype length) const;

    /// A block with its head as a file for keeping has it.
    static QByteArray packed(quint8 kind, quint16 count, QByteArrayView octets);
    /// The error of a file that is not what it should be.
    core::Error damaged(const QString &detail) const;

private:
    core::Error writeError(int number) const;
    std::unique_ptr<QFile> m_file;
    quint64 m_size = 0;
    bool m_isTemporary = true;
};

} // namespace gatehouse::provision
