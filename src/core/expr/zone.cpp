// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/zone.h"

#include "core/expr/zonenames.h"

#include <QStringList>

#include <unicode/basictz.h>
#include <unicode/locid.h>
#include <unicode/tzfmt.h>
#include <unicode/tznames.h>

namespace gatehouse::core::expr {

struct Zone::Rules {
    std::unique_ptr<icu::BasicTimeZone> zone;
};

Zone::~Zone() = default;

static icu::UnicodeString unicode(const QString &text)
{
    return icu::UnicodeString(reinterpret_cast<const char16_t *>(text.utf16()), int32_t(text.size()));
}

static QString string(const icu::UnicodeString &text)
{
    return text.isBogus() ? QString() : QString(reinterpret_cast<const QChar *>(text.getBuffer()), text.length());
}

/// Abbreviations that ICU takes for zones and java.time does not.
static bool isLegacyAbbreviation(const QString &id)
{
    static const QStringList kLegacy = QStringLiteral(
        "ACT,AET,AGT,ART,AST,BET,BST,CAT,CNT,CST,CTT,EAT,ECT,IET,IST,JST,MIT,NET,NST,PLT,PNT,PRT,PST,SST,VST").split(u',');
    return kLegacy.contains(id);
}

std::shared_ptr<const Zone> Zone::fixed(int offset)
{
    std::shared_ptr<Zone> zone(new Zone);
    zone->m_offset = offset;
    zone->m_id = offset == 0 ? QStringLiteral("Z") : offsetText(offset, u"+HH:MM:ss", u"Z");
    return zone;
}

std::shared_ptr<const Zone> Zone::of(const QString &id)
{
    if (id == u"Z")
        return fixed(0);
    if (id.size() < 2 || id.size() > 64)
        return nullptr;
    if (id.startsWith(u'+') || id.startsWith(u'-')) {
        const qsizetype digits = id.count(u':') > 0 ? 0 : id.size() - 1;
        const std::optional<int> offset = digits == 3 || digits == 5 ? std::nullopt : readOffset(id);
        return offset ? fixed(*offset) : nullptr;
    }
    for (const QStringView prefix : {QStringView(u"UTC"), QStringView(u"GMT"), QStringView(u"UT")}) {
        if (!id.startsWith(prefix))
            continue;
        const QStringView rest = QStringView(id).mid(prefix.size());
        const std::optional<int> offset = rest.isEmpty() ? 0 : rest == u"Z" ? std::nullopt : readOffset(rest);
        if (!offset)
            continue; // "GMT0" is a zone of its own
        std::shared_ptr<Zone> zone(new Zone);
        zone->m_offset = *offset;
        zone->m_id = *offset == 0 ? prefix.toString() : prefix.toString() + offsetText(*offset, u"+HH:MM:ss", u"");
        return zone;
    }
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString canonical;
    UBool isSystem = false;
    icu::TimeZone::getCanonicalID(unicode(id), canonical, isSystem, error);
    if (U_FAILURE(error) || !isSystem || isLegacyAbbreviation(id))
        return nullptr;
    std::unique_ptr<icu::TimeZone> rules(icu::TimeZone::createTimeZone(unicode(id)));
    auto *basic = dynamic_cast<icu::BasicTimeZone *>(rules.get());
    if (!basic)
        return nullptr;
    rules.release();
    std::shared_ptr<Zone> zone(new Zone);
    zone->m_id = id;
    zone->m_rules.reset(new Rules{std::unique_ptr<icu::BasicTimeZone>(basic)});
    return zone;
}

int Zone::offsetAt(qint64 utcSeconds) const
{
    if (!m_rules)
        return m_offset;
    UErrorCode error = U_ZERO_ERROR;
    int32_t raw = 0;
    int32_t daylight = 0;
    m_rules->zone->getOffset(double(utcSeconds) * 1000.0, false, raw, daylight, error);
    return U_SUCCESS(error) ? (raw + daylight) / 1000 : 0;
}

int Zone::offsetOfLocal(qint64 localSeconds) const
{
    if (!m_rules)
        return m_offset;
    UErrorCode error = U_ZERO_ERROR;
    int32_t raw = 0;
    int32_t daylight = 0;
    m_rules->zone->getOffsetFromLocal(double(localSeconds) * 1000.0, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw,
                                      daylight, error);
    return U_SUCCESS(error) ? (raw + daylight) / 1000 : 0;
}

static std::unique_ptr<icu::TimeZoneNames> englishNames()
{
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::TimeZoneNames> names(icu::TimeZoneNames::createInstance(icu::Locale::getEnglish(), error));
    return U_SUCCESS(error) ? std::move(names) : nullptr;
}

QString Zone::specificName(Length length, qint64 utcSeconds) const
{
    if (!m_rules) {
        const bool universal = m_id == u"UTC" || m_id == u"UT";
        if (length == Length::Long && universal)
            return QStringLiteral("Coordinated Universal Time");
        return length == Length::Long && m_id == u"GMT" ? QStringLiteral("Greenwich Mean Time") : m_id;
    }
    const double date = double(utcSeconds) * 1000.0;
    UErrorCode error = U_ZERO_ERROR;
    int32_t raw = 0;
    int32_t daylight = 0;
    m_rules->zone->getOffset(date, false, raw, daylight, error);
    const bool summer = daylight != 0;
    const std::unique_ptr<icu::TimeZoneNames> names = englishNames();
    if (U_FAILURE(error) || !names)
        return {};
    icu::UnicodeString canonical;
    icu::UnicodeString metaZone;
    icu::TimeZone::getCanonicalID(unicode(m_id), canonical, error);
    names->getMetaZoneID(canonical, date, metaZone);
    if (length == Length::Short) {
        const QString known = shortZoneName(string(metaZone), m_id, summer);
        return known.isEmpty() ? gmtText((raw + daylight) / 1000, Length::Long) : known;
    }
    icu::UnicodeString name;
    names->getDisplayName(canonical, summer ? UTZNM_LONG_DAYLIGHT : UTZNM_LONG_STANDARD, date, name);
    return name.isEmpty() || name.isBogus() ? gmtText((raw + daylight) / 1000, Length::Long) : string(name);
}

QString Zone::genericName(Length length, qint64 utcSeconds) const
{
    if (!m_rules)
        return specificName(length, utcSeconds);
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::TimeZoneFormat> format(
        icu::TimeZoneFormat::createInstance(icu::Locale::getEnglish(), error));
    if (U_FAILURE(error))
        return {};
    icu::UnicodeString name;
    format->format(length == Length::Long ? UTZFMT_STYLE_GENERIC_LONG : UTZFMT_STYLE_GENERIC_SHORT, *m_rules->zone,
                   double(utcSeconds) * 1000.0, name);
    return string(name);
}

QString offsetText(int offset, QStringView form, QStringView utc)
{
    if (offset == 0)
        return utc.toString();
    const int magnitude = std::abs(offset);
    const int hours = magnitude / 3'600;
    const int minutes = magnitude / 60 % 60;
    const int seconds = magnitude % 60;
    const QString separator = form.contains(u':') ? QStringLiteral(":") : QString();
    const auto two = [](int number) { return QString::number(number).rightJustified(2, u'0'); };
    // "+HHmm" writes minutes only when there are some, "+HHMM" always; seconds, "ss", only when there are some.
    QString text = (offset < 0 ? QStringLiteral("-") : QStringLiteral("+")) + two(hours);
    const bool withSeconds = form.contains(u's') && seconds != 0;
    if (form.contains(u'M') || minutes != 0 || withSeconds)
        text += separator + two(minutes);
    if (withSeconds)
        text += separator + two(seconds);
    return text;
}

QString gmtText(int offset, Zone::Length length)
{
    if (offset == 0)
        return QStringLiteral("GMT");
    if (length == Zone::Length::Long)
        return QStringLiteral("GMT") + offsetText(offset, u"+HH:MM:ss", u"");
    QString text = QStringLiteral("GMT") + (offset < 0 ? u'-' : u'+') + QString::number(std::abs(offset) / 3'600);
    if (offset % 3'600 != 0)
        text += u':' + QString::number(std::abs(offset) / 60 % 60).rightJustified(2, u'0');
    return text;
}

static std::vector<ZoneName> allZoneNames()
{
    std::vector<ZoneName> result = shortZoneNames();
    const std::unique_ptr<icu::TimeZoneNames> names = englishNames();
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<icu::StringEnumeration> metaZones(names ? names->getAvailableMetaZoneIDs(error) : nullptr);
    while (metaZones && U_SUCCESS(error)) {
        const icu::UnicodeString *metaZone = metaZones->snext(error);
        if (!metaZone)
            break;
        icu::UnicodeString id;
        names->getReferenceZoneID(*metaZone, "001", id);
        for (const UTimeZoneNameType type : {UTZNM_LONG_STANDARD, UTZNM_LONG_DAYLIGHT, UTZNM_LONG_GENERIC}) {
            icu::UnicodeString name;
            names->getMetaZoneDisplayName(*metaZone, type, name);
            if (!id.isEmpty() && !name.isEmpty() && !name.isBogus())
                result.push_back({string(name), string(id)});
        }
    }
    const std::unique_ptr<icu::StringEnumeration> ids(icu::TimeZone::createTimeZoneIDEnumeration(
        UCAL_ZONE_TYPE_ANY, nullptr, nullptr, error));
    while (ids && U_SUCCESS(error)) {
        const icu::UnicodeString *id = ids->snext(error);
        if (!id)
            break;
        const QString text = string(*id);
        if (text.contains(u'/'))
            result.push_back({text, text});
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const ZoneName &a, const ZoneName &b) { return a.name.size() > b.name.size(); });
    return result;
}

const std::vector<ZoneName> &zoneNames()
{
    static const std::vector<ZoneName> names = allZoneNames();
    return names;
}

} // namespace gatehouse::core::expr
