// SPDX-License-Identifier: GPL-3.0-or-later
//
// A time zone as java.time.ZoneId names it, with the rules and English names of ICU. Immutable and shared; its const
// functions may be called from several threads at once.
#pragma once

#include "core/expr/calendar.h"

#include <memory>
#include <vector>

namespace gatehouse::core::expr {

class Zone {
public:
    /// "Z", "UTC", "GMT", "UT" alone or with an offset, "+01:00", "Europe/Paris"; nullptr for anything else.
    static std::shared_ptr<const Zone> of(const QString &id);
    static std::shared_ptr<const Zone> fixed(int offset);
    ~Zone();

    const QString &id() const { return m_id; }
    /// Seconds east of UTC at a moment.
    int offsetAt(qint64 utcSeconds) const;
    /// Seconds east of UTC at a local time: the earlier one when clocks were set back, the one before the gap when
    /// they were set forward.
    int offsetOfLocal(qint64 localSeconds) const;
    /// "PST" or "Pacific Standard Time".
    enum class Length { Short, Long };
    QString specificName(Length length, qint64 utcSeconds) const;
    /// "PT" or "Pacific Time".
    QString genericName(Length length, qint64 utcSeconds) const;

private:
    Zone() = default;
    struct Rules; // ICU's time zone, nullptr for a fixed offset
    std::unique_ptr<const Rules> m_rules;
    QString m_id;
    int m_offset = 0;
};

/// "+0100", "+01:00", "+01" and so on, by the pattern letters X, x and Z. @p utc is what stands for no offset.
QString offsetText(int offset, QStringView form, QStringView utc);
/// "GMT+1" or, long, "GMT+01:00".
QString gmtText(int offset, Zone::Length length);

/// A name that may stand for a zone in a text, and the zone's id. Longer names come first.
struct ZoneName {
    QString name;
    QString id;
};
const std::vector<ZoneName> &zoneNames();

} // namespace gatehouse::core::expr
