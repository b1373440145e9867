// SPDX-License-Identifier: GPL-3.0-or-later
//
// One edit of the configuration from a form: taken whole, changed, validated whole, saved whole in the engine's
// thread, and noted in the audit log with what it changed. GUI thread; never blocks.
#pragma once

#include "app/configfaults.h"
#include "app/console.h"
#include "core/config/merge.h"
#include "core/config/validate.h"

namespace gatehouse::app {

/// @p action is a thing and a verb ("gateway.create", "rule.update") and @p subject the thing's name, for the audit
/// log. @p then gets every fault with its JSON path, or success. Secrets that the keychain held for what is gone are
/// forgotten after it; see Console::keychainRefused().
void editConfiguration(Console &console, QObject *context, const QString &action, const QString &subject,
                       std::function<void(core::Configuration &)> change,
                       std::function<void(Console::SaveAnswer)> then);

/// The configuration with @p changed in the place of the thing of its id (a null id: added), references to its old name
/// following. @p section is "gateways", "connections" or "rules".
template <typename T>
core::Configuration withThing(core::Configuration configuration, const QString &section,
                              QList<T> core::Configuration::*things, const T &changed)
{
    if (changed.id.isNull()) {
        (configuration.*things).append(changed);
        return configuration;
    }
    const qsizetype at = indexOfId(configuration.*things, changed.id);
    if (at < 0)
        return configuration;
    const QString before = (configuration.*things).at(at).name;
    if (before != changed.name)
        configuration = core::rename(std::move(configuration), section, before, changed.name);
    (configuration.*things)[at] = changed;
    return configuration;
}

/// Where the thing stands, or would stand when it is new.
template <typename T>
qsizetype placeOf(const core::Configuration &configuration, QList<T> core::Configuration::*things, const T &thing)
{
    return thing.id.isNull() ? (configuration.*things).size() : indexOfId(configuration.*things, thing.id);
}

/// What would be wrong with the configuration that is not wrong already, if @p changed stood in it.
template <typename T>
FormFaults judgeThing(const core::Configuration &before, const QString &section,
                      QList<T> core::Configuration::*things, const T &changed)
{
    const core::Configuration wanted = withThing(before, section, things, changed);
    return ConfigFaults::split(ConfigFaults::added(core::validate(before), core::validate(wanted)), section,
                               placeOf(before, things, changed));
}

/// Saves @p changed; @p then gets what was refused, or nothing.
template <typename T>
void saveThing(Console &console, QObject *context, const QString &action, const QString &section,
               QList<T> core::Configuration::*things, const T &changed, std::function<void(FormFaults)> then)
{
    editConfiguration(
        console, context, action, changed.name,
        [section, things, changed](core::Configuration &configuration) {
            configuration = withThing(std::move(configuration), section, things, changed);
        },
        [&console, section, things, changed, then = std::move(then)](const Console::SaveAnswer &answer) {
            then(answer ? FormFaults()
                        : ConfigFaults::split(answer.error(), section,
                                              placeOf(console.configuration(), things, changed)));
        });
}

} // namespace gatehouse::app
