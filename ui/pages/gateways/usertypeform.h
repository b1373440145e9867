// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of one user type, in the words and order of the product: who checks the password, where and by what people
// are found, and whether and how their first sign-on makes them. Judged against the whole configuration as it is
// edited; reads into a user type what it shows.
#pragma once

#include "core/config.h"
#include "ui/editors/thingform.h"

class QCheckBox;

namespace gatehouse::ui {

class FilterEdit;
class ListEditor;
class MappingEditor;
class Note;

class UserTypeForm : public ThingForm {
    Q_OBJECT
public:
    UserTypeForm(const core::UserType &userType, const core::Gateway &gateway, const core::Configuration &configuration,
                 QWidget *parent = nullptr);

    core::UserType userType() const;
    /// Fills in what is usual in the gateway's directory; the name and the base only where there are none.
    void useDefaults();
    /// The attributes that the directory itself names, for completion.
    void setSources(const QStringList &sources);
    MappingEditor *mapping() const { return m_mapping; }

private:
    void addAuthority();
    void addSearch();
    void addMigration();
    void showDependents();
    QString likelyBase() const;

    core::UserType m_before;
    core::Gateway m_gateway;
    core::Configuration m_configuration;
    Note *m_decide;
    QCheckBox *m_passwordChanges;
    ListEditor *m_links;
    Note *m_exclusion;
    FilterEdit *m_filter;
    MappingEditor *m_mapping;
};

} // namespace gatehouse::ui
