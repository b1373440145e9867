// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of one user type, in the words and order of the product: who checks the password, where and by what people
// are found, and whether and how their first sign-on makes them. Its mapping is tried while it is edited on somebody of the
// directory and on everybody who could sign on, as they would be found by base and filter as these stand. Judged against
// the whole configuration as it is edited; reads into a user type what it shows.
#pragma once

#include "core/config/configuration.h"
#include "ui/editors/thingform.h"

#include <QTimer>

class QCheckBox;

namespace gatehouse::app {
class Console;
}

namespace gatehouse::ui {

class FilterEdit;
class ListEditor;
class MappingEditor;
class MappingTryout;
class Note;

class UserTypeForm : public ThingForm {
    Q_OBJECT
public:
    /// @p console must outlive it; @p gateway may be edited, too.
    UserTypeForm(app::Console &console, const core::UserType &userType, const core::Gateway &gateway,
                 const core::Configuration &configuration, QWidget *parent = nullptr);

    core::UserType userType() const;
    /// Fills in what is usual in the gateway's directory; the name and the base only where there are none.
    void useDefaults();
    /// The attributes that the directory itself names, for completion.
    void setSources(const QStringList &sources);
    MappingEditor *mapping() const { return m_mapping; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addAuthority();
    void addSearch();
    void addMigration();
    void showDependents();
    void tryIt();
    QString likelyBase() const;

    app::Console &m_console;
    core::UserType m_before;
    core::Gateway m_gateway;
    core::Configuration m_configuration;
    Note *m_decide;
    QCheckBox *m_passwordChanges;
    ListEditor *m_links;
    Note *m_exclusion;
    FilterEdit *m_filter;
    MappingEditor *m_mapping;
    MappingTryout *m_tryout;
    QTimer m_pause; ///< of editing, before the directory is asked anew
};

} // namespace gatehouse::ui
