// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that is written whole or not at all, as exports are: what was there before stays until commit(), which waits
// until the new one is on the disk. Only its owner may read it, or the group of a shared folder (store/files.h). What
// is no ordinary file (a pipe, a device) is written straight. The first fault is kept and comes out of commit().
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>

namespace gatehouse::store {

class OutputFile {
public:
    explicit OutputFile(const QString &path) : m_path(path) {}
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;
    /// Without commit() nothing is left behind.
    ~OutputFile();

    /// Fails at once where the file could not be written. @p environmentPath: the file that it must not replace.
    [[nodiscard]] core::Result<void> open(const QString &environmentPath = {});
    void write(QByteArrayView octets);
    /// False: a write has failed, more of them are in vain.
    bool isGood() const { return m_fault == 0; }
    [[nodiscard]] core::Result<void> commit();

private:
    core::Error error(int number) const;
    void flush();

    QString m_path;
    QByteArray m_target;  ///< what the path leads to in the end
    QByteArray m_passing; ///< the file's name until commit(); empty: written straight
    QByteArray m_buffer;
    int m_descriptor = -1;
    int m_fault = 0; ///< errno
};

/// Writes all of @p octets to @p descriptor. 0, or the errno of what failed.
int writeAll(int descriptor, QByteArrayView octets);

} // namespace gatehouse::store
