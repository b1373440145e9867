// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits of a gateway's user types: one is added, changed, put in another place or removed; rules that name it follow.
// Judges what an edit would make wrong, with paths relative to the user type. GUI thread; never blocks.
#pragma once

#include "app/configfaults.h"
#include "app/console.h"

#include <QCoreApplication>

namespace gatehouse::app {

class UserTypeEdit {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::UserTypeEdit)
public:
    /// @p changed in the place of the user type of its id (a null id: added at the end).
    static core::Configuration with(core::Configuration configuration, const QUuid &gateway,
                                    const core::UserType &changed);
    /// What @p changed would make wrong that is not wrong already.
    static FormFaults judge(const core::Configuration &before, const QUuid &gateway, const core::UserType &changed);
    static void save(Console &console, QObject *context, const QUuid &gateway, const core::UserType &changed,
                     std::function<void(FormFaults)> then);
    /// Puts the user type where @p to says, counted without it.
    static void move(Console &console, QObject *context, const QUuid &gateway, const QUuid &userType, qsizetype to,
                     std::function<void(Console::SaveAnswer)> then);
    /// Rules that authenticate by it answer No from then on.
    static void remove(Console &console, QObject *context, const QUuid &gateway, const QUuid &userType,
                       std::function<void(Console::SaveAnswer)> then);

    /// The rules that authenticate people by it.
    static QStringList rulesThrough(const core::Configuration &configuration, const core::Gateway &gateway,
                                    const QString &userType);
    /// Why migration and rules exclude each other for this user type, naming the rules; empty when they do not meet.
    static QString exclusion(const core::Configuration &configuration, const core::Gateway &gateway,
                             const core::UserType &userType);
    /// The same, seen from a rule's onboarding that names a user type.
    static QString exclusion(const core::Gateway *gateway, const core::Onboarding &onboarding);
};

} // namespace gatehouse::app
