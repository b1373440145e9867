// SPDX-License-Identifier: GPL-3.0-or-later
//
// An environment: one identity directory with all its settings in one SQLite file, opened for one thread. It owns the
// connection and hands out the table families. Several processes may read one file; they take turns at writing, each
// batch a transaction. Opening says clearly when the file is of a newer version, damaged, or being written to.
#pragma once

#include "core/identity.h"
#include "core/result.h"

#include <QString>

#include <memory>

namespace gatehouse::store {

class Database;
class Configurations;
class Identities;
class Links;
class Runs;
class Schemas;
class SignOns;
class AuditLog;

class Environment {
public:
    enum class Access { ReadOnly, ReadWrite, Create }; ///< Create: makes the file where there is none
    [[nodiscard]] static core::Result<std::unique_ptr<Environment>> open(const QString &path, Access access);
    ~Environment();

    const QString &path() const;
    Database &database();
    Configurations &configurations();
    Identities &identities();
    Links &links();
    Runs &runs();
    Schemas &schemas();
    SignOns &signOns();
    AuditLog &audit();
    /// The attribute catalogue with the environment's custom attributes, as of the last load or save of the
    /// configuration by this object.
    std::shared_ptr<const core::AttributeCatalog> catalog() const;

private:
    Environment();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace gatehouse::store
