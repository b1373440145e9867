// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/hostandport.h"

#include <QStringList>

#include <arpa/inet.h>

#include <algorithm>

namespace gatehouse::core {

namespace {

bool isAddress(int family, QString text)
{
    if (family == AF_INET6) {
        const qsizetype zone = text.indexOf(u'%'); // RFC 4007 11: fe80::1%eth0
        if (zone > 0 && zone + 1 < text.size())
            text.truncate(zone);
    }
    unsigned char address[sizeof(in6_addr)];
    return inet_pton(family, text.toLatin1().constData(), address) == 1;
}

bool isHostName(const QString &text)
{
    if (text.isEmpty() || text.size() > 253)
        return false;
    const bool numeric = std::all_of(text.begin(), text.end(), [](QChar c) {
        return (c >= u'0' && c <= u'9') || c == u'.';
    });
    if (numeric)
        return isAddress(AF_INET, text);
    const QString name = text.endsWith(u'.') ? text.chopped(1) : text;
    const QStringList labels = name.split(u'.');
    return std::all_of(labels.begin(), labels.end(), [](const QString &label) {
        const bool good = std::all_of(label.begin(), label.end(),
                                      [](QChar c) { return c.isLetterOrNumber() || c.isMark() || c == u'-' || c == u'_'; });
        return good && !label.isEmpty() && label.size() <= 63 && !label.startsWith(u'-') && !label.endsWith(u'-');
    });
}

tl::unexpected<Error> wrong(const QString &detail)
{
    return fail(Code::InvalidInput, QStringLiteral("not a host and port"), detail);
}

} // namespace

Result<HostAndPort> parseHostAndPort(const QString &text)
{
    if (const qsizetype scheme = text.indexOf(QStringLiteral("://")); scheme >= 0)
        return wrong(QStringLiteral("write host:port without \"%1\"").arg(text.first(scheme + 3)));
    QString host;
    QString port;
    const bool bracketed = text.startsWith(u'[');
    const qsizetype colon = bracketed ? text.indexOf(QStringLiteral("]:")) + 1 : text.lastIndexOf(u':');
    if (bracketed && colon == 0)
        return wrong(QStringLiteral("after an IPv6 address stands \"]:\" and the port, as in [2001:db8::1]:636"));
    if (colon < 0)
        return wrong(QStringLiteral("the port is missing: write %1:389, or %1:636 with TLS").arg(text));
    host = bracketed ? text.mid(1, colon - 2) : text.first(colon);
    port = text.mid(colon + 1);
    if (host.isEmpty())
        return wrong(QStringLiteral("the host before the port is missing"));
    const bool isV6 = bracketed || host.contains(u':');
    if (isV6 && !isAddress(AF_INET6, host)) {
        // Without brackets the last number may be the port or the address's end: 2001:db8::1 has no port.
        if (!bracketed && isAddress(AF_INET6, text))
            return wrong(QStringLiteral("the port is missing: write [%1]:389, or [%1]:636 with TLS").arg(text));
        return wrong(QStringLiteral("\"%1\" is not an IPv6 address").arg(host));
    }
    if (!isV6 && !isHostName(host))
        return wrong(QStringLiteral("\"%1\" is neither a host name nor an address").arg(host));
    const bool isNumber = !port.isEmpty() && port.size() <= 5
        && std::all_of(port.begin(), port.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    const int number = port.toInt();
    if (!isNumber || number < 1 || number > 65535)
        return wrong(QStringLiteral("the port is a number from 1 to 65535, not \"%1\"").arg(port));
    return HostAndPort{host, quint16(number)};
}

bool isIpAddress(const QString &text)
{
    return isAddress(AF_INET, text) || isAddress(AF_INET6, text);
}

} // namespace gatehouse::core
