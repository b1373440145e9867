// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the table of users is searched by, and sorted by name or e-mail with: username, names and e-mail without case
// and accents, packed for 64 users into one row. So a million users are searched, or sorted, by scanning some 65 MB
// instead of reading a million rows, and no index has to be kept for it. Belongs to one transaction at a time.
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringView>

#include <array>
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

/// Without case, without the accents of European scripts, control characters as blanks; UTF-8.
void appendFolded(QByteArray &target, QStringView text);
/// What the name column shows.
QString displayName(const QString &given, const QString &family, const QString &formatted);

/// The folded fields of a text, in this order.
enum class SearchField { Username, Name, OtherName, Email };
/// The searched text: its fields folded, each closed by a separator that no search can contain. Name is the shown
/// name, OtherName given and family name where these are not it.
QByteArray searchText(const NamedParts &parts);
using SearchFields = std::array<QByteArrayView, 4>;

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

    /// Calls @p visit(row, fields) for the users of a block, in no order.
    template <typename Visit>
    static void forEach(qint64 block, QByteArrayView texts, Visit visit);
    /// Appends the rows among the 64 of @p block whose text contains @p needle (folded, not empty).
    static void find(qint64 block, QByteArrayView texts, QByteArrayView needle, std::vector<qint64> &rows);

private:
    /// Reads the entry at @p at and goes on to the next.
    static qint64 entry(qint64 block, QByteArrayView texts, qsizetype &at, SearchFields &fields);
    struct Block {
        QByteArray texts;
        bool changed = false;
    };
    [[nodiscard]] core::Result<Block *> load(qint64 block);
    Database &m_database;
    std::map<qint64, Block> m_blocks;
};

template <typename Visit>
void SearchTexts::forEach(qint64 block, QByteArrayView texts, Visit visit)
{
    SearchFields fields;
    for (qsizetype at = 0; at + 2 <= texts.size();) {
        const qint64 row = entry(block, texts, at, fields);
        visit(row, fields);
    }
}

} // namespace gatehouse::store
