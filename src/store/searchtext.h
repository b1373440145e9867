// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the users table is searched by and sorted by name with: username, names and e-mail without case, packed for 64
// users into one row, so that a million users are searched by scanning some 60 MB instead of reading a million rows.
// Belongs to one transaction at a time.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringView>

#include <map>
#include <vector>

namespace gatehouse::store {

class Database;

/// The parts of a user that are searched.
struct NamedParts {
    QStringView username;
    QStringView given;
    QStringView family;
    QStringView formatted;
    QStringView email;
};

/// Without case and control characters, as UTF-8.
void appendFolded(QByteArray &target, QStringView text);
/// The searched text: the parts, folded, each closed by a separator that no search can contain.
QByteArray searchText(const NamedParts &parts);
/// What the name column shows.
QString displayName(const QString &given, const QString &family, const QString &formatted);
/// What users are sorted by name with: the shown name without case and accents.
QByteArray nameKey(const NamedParts &parts);

/// Changes to the packed texts, gathered until flush(). Call that before the transaction ends.
class SearchTexts {
public:
    explicit SearchTexts(Database &database) : m_database(database) {}

    /// @p isNew: the row has never had a text.
    [[nodiscard]] core::Result<void> set(qint64 userRow, QByteArrayView text, bool isNew = false);
    [[nodiscard]] core::Result<void> remove(qint64 userRow);
    [[nodiscard]] core::Result<void> flush();
    /// Drops what was gathered, when the transaction is given up.
    void clear() { m_blocks.clear(); }

    /// Appends the rows among the 64 of @p block whose text contains @p needle (folded, not empty).
    static void find(qint64 block, QByteArrayView texts, QByteArrayView needle, std::vector<qint64> &rows);

private:
    struct Block {
        QByteArray texts;
        bool changed = false;
    };
    core::Result<Block *> load(qint64 block);
    Database &m_database;
    std::map<qint64, Block> m_blocks;
};

} // namespace gatehouse::store
