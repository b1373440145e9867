// SPDX-License-Identifier: GPL-3.0-or-later
//
// The details of one run: Overview (how it ended and why, its counts, what the guards said) and Results (object by
// object, failures first). Belongs to the Runs page, which tells it which run; reads results through its model.
#pragma once

#include "app/runs/runresults.h"
#include "store/runs.h"
#include "ui/pages/page.h"

class QLabel;
class QVBoxLayout;

namespace gatehouse::ui {

class Badge;
class DetailsPanel;
class ErrorPanel;
class FilterChips;
class Note;
class SearchBox;
class Section;
class StepView;
class TileRow;

class RunPanel : public QObject {
    Q_OBJECT
public:
    RunPanel(const PageContext &context, DetailsPanel *panel, QObject *parent);

    /// nullptr: nothing is selected.
    void show(const store::Run *run);
    /// Whether a search of the tab that is shown took the focus.
    bool focusSearch();
    bool isReading() const { return m_results.isReading(); }

signals:
    void goRequested(const QString &pageKey, const QString &id);
    void said(const QString &text, gatehouse::ui::Tone tone);

private:
    void makeOverview();
    void makeResults();
    void makeMenu();
    void showOverview();
    void showGuards();
    void showCount();
    void prepareResults();
    void showResultsOf(core::Action action);
    QString summary() const;

    PageContext m_context;
    app::RunResults m_results;
    DetailsPanel *m_panel;
    std::optional<store::Run> m_run;
    ErrorPanel *m_error;
    Section *m_section;
    Badge *m_status;
    TileRow *m_tiles;
    Note *m_planned;
    QLabel *m_guardTitle;
    QVBoxLayout *m_guards;
    QWidget *m_resultPane;
    SearchBox *m_search;
    FilterChips *m_only;
    ErrorPanel *m_resultError;
    StepView *m_steps;
    QLabel *m_count;
};

} // namespace gatehouse::ui
