// SPDX-License-Identifier: GPL-3.0-or-later
//
// Activity > Audit: who did what when, newest first, searchable; the chosen event in full below. Only looks: nobody
// changes the log from here.
#pragma once

#include "app/audit/auditlist.h"
#include "ui/pages/page.h"

#include <QTimer>

class QLabel;
class QSplitter;
class QStackedWidget;

namespace gatehouse::ui {

class ErrorPanel;
class PropertyRows;
class SearchBox;
class TableView;

class AuditPage : public Page {
    Q_OBJECT
public:
    AuditPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    /// Searches for it.
    void openThing(const QString &id) override;
    void setActive(bool active) override;
    bool isReady() const override { return m_loadedOnce && !m_model.isReading(); }

private:
    QWidget *makeTable();
    QWidget *makeEvent();
    void showRead();
    void showChosen();
    void noteChange();

    app::AuditList m_model;
    SearchBox *m_search;
    ErrorPanel *m_error;
    TableView *m_table;
    QStackedWidget *m_stack;
    QLabel *m_count;
    QWidget *m_eventPane;
    PropertyRows *m_event;
    QTimer m_again;      ///< many changes in a row are read once
    qint64 m_selected = 0;
    bool m_stale = false; ///< something was done while another page was shown
    bool m_active = false;
    bool m_loadedOnce = false;
};

} // namespace gatehouse::ui
