// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/gateways/usertypesview.h"

#include "ui/widgets/emptystate.h"
#include "ui/widgets/propertyrows.h"
#include "ui/widgets/section.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("gatehouse::ui::UserTypes", text);
}

QString yesNo(bool yes)
{
    return yes ? words(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Yes"))
               : words(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "No"));
}

/// "Username ← ${ldapAttributes.uid}", a line each.
QString mappingText(const core::NewUserLookup &lookup, const core::AttributeCatalog &catalog)
{
    QStringList lines;
    for (const core::UserTypeMapping &mapping : lookup.attributeMappings) {
        const int number = catalog.find(mapping.name);
        const QString name = number >= 0 ? catalog.at(number).displayName
                             : mapping.name == QLatin1String("externalGroupNames")
                                 ? words(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "External Group Names"))
                                 : mapping.name;
        lines << name + QStringLiteral(" ← ") + mapping.value;
    }
    return lines.join(u'\n');
}

} // namespace

QList<QWidget *> userTypeSections(const core::Gateway &gateway, const core::AttributeCatalog &catalog)
{
    QList<QWidget *> sections;
    for (const core::UserType &userType : gateway.userTypes) {
        const auto label = [](const char *text) { return words(text); };
        auto *section = new Section(userType.name);
        PropertyRows *rows = section->rows();
        rows->addRow(QStringLiteral("authority"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Password Authority")),
                     userType.passwordAuthority == core::PasswordAuthority::Ldap ? QStringLiteral("LDAP")
                                                                                 : QStringLiteral("PingOne"));
        rows->addRow(QStringLiteral("base"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "User Search LDAP Base DN")),
                     userType.searchBaseDn, PropertyRows::Monospace);
        rows->addRow(QStringLiteral("links"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "User Link Attributes")),
                     userType.orderedCorrelationAttributes.join(QStringLiteral(", ")), PropertyRows::Monospace);
        rows->addRow(QStringLiteral("passwords"),
                     userType.passwordAuthority == core::PasswordAuthority::Ldap
                         ? label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Enable password changes from PingOne"))
                         : label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Push password changes to LDAP")),
                     yesNo(userType.allowPasswordChanges));
        rows->addRow(QStringLiteral("update"),
                     label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Update PingOne user attributes as users sign on")),
                     yesNo(userType.updateUserOnSuccessfulAuthentication));
        rows->addRow(QStringLiteral("migration"),
                     label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes",
                                             "Enable migration of new users upon first authentication")),
                     yesNo(userType.newUserLookup.has_value()));
        if (userType.newUserLookup) {
            rows->addRow(QStringLiteral("filter"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "LDAP Filter")),
                         userType.newUserLookup->ldapFilterPattern, PropertyRows::Monospace);
            rows->addRow(QStringLiteral("population"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Population")),
                         userType.newUserLookup->population);
            rows->addRow(QStringLiteral("mappings"), label(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "Map Attributes")),
                         mappingText(*userType.newUserLookup, catalog), PropertyRows::Monospace);
        }
        sections << section;
    }
    if (sections.isEmpty())
        sections << new EmptyState(
            QStringLiteral("users"), words(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes", "No user types")),
            words(QT_TRANSLATE_NOOP("gatehouse::ui::UserTypes",
                                    "A user type says how one kind of person is found in this directory when they sign "
                                    "on, and who checks their password.")));
    return sections;
}

} // namespace gatehouse::ui
