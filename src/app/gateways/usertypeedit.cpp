// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gateways/usertypeedit.h"

#include "app/configurationedit.h"
#include "core/config/merge.h"
#include "core/config/validate.h"

namespace gatehouse::app {

namespace {

core::Gateway *gatewayIn(core::Configuration &configuration, const QUuid &id)
{
    const qsizetype at = indexOfId(configuration.gateways, id);
    return at < 0 ? nullptr : &configuration.gateways[at];
}

/// Faults at "userTypes[n].…" of the gateway, with what follows as their path.
FormFaults ofUserType(FormFaults faults, qsizetype place)
{
    const QString prefix = QStringLiteral("userTypes[%1]").arg(place);
    FormFaults own;
    own.others = faults.others;
    for (FieldFault &fault : faults.own) {
        if (fault.path == prefix) {
            fault.path.clear();
            own.own.append(fault);
        } else if (fault.path.startsWith(prefix + u'.')) {
            fault.path.remove(0, prefix.size() + 1);
            own.own.append(fault);
        } else {
            own.others.append(fault.error);
        }
    }
    return own;
}

} // namespace

core::Configuration UserTypeEdit::with(core::Configuration configuration, const QUuid &gateway,
                                       const core::UserType &changed)
{
    core::Gateway *owner = gatewayIn(configuration, gateway);
    if (!owner)
        return configuration;
    if (changed.id.isNull()) {
        owner->userTypes.append(changed);
        return configuration;
    }
    const qsizetype at = indexOfId(owner->userTypes, changed.id);
    if (at < 0)
        return configuration;
    const QString before = owner->userTypes.at(at).name;
    if (before != changed.name) {
        configuration = core::renameUserType(std::move(configuration), QString(owner->name), before, changed.name);
        owner = gatewayIn(configuration, gateway);
    }
    owner->userTypes[at] = changed;
    return configuration;
}

FormFaults UserTypeEdit::judge(const core::Configuration &before, const QUuid &gateway, const core::UserType &changed)
{
    const qsizetype owner = indexOfId(before.gateways, gateway);
    if (owner < 0)
        return {{}, {core::Error{core::Code::Conflict, tr("The gateway was deleted meanwhile.")}}};
    const QList<core::UserType> &stored = before.gateways.at(owner).userTypes;
    const qsizetype place = changed.id.isNull() ? stored.size() : indexOfId(stored, changed.id);
    if (place < 0)
        return {{}, {core::Error{core::Code::Conflict, tr("The user type was deleted meanwhile.")}}};
    const core::Configuration wanted = with(before, gateway, changed);
    FormFaults faults = ofUserType(
        ConfigFaults::split(ConfigFaults::added(core::validate(before), core::validate(wanted)),
                            QStringLiteral("gateways"), owner),
        place);
    // Of two that are called the same the later is blamed; here the one that is edited is.
    for (qsizetype i = 0; i < stored.size(); ++i) {
        if (i == place || stored.at(i).name.compare(changed.name, Qt::CaseInsensitive) != 0)
            continue;
        faults.others.removeIf([](const core::Error &error) {
            return error.code == core::Code::Exists && error.where.endsWith(QStringLiteral(".name"));
        });
        faults.own.removeIf([](const FieldFault &fault) { return fault.path == QStringLiteral("name"); });
        const QString taken = tr("Another user type is called “%1” already.").arg(stored.at(i).name);
        faults.own.append({QStringLiteral("name"), taken, core::Error{core::Code::Exists, taken}});
    }
    // A file may have both, and then they are warned of; here nobody gets into it.
    const bool already = place < stored.size() && stored.at(place).newUserLookup;
    const QString excluded = exclusion(wanted, wanted.gateways.at(owner), wanted.gateways.at(owner).userTypes.at(place));
    if (!already && !excluded.isEmpty())
        faults.own.append({QStringLiteral("newUserLookup"), excluded, core::Error{core::Code::Conflict, excluded}});
    return faults;
}

void UserTypeEdit::save(Console &console, QObject *context, const QUuid &gateway, const core::UserType &changed,
                        std::function<void(FormFaults)> then)
{
    const qsizetype owner = indexOfId(console.configuration().gateways, gateway);
    const QList<core::UserType> stored = owner < 0 ? QList<core::UserType>()
                                                   : console.configuration().gateways.at(owner).userTypes;
    const qsizetype place = changed.id.isNull() ? stored.size() : indexOfId(stored, changed.id);
    editConfiguration(
        console, context, QStringLiteral("gateway.update"),
        owner < 0 ? QString() : console.configuration().gateways.at(owner).name,
        [gateway, changed](core::Configuration &configuration) {
            configuration = with(std::move(configuration), gateway, changed);
        },
        [owner, place, then = std::move(then)](const Console::SaveAnswer &answer) {
            then(answer ? FormFaults()
                        : ofUserType(ConfigFaults::split(answer.error(), QStringLiteral("gateways"), owner), place));
        });
}

namespace {

void change(Console &console, QObject *context, const QUuid &gateway,
            std::function<void(core::Configuration &, core::Gateway &)> work,
            std::function<void(Console::SaveAnswer)> then)
{
    const qsizetype owner = indexOfId(console.configuration().gateways, gateway);
    editConfiguration(
        console, context, QStringLiteral("gateway.update"),
        owner < 0 ? QString() : console.configuration().gateways.at(owner).name,
        [gateway, work = std::move(work)](core::Configuration &configuration) {
            if (core::Gateway *found = gatewayIn(configuration, gateway))
                work(configuration, *found);
        },
        std::move(then));
}

} // namespace

void UserTypeEdit::move(Console &console, QObject *context, const QUuid &gateway, const QUuid &userType, qsizetype to,
                        std::function<void(Console::SaveAnswer)> then)
{
    change(
        console, context, gateway,
        [userType, to](core::Configuration &, core::Gateway &owner) {
            const qsizetype from = indexOfId(owner.userTypes, userType);
            if (from >= 0)
                owner.userTypes.move(from, std::clamp<qsizetype>(to, 0, owner.userTypes.size() - 1));
        },
        std::move(then));
}

void UserTypeEdit::remove(Console &console, QObject *context, const QUuid &gateway, const QUuid &userType,
                          std::function<void(Console::SaveAnswer)> then)
{
    change(
        console, context, gateway,
        [userType](core::Configuration &configuration, core::Gateway &owner) {
            const qsizetype at = indexOfId(owner.userTypes, userType);
            if (at < 0)
                return;
            const QStringList through = rulesThrough(configuration, owner, owner.userTypes.at(at).name);
            owner.userTypes.removeAt(at);
            for (core::Rule &rule : configuration.rules) {
                if (through.contains(rule.name)) {
                    rule.onboarding.authenticateViaLdap = false;
                    rule.onboarding.gatewayUserType.clear();
                }
            }
        },
        std::move(then));
}

QStringList UserTypeEdit::rulesThrough(const core::Configuration &configuration, const core::Gateway &gateway,
                                       const QString &userType)
{
    QStringList rules;
    for (const core::Rule &rule : configuration.rules) {
        const core::Connection *connection = configuration.connection(rule.connection);
        if (connection && connection->gateway == gateway.name && rule.onboarding.authenticateViaLdap
            && rule.onboarding.gatewayUserType == userType)
            rules << rule.name;
    }
    return rules;
}

QString UserTypeEdit::exclusion(const core::Configuration &configuration, const core::Gateway &gateway,
                                const core::UserType &userType)
{
    if (!userType.newUserLookup)
        return {};
    const QStringList rules = rulesThrough(configuration, gateway, userType.name);
    if (rules.isEmpty())
        return {};
    return tr("Rule “%1” authenticates its people by this user type, and so it must not migrate new users: people would "
              "be created twice over, by the rule and by their first sign-on. Turn migration off, or choose another "
              "user type in the rule's Onboarding settings.")
        .arg(rules.join(QStringLiteral("”, “")));
}

QString UserTypeEdit::exclusion(const core::Gateway *gateway, const core::Onboarding &onboarding)
{
    if (!gateway || !onboarding.authenticateViaLdap)
        return {};
    for (const core::UserType &userType : gateway->userTypes) {
        if (userType.name == onboarding.gatewayUserType && userType.newUserLookup)
            return tr("User type “%1” migrates new users upon first authentication, and so no rule can authenticate by "
                      "it: people would be created twice over. Choose another user type, or turn its migration off on "
                      "the Lookup tab of “%2”.")
                .arg(userType.name, gateway->name);
    }
    return {};
}

} // namespace gatehouse::app
