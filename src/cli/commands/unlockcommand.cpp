// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands/unlockcommand.h"

#include "store/identities.h"
#include "store/signonlocks.h"

namespace gatehouse::cli {

using store::SignOnLocks;

namespace {
const QString kSource = QStringLiteral("source");
}

void UserUnlock::declare(QCommandLineParser &parser)
{
    parser.addOption({kSource, tr("Lift the lock of a source of sign-ons instead, as the audit names it."), QStringLiteral("NAME")});
}

core::Result<QString> UserUnlock::nameOf(store::Environment &environment, const QString &key, bool &isUser)
{
    const auto user = environment.identities().userByKey(key);
    isUser = user.has_value();
    if (user)
        return user->values.text(environment.catalog()->username());
    if (user.error().code != core::Code::NotFound)
        return core::fail(user.error());
    return key;
}

void UserUnlock::start()
{
    const bool isSource = isSet(kSource);
    const QString key = isSource ? option(kSource) : argument(0);
    if (key.trimmed().isEmpty())
        return fail({core::Code::InvalidInput, tr("Nobody is named"), tr("Give a user's name or id, or --source NAME")});
    if (isSource && !argument(0).isEmpty())
        return fail({core::Code::InvalidInput, tr("Give a user or --source, not both")});
    auto *opened = environment(store::Environment::Access::ReadWrite);
    if (!opened)
        return;
    bool isUser = false;
    auto name = isSource ? core::Result<QString>(key) : nameOf(*opened, key, isUser);
    if (!name)
        return fail(name.error());
    const auto unlocked = SignOnLocks(opened->database())
                              .unlock(isSource ? SignOnLocks::sourceSubject(key) : SignOnLocks::nameSubject(*name));
    if (!unlocked)
        return fail(unlocked.error());
    if (!*unlocked && !isUser)
        return fail({core::Code::NotFound, isSource ? tr("No sign-on from \"%1\" was refused lately").arg(key)
                                                    : tr("There is no user \"%1\", and no sign-on by that name was refused lately").arg(key)});
    if (terminal().isJson())
        terminal().printJson({{isSource ? QStringLiteral("source") : QStringLiteral("username"), *name},
                              {QStringLiteral("unlocked"), *unlocked}});
    else
        terminal().print(*unlocked ? tr("%1 may sign on again.").arg(*name) : tr("%1 was not locked.").arg(*name));
    finish(Exit::Done);
}

} // namespace gatehouse::cli
