// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a secret is kept, as the configuration says it.
#pragma once

#include <QString>

namespace gatehouse::core {

/// Where a secret is kept; never the secret itself.
struct SecretReference {
    enum class Kind { None, Keychain, Environment, File };
    Kind kind = Kind::None;
    QString name; ///< variable or path; empty for the keychain
    bool operator==(const SecretReference &) const = default;
};

} // namespace gatehouse::core
