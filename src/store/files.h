// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the environment's files and those beside it have in common: who may read them, whether they can be written, and
// how a fault of one is said. Looks by path and never opens the environment: closing any descriptor of it would drop
// every lock that SQLite holds in this process, and then two programs destroy it.
#pragma once

#include "core/result.h"

#include <QString>
#include <QStringList>

namespace gatehouse::store {

/// The mode of files made in @p folder: 0600; 0660 where the folder has the setgid bit, for the group that shares it.
unsigned int fileModeIn(const QString &folder);
/// True when this process may write the file or the folder.
bool canWrite(const QString &path);
bool canRead(const QString &path);
/// True when both lead to one file, by whatever names.
bool isSameFile(const QString &path, const QString &other);
/// True when @p path leads to the environment's file or to one that SQLite keeps beside it, there now or not.
bool belongsTo(const QString &environmentPath, const QString &path);
/// What @p number, an errno, means for the file at @p path.
core::Error fileError(int number, const QString &what, const QString &path);

/// Makes an empty file of the mode that its folder asks for. It appears under its name when nobody has it open any
/// more. One that is there already stays.
[[nodiscard]] core::Result<void> makeEmptyFile(const QString &path);
/// Makes the folders that @p path needs and that are missing, for their owner alone (0700).
[[nodiscard]] core::Result<void> makeFoldersFor(const QString &path);

/// Makes a folder beside the environment, for its owner alone (0700), or for the group of a shared folder too. One that is
/// there already stays.
[[nodiscard]] core::Result<void> makeFolder(const QString &path);

/// $GATEHOUSE_ENVIRONMENT, else default.gatehouse where applications of this user keep their data.
QString defaultEnvironment();
/// One warning for each file of the environment that others may read or write, with the command that mends it.
QList<core::Error> looseFiles(const QString &environmentPath);

} // namespace gatehouse::store
