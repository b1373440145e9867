// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of the configuration file for the values of its enumerations, one table each, for reading, writing and
// suggesting. Pure values, any thread.
#pragma once

#include "core/config/connection.h"
#include "core/config/gateway.h"
#include "core/config/rule.h"
#include "core/identity.h"

#include <QList>
#include <QStringList>

#include <utility>

namespace gatehouse::core {

template <typename E>
using Words = QList<std::pair<E, QString>>;

const Words<GatewayType> &gatewayTypeWords();
const Words<Vendor> &vendorWords();
const Words<ConnectionSecurity> &connectionSecurityWords();
const Words<GatewayMode> &gatewayModeWords();
const Words<BindMechanism> &bindMechanismWords();
const Words<PasswordAuthority> &passwordAuthorityWords();
const Words<RemoveAction> &removeActionWords();
const Words<Direction> &directionWords();
const Words<MappingWhen> &mappingWhenWords();
const Words<MfaDeviceManagement> &mfaDeviceManagementWords();
const Words<AttributeType> &attributeTypeWords();

template <typename E>
QString wordOf(const Words<E> &words, E value)
{
    for (const auto &[known, word] : words) {
        if (known == value)
            return word;
    }
    return {};
}

template <typename E>
QStringList allWords(const Words<E> &words)
{
    QStringList list;
    for (const auto &[known, word] : words)
        list.append(word);
    return list;
}

} // namespace gatehouse::core
