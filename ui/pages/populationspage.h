// SPDX-License-Identifier: GPL-3.0-or-later
//
// Directory > Populations: the list with the number of users in each; what one is, edited in place; which one is the
// default. A population that still has users or groups cannot be deleted, and the page says so before trying.
#pragma once

#include "app/populations/populationsmodel.h"
#include "ui/pages/page.h"

namespace gatehouse::ui {

class DetailsPanel;
class Editing;
class Form;
class ListPane;
class Section;

class PopulationsPage : public Page {
    Q_OBJECT
public:
    PopulationsPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    bool escape() override;
    void openThing(const QString &id) override;
    void leave(const std::function<void()> &proceed) override;
    bool isReady() const override { return m_ready; }

private:
    void makeDetails();
    void showConfiguration();
    void readCounts();
    void onCurrent(const QVariant &id);
    void show(qint64 row);
    void create();
    void edit();
    void remove();
    void makeDefault();
    Form *makeForm(const core::Population &population) const;
    void save(qint64 row, const core::Population &wanted, const std::function<void(const struct SaveFaults &)> &finish);

    app::PopulationsModel m_model;
    ListPane *m_list;
    DetailsPanel *m_details;
    Section *m_section;
    Editing *m_editing;
    QAction *m_default;
    qint64 m_row = 0;
    QString m_select; ///< name of a population just made, selected as soon as it is there
    bool m_ready = false;
};

} // namespace gatehouse::ui
