// SPDX-License-Identifier: GPL-3.0-or-later
#include "provision/soundrows.h"

#include <QSet>

namespace gatehouse::provision {

namespace {

/// The place of the row that an error's `where` names; -1: none.
qsizetype placeOf(const core::Error &error)
{
    const qsizetype from = error.where.indexOf(u'[');
    const qsizetype to = error.where.indexOf(u']', from);
    bool good = false;
    const int place = from < 0 || to < 0 ? -1 : error.where.mid(from + 1, to - from - 1).toInt(&good);
    return good ? place : -1;
}

} // namespace

SoundRows soundRows(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog)
{
    const auto all = core::Mapping::compile(rows, catalog);
    return soundRows(rows, all ? QList<core::Error>() : all.error());
}

SoundRows soundRows(const QList<core::AttributeMapping> &rows, const QList<core::Error> &faults)
{
    SoundRows sound;
    for (const core::Error &error : faults)
        sound.faults[placeOf(error)].append(error);
    QSet<QString> mapped;
    for (qsizetype place = 0; place < rows.size(); ++place) {
        if (sound.faults.contains(place) || mapped.contains(rows.at(place).target))
            continue;
        mapped.insert(rows.at(place).target);
        sound.rows.append(rows.at(place));
        sound.places.append(place);
    }
    return sound;
}

} // namespace gatehouse::provision
