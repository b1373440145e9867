// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a configuration by name only, for headers that pass them on and hold none.
#pragma once


namespace gatehouse::core {

struct AttributeMapping;
struct Configuration;
struct ConfigurationChange;
struct Connection;
struct Gateway;
struct Guards;
struct HostAndPort;
struct NewUserLookup;
struct Rule;
struct SecretReference;
struct UserType;
struct UserTypeMapping;
enum class Direction;
enum class MappingWhen;
enum class MfaDeviceManagement;
enum class Vendor;

} // namespace gatehouse::core
