// SPDX-License-Identifier: GPL-3.0-or-later
#include "ldap/rootdse_p.h"

#include "core/dn.h"

#include <ldap.h>

#include <algorithm>

namespace gatehouse::ldap {
namespace {

QStringList texts(const core::Entry &entry, const char *name)
{
    QStringList list;
    const QList<QByteArray> values = entry.values(name);
    for (const QByteArray &value : values)
        list.append(QString::fromUtf8(value));
    return list;
}

QString first(const core::Entry &entry, const char *name)
{
    const QStringList list = texts(entry, name);
    return list.isEmpty() ? QString() : list.first();
}

/// MS-ADTS 3.1.1.3.2.23: domainControllerFunctionality.
QString windowsOf(const QString &level)
{
    static const char *const kNames[] = {"Windows 2000", nullptr, "Windows Server 2003", "Windows Server 2008",
                                         "Windows Server 2008 R2", "Windows Server 2012", "Windows Server 2012 R2",
                                         "Windows Server 2016 or later", nullptr, nullptr, "Windows Server 2025"};
    bool good = false;
    const int number = level.toInt(&good);
    if (!good || number < 0 || size_t(number) >= std::size(kNames) || kNames[number] == nullptr)
        return {};
    return QString::fromLatin1(kNames[number]);
}

} // namespace

const QList<QByteArray> &rootDseAttributes()
{
    // "*" and "+" alone would do with most servers; Active Directory and old ones want the names.
    static const QList<QByteArray> names{
        "*", "+", "objectClass", "structuralObjectClass", "namingContexts", "defaultNamingContext", "supportedControl",
        "supportedExtension", "supportedSASLMechanisms", "supportedCapabilities", "vendorName", "vendorVersion",
        "currentTime", "changelog", "firstChangeNumber", "lastChangeNumber", "forestFunctionality", "ldapServiceName", "dnsHostName", "domainControllerFunctionality", "dsServiceName"};
    return names;
}

bool isSystemPartition(QByteArrayView octets)
{
    const auto dn = core::Dn::parse(octets);
    if (!dn || dn->rdns().size() < 2)
        return false;
    const QByteArray first = core::Dn({dn->rdns().first()}).key();
    // Right below a domain, whose names are all dc.
    const QList<core::Rdn> domain = dn->parent().rdns();
    const bool isOfDomain = std::all_of(domain.begin(), domain.end(), [](const core::Rdn &rdn) {
        return rdn.size() == 1 && rdn.first().type.compare("dc", Qt::CaseInsensitive) == 0;
    });
    return isOfDomain && (first == "cn=configuration" || first == "dc=domaindnszones" || first == "dc=forestdnszones");
}

QStringList peoplesContexts(const ServerInfo &server)
{
    if (!server.defaultNamingContext.isEmpty())
        return {server.defaultNamingContext};
    static const QList<QByteArray> own{"cn=accesslog", "cn=monitor", "cn=changelog", "o=netscaperoot",
                                       "cn=config",    "cn=schema",  "cn=deltalog",  "cn=backups",
                                       "cn=tasks",     "cn=configuration"};
    QStringList contexts;
    for (const QString &context : server.namingContexts) {
        const QByteArray key = core::dnKey(context.toUtf8());
        const bool isOwn = std::any_of(own.begin(), own.end(), [&key](const QByteArray &name) {
            return key == name || key.startsWith(QByteArray(name + ','));
        });
        if (!context.isEmpty() && !isOwn && !isSystemPartition(context.toUtf8()))
            contexts.append(context);
    }
    return contexts;
}

ServerInfo serverInfoOf(const core::Entry &rootDse)
{
    ServerInfo info;
    info.namingContexts = texts(rootDse, "namingContexts");
    info.defaultNamingContext = first(rootDse, "defaultNamingContext");
    if (const QStringList contexts = peoplesContexts(info); contexts.size() == 1)
        info.defaultNamingContext = contexts.first();
    info.supportedControls = texts(rootDse, "supportedControl");
    info.supportedExtensions = texts(rootDse, "supportedExtension");
    info.supportedSaslMechanisms = texts(rootDse, "supportedSASLMechanisms");
    info.pagedResults = info.supportedControls.contains(QLatin1String(LDAP_CONTROL_PAGEDRESULTS));
    // Generalised time as Active Directory writes it: "20260228103000.0Z" (MS-ADTS 3.1.1.3.2.1).
    info.clock = QDateTime::fromString(first(rootDse, "currentTime").left(14), QStringLiteral("yyyyMMddHHmmss"));
    info.clock.setTimeSpec(Qt::UTC);
    // "example.com:dc1$@EXAMPLE.COM" (MS-ADTS 3.1.1.3.2.16).
    const QString service = first(rootDse, "ldapServiceName");
    if (service.contains(QLatin1Char('@')))
        info.kerberosRealm = service.section(QLatin1Char('@'), -1);
    info.dnsHostName = first(rootDse, "dnsHostName");
    info.changeLog = first(rootDse, "changelog");
    info.firstChange = first(rootDse, "firstChangeNumber");
    info.lastChange = first(rootDse, "lastChangeNumber");
    info.vendor = first(rootDse, "vendorName");
    info.version = first(rootDse, "vendorVersion");

    const QString all = info.vendor + QLatin1Char(' ') + info.version;
    const auto says = [&all](const char *text) { return all.contains(QLatin1String(text), Qt::CaseInsensitive); };
    // LDAP_CAP_ACTIVE_DIRECTORY_OID, MS-ADTS 3.1.1.3.4.3.1; ADAM has another of its own.
    const QStringList capabilities = texts(rootDse, "supportedCapabilities");
    if (capabilities.contains(QLatin1String("1.2.840.113556.1.4.800"))
        || capabilities.contains(QLatin1String("1.2.840.113556.1.4.1851"))) {
        info.product = Product::ActiveDirectory;
        if (info.vendor.isEmpty())
            info.vendor = QStringLiteral("Microsoft Active Directory");
        if (info.version.isEmpty())
            info.version = windowsOf(first(rootDse, "domainControllerFunctionality"));
    } else if (says("389")) {
        info.product = Product::Ds389;
    } else if (says("PingDirectory") || says("Ping Identity") || says("UnboundID")) {
        info.product = Product::PingDirectory;
    } else if (says("OpenDJ") || says("ForgeRock") || says("Open Identity Platform")) {
        info.product = Product::OpenDj;
    } else if (texts(rootDse, "objectClass").contains(QLatin1String("OpenLDAProotDSE"), Qt::CaseInsensitive)) {
        info.product = Product::OpenLdap;
        info.vendor = QStringLiteral("OpenLDAP");
    }
    return info;
}

} // namespace gatehouse::ldap
