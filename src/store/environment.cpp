// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/environment.h"

#include "core/config/configuration.h"
#include "store/auditlog.h"
#include "store/configurations.h"
#include "store/database.h"
#include "store/identities.h"
#include "store/links.h"
#include "store/runs.h"
#include "store/schemas.h"
#include "store/signons.h"

namespace gatehouse::store {

using core::Result;

struct Environment::Private {
    explicit Private(std::unique_ptr<Database> opened)
        : database(std::move(opened)), configurations(*database), identities(*database), links(*database),
          runs(*database), audit(*database), schemas(*database), signOns(*database, identities)
    {
    }

    void setAttributes(const QList<core::AttributeDefinition> &seen)
    {
        if (catalog && seen == attributes)
            return;
        attributes = seen;
        catalog = std::make_shared<const core::AttributeCatalog>(attributes);
        identities.setCatalog(catalog);
    }

    std::unique_ptr<Database> database;
    Configurations configurations;
    Identities identities;
    Links links;
    Runs runs;
    AuditLog audit;
    Schemas schemas;
    SignOns signOns;
    QList<core::AttributeDefinition> attributes;
    std::shared_ptr<const core::AttributeCatalog> catalog;
};

Environment::Environment() = default;
Environment::~Environment() = default;

Result<std::unique_ptr<Environment>> Environment::open(const QString &path, Access access)
{
    const Database::Access mode = access == Access::Create      ? Database::Access::Create
                                  : access == Access::ReadWrite ? Database::Access::ReadWrite
                                                                : Database::Access::ReadOnly;
    auto database = Database::open(path, mode);
    if (!database)
        return core::fail(database.error());
    std::unique_ptr<Environment> environment(new Environment);
    environment->d = std::make_unique<Private>(std::move(*database));
    Private *d = environment->d.get();
    d->configurations.onAttributesSeen(
        [d](const QList<core::AttributeDefinition> &attributes) { d->setAttributes(attributes); });
    if (auto loaded = d->configurations.load(); !loaded)
        return core::fail(loaded.error().where == path ? loaded.error() : loaded.error().in(path));
    return environment;
}

const QString &Environment::path() const
{
    return d->database->path();
}

Database &Environment::database()
{
    return *d->database;
}

Configurations &Environment::configurations()
{
    return d->configurations;
}

Identities &Environment::identities()
{
    return d->identities;
}

Links &Environment::links()
{
    return d->links;
}

Runs &Environment::runs()
{
    return d->runs;
}

Schemas &Environment::schemas()
{
    return d->schemas;
}

SignOns &Environment::signOns()
{
    return d->signOns;
}

AuditLog &Environment::audit()
{
    return d->audit;
}

std::shared_ptr<const core::AttributeCatalog> Environment::catalog() const
{
    return d->catalog;
}

} // namespace gatehouse::store
