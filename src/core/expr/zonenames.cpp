// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/expr/zonenames.h"

namespace gatehouse::core::expr {

namespace {

struct Abbreviation {
    QLatin1StringView metaZone;
    QLatin1StringView standard;
    QLatin1StringView summer;
    QLatin1StringView zone; ///< what the abbreviation stands for
};

constexpr Abbreviation row(const char *metaZone, const char *standard, const char *summer, const char *zone)
{
    return {QLatin1StringView(metaZone), QLatin1StringView(standard), QLatin1StringView(summer),
            QLatin1StringView(zone)};
}

/// Where an abbreviation has several meanings, the first row is the one that is read.
constexpr Abbreviation kAbbreviations[] = {
    row("America_Pacific", "PST", "PDT", "America/Los_Angeles"),
    row("America_Mountain", "MST", "MDT", "America/Denver"),
    row("America_Central", "CST", "CDT", "America/Chicago"),
    row("America_Eastern", "EST", "EDT", "America/New_York"),
    row("Atlantic", "AST", "ADT", "America/Halifax"),
    row("Newfoundland", "NST", "NDT", "America/St_Johns"),
    row("Alaska", "AKST", "AKDT", "America/Anchorage"),
    row("Hawaii_Aleutian", "HST", "HDT", "Pacific/Honolulu"),
    row("GMT", "GMT", "BST", "Europe/London"),
    row("Europe_Western", "WET", "WEST", "Europe/Lisbon"),
    row("Europe_Central", "CET", "CEST", "Europe/Paris"),
    row("Europe_Eastern", "EET", "EEST", "Europe/Bucharest"),
    row("Moscow", "MSK", "MSD", "Europe/Moscow"),
    row("Volgograd", "MSK", "MSD", "Europe/Volgograd"),
    row("Samara", "SAMT", "SAMST", "Europe/Samara"),
    row("Yekaterinburg", "YEKT", "YEKST", "Asia/Yekaterinburg"),
    row("Omsk", "OMST", "OMSST", "Asia/Omsk"),
    row("Novosibirsk", "NOVT", "NOVST", "Asia/Novosibirsk"),
    row("Krasnoyarsk", "KRAT", "KRAST", "Asia/Krasnoyarsk"),
    row("Irkutsk", "IRKT", "IRKST", "Asia/Irkutsk"),
    row("Yakutsk", "YAKT", "YAKST", "Asia/Yakutsk"),
    row("Vladivostok", "VLAT", "VLAST", "Asia/Vladivostok"),
    row("Magadan", "MAGT", "MAGST", "Asia/Magadan"),
    row("Kamchatka", "PETT", "PETST", "Asia/Kamchatka"),
    row("India", "IST", "IDT", "Asia/Calcutta"),
    row("Pakistan", "PKT", "PKST", "Asia/Karachi"),
    row("Bangladesh", "BDT", "BDST", "Asia/Dhaka"),
    row("Nepal", "NPT", "NPST", "Asia/Katmandu"),
    row("Afghanistan", "AFT", "AFST", "Asia/Kabul"),
    row("Uzbekistan", "UZT", "UZST", "Asia/Tashkent"),
    row("Gulf", "GST", "GDT", "Asia/Dubai"),
    row("Arabian", "AST", "ADT", "Asia/Riyadh"),
    row("Iran", "IRST", "IRDT", "Asia/Tehran"),
    row("Israel", "IST", "IDT", "Asia/Jerusalem"),
    row("Armenia", "AMT", "AMST", "Asia/Yerevan"),
    row("Azerbaijan", "AZT", "AZST", "Asia/Baku"),
    row("Georgia", "GET", "GEST", "Asia/Tbilisi"),
    row("Indochina", "ICT", "ICST", "Asia/Bangkok"),
    row("Indonesia_Western", "WIB", "WIST", "Asia/Jakarta"),
    row("Indonesia_Central", "WITA", "CIST", "Asia/Makassar"),
    row("Indonesia_Eastern", "WIT", "EIST", "Asia/Jayapura"),
    row("Malaysia", "MYT", "MYST", "Asia/Kuala_Lumpur"),
    row("Singapore", "SGT", "SGST", "Asia/Singapore"),
    row("Hong_Kong", "HKT", "HKST", "Asia/Hong_Kong"),
    row("China", "CST", "CDT", "Asia/Shanghai"),
    row("Taipei", "CST", "CDT", "Asia/Taipei"),
    row("Philippines", "PST", "PDT", "Asia/Manila"),
    row("Japan", "JST", "JDT", "Asia/Tokyo"),
    row("Korea", "KST", "KDT", "Asia/Seoul"),
    row("Australia_Western", "AWST", "AWDT", "Australia/Perth"),
    row("Australia_Central", "ACST", "ACDT", "Australia/Adelaide"),
    row("Australia_Eastern", "AEST", "AEDT", "Australia/Sydney"),
    row("New_Zealand", "NZST", "NZDT", "Pacific/Auckland"),
    row("Samoa", "SST", "SDT", "Pacific/Pago_Pago"),
    row("Africa_Western", "WAT", "WAST", "Africa/Lagos"),
    row("Africa_Central", "CAT", "CAST", "Africa/Maputo"),
    row("Africa_Eastern", "EAT", "EAST", "Africa/Nairobi"),
    row("Africa_Southern", "SAST", "SAST", "Africa/Johannesburg"),
    row("Azores", "AZOT", "AZOST", "Atlantic/Azores"),
    row("Brasilia", "BRT", "BRST", "America/Sao_Paulo"),
    row("Amazon", "AMT", "AMST", "America/Manaus"),
    row("Argentina", "ART", "ARST", "America/Buenos_Aires"),
    row("Chile", "CLT", "CLST", "America/Santiago"),
    row("Colombia", "COT", "COST", "America/Bogota"),
    row("Peru", "PET", "PEST", "America/Lima"),
    row("Bolivia", "BOT", "BOST", "America/La_Paz"),
    row("Ecuador", "ECT", "ECST", "America/Guayaquil"),
    row("Venezuela", "VET", "VEST", "America/Caracas"),
    row("Uruguay", "UYT", "UYST", "America/Montevideo"),
    row("Paraguay", "PYT", "PYST", "America/Asuncion"),
    row("Cuba", "CST", "CDT", "America/Havana"),
};

} // namespace

QString shortZoneName(const QString &metaZone, const QString &zone, bool summer)
{
    if (zone == u"Europe/Istanbul" || zone == u"Asia/Istanbul" || zone == u"Turkey")
        return summer ? QStringLiteral("TRST") : QStringLiteral("TRT");
    if (summer && (zone == u"Europe/Dublin" || zone == u"Eire"))
        return QStringLiteral("IST");
    for (const Abbreviation &abbreviation : kAbbreviations) {
        if (metaZone == abbreviation.metaZone)
            return QString(summer ? abbreviation.summer : abbreviation.standard);
    }
    return {};
}

std::vector<ZoneName> shortZoneNames()
{
    std::vector<ZoneName> result{{QStringLiteral("UTC"), QStringLiteral("UTC")},
                                 {QStringLiteral("GMT"), QStringLiteral("GMT")},
                                 {QStringLiteral("UT"), QStringLiteral("UT")},
                                 {QStringLiteral("Coordinated Universal Time"), QStringLiteral("UTC")},
                                 {QStringLiteral("British Summer Time"), QStringLiteral("Europe/London")},
                                 {QStringLiteral("Irish Standard Time"), QStringLiteral("Europe/Dublin")},
                                 {QStringLiteral("TRT"), QStringLiteral("Europe/Istanbul")},
                                 {QStringLiteral("TRST"), QStringLiteral("Europe/Istanbul")}};
    for (const Abbreviation &abbreviation : kAbbreviations) {
        for (const QLatin1StringView name : {abbreviation.standard, abbreviation.summer}) {
            const auto same = [name](const ZoneName &known) { return known.name == name; };
            if (std::none_of(result.begin(), result.end(), same))
                result.push_back({QString(name), QString(abbreviation.zone)});
        }
    }
    return result;
}

} // namespace gatehouse::core::expr
