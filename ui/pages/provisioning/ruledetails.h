// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details panel of one rule: Overview, Directory, Attribute Mapping, Onboarding Settings, Sync, Preview. Owned by
// the Provisioning page; edits through Editing, saves whole.
#pragma once

#include "app/provisioning/rulejobs.h"
#include "app/provisioning/rulelist.h"
#include "app/runs/runhistory.h"
#include "ui/pages/page.h"
#include "ui/pages/provisioning/thingsaving.h"
#include "ui/widgets/editing.h"

class QVBoxLayout;

namespace gatehouse::ui {

class DetailsPanel;
class MappingEditor;
class Note;
class PreviewTab;
class RuleForm;
class Section;
class SyncTab;

class RuleDetails : public QObject {
    Q_OBJECT
public:
    RuleDetails(const PageContext &context, const app::RuleList &rules, const app::RunHistory &history,
                app::RuleJobs &jobs, DetailsPanel *panel, QObject *parent);

    void show(const QString &name);
    void refresh();
    Editing *editing() const { return m_editing; }
    const core::Rule *rule() const;

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);
    void goRequested(const QString &pageKey, const QString &id);
    void renamed(const QString &name);
    void planRequested(const QString &rule);
    void cloneRequested();
    void deleteRequested();

private:
    void makeTabs();
    void showState(const core::Rule &rule);
    void showOverview(const core::Rule &rule);
    /// Why the rule cannot run, and what its gateway clients must be.
    void showWhy(const core::Rule &rule);
    void showDirectory(const core::Rule &rule);
    void showMapping(const core::Rule &rule);
    void showOnboarding(const core::Rule &rule);
    /// Turns @p section into the form that @p make makes.
    void edit(Section *section, const std::function<RuleForm *(const core::Rule &)> &make);
    void editCurrentTab();
    void setEnabled(bool enabled);
    ThingSaving<core::Rule> saving();
    void save(const core::Rule &changed, const QPointer<RuleForm> &form, const Editing::Finish &finish);

    PageContext m_context;
    const app::RuleList &m_rules;
    app::RuleJobs &m_jobs;
    DetailsPanel *m_panel;
    Editing *m_editing;
    QString m_name;
    Note *m_why;
    Section *m_overview;
    Section *m_directory;
    Section *m_mapping;
    MappingEditor *m_mappingTable;
    Section *m_onboarding;
    Note *m_exclusion = nullptr; ///< under it: rule and migration in one user type
    SyncTab *m_sync;
    PreviewTab *m_preview;
};

} // namespace gatehouse::ui
