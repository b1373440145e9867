// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a first or later sign-on would make of one person, row by row, while the user type is being edited: the same way as
// an attempt goes, without a password and without the writes. Reads the environment in its thread; asks no directory.
#pragma once

#include "app/provisioning/trialsubject.h"
#include "core/signonmapping.h"

namespace gatehouse::app {

/// A user type as it is being edited, and where it belongs.
struct EditedUserType {
    core::Gateway gateway;
    core::UserType userType; ///< its rows are not read
    qint64 population = 0;   ///< row of its population; 0: there is none of that name
    QString storedName = {}; ///< as people are tied to it; empty: nobody can be yet
};

/// Rows in the order of the table. Rows that do not compile are told and left out, the others count.
[[nodiscard]] core::Result<provision::PersonOutcome> userTypePerson(store::Environment &environment, const EditedUserType &edited,
                                                                    const TriedPerson &person,
                                                                    const QList<core::AttributeMapping> &rows);

/// Compiles rows of the table as a user type's.
[[nodiscard]] tl::expected<core::SignOnMapping, QList<core::Error>>
compileUserTypeRows(const QList<core::AttributeMapping> &rows, const std::shared_ptr<const core::AttributeCatalog> &catalog);

} // namespace gatehouse::app
