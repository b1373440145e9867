// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/serverfacts.h"

#include "app/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace gatehouse::app {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::app::ServerFacts", text);
}

struct Oid {
    const char *oid;
    const char *text;
};

constexpr Oid kOids[] = {
    {"1.2.840.113556.1.4.319", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "results in pages")},
    {"1.2.840.113556.1.4.417", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "deleted objects")},
    {"1.2.840.113556.1.4.473", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "sorted results")},
    {"1.2.840.113556.1.4.528", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "change notification")},
    {"1.2.840.113556.1.4.841", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "changes since (DirSync)")},
    {"1.2.840.113556.1.4.805", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "deleting whole trees")},
    {"1.2.840.113556.1.4.801", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "security descriptors in part")},
    {"1.2.840.113556.1.4.1413", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "permissive changes")},
    {"1.2.840.113556.1.4.2065", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "deactivated links")},
    {"2.16.840.1.113730.3.4.9", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "virtual list views")},
    {"2.16.840.1.113730.3.4.2", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "referrals as entries")},
    {"2.16.840.1.113730.3.4.3", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "persistent search")},
    {"2.16.840.1.113730.3.4.4", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "password expired")},
    {"2.16.840.1.113730.3.4.5", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "password expiring")},
    {"2.16.840.1.113730.3.4.18", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "acting for another account")},
    {"2.16.840.1.113730.3.4.12", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "acting for another account (old)")},
    {"1.3.6.1.4.1.42.2.27.8.5.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "password policy")},
    {"1.3.6.1.4.1.42.2.27.9.5.2", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "effective rights")},
    {"1.3.6.1.4.1.42.2.27.9.5.8", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "account usability")},
    {"1.3.6.1.4.1.4203.1.9.1.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "content synchronisation (RFC 4533)")},
    {"1.3.6.1.4.1.4203.1.10.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "subentries")},
    {"1.3.6.1.4.1.4203.1.11.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "changing passwords (RFC 3062)")},
    {"1.3.6.1.4.1.4203.1.11.3", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "who am I")},
    {"1.3.6.1.4.1.1466.20037", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "StartTLS")},
    {"1.3.6.1.1.8", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "cancelling operations")},
    {"1.3.6.1.1.12", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "assertions (RFC 4528)")},
    {"1.3.6.1.1.13.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "entry before the change")},
    {"1.3.6.1.1.13.2", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "entry after the change")},
    {"1.3.6.1.1.21.1", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "transactions")},
    {"1.3.6.1.1.22", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "without copies")},
    {"1.2.826.0.1.3344810.2.3", QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "matched values")},
};

/// What we know in words, and how many more there are.
QString textOf(const QStringList &oids)
{
    QStringList known;
    int others = 0;
    for (const QString &oid : oids) {
        const QString text = oidText(oid);
        if (text == oid)
            ++others;
        else
            known << text;
    }
    known.sort(Qt::CaseInsensitive);
    if (others > 0)
        known << QCoreApplication::translate("gatehouse::app::ServerFacts", "and %n others", nullptr, others);
    return known.join(QStringLiteral(", "));
}

} // namespace

QString oidText(const QString &oid)
{
    const auto found = std::find_if(std::begin(kOids), std::end(kOids),
                                    [&oid](const Oid &one) { return oid == QLatin1String(one.oid); });
    return found == std::end(kOids) ? oid : words(found->text);
}

QList<std::pair<QString, QString>> serverFacts(const ldap::ServerInfo &server)
{
    QList<std::pair<QString, QString>> facts;
    const auto add = [&facts](const char *label, const QString &value) {
        if (!value.isEmpty())
            facts.append({words(label), value});
    };
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Maker"), server.vendor);
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Version"), server.version);
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Naming contexts"), server.namingContexts.join(u'\n'));
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Default"),
        server.namingContexts.size() > 1 ? server.defaultNamingContext : QString());
    if (server.clock.isValid()) {
        const qint64 ahead = server.readAt.secsTo(server.clock);
        add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Clock"),
            ahead == 0 ? words(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "As ours"))
            : ahead > 0
                ? words(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "%1 ahead of ours")).arg(Text::span(ahead * 1000))
                : words(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "%1 behind ours")).arg(Text::span(-ahead * 1000)));
    }
    if (!server.changeLog.isEmpty())
        add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Change log"),
            server.lastChange.isEmpty() ? server.changeLog
                                        : words(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "%1, changes %2 to %3"))
                                              .arg(server.changeLog, server.firstChange, server.lastChange));
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Controls"), textOf(server.supportedControls));
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Extensions"), textOf(server.supportedExtensions));
    add(QT_TRANSLATE_NOOP("gatehouse::app::ServerFacts", "Signs on by"),
        server.supportedSaslMechanisms.join(QStringLiteral(", ")));
    return facts;
}

} // namespace gatehouse::app
