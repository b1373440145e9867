// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables of the configuration file, one for each kind of thing in it: here is every key. A new key is a row in one
// of them and a member of the struct beside it.
#pragma once

#include "core/config/forward.h"
#include "core/config/table.h"

namespace gatehouse::core {

struct AttributeDefinition;
struct Population;

const Table<Population> &populationTable();
const Table<AttributeDefinition> &attributeTable();
const Table<Gateway> &gatewayTable();
const Table<UserType> &userTypeTable();
const Table<Connection> &connectionTable();
const Table<Rule> &ruleTable();
const Table<Configuration> &configurationTable();

} // namespace gatehouse::core
