// SPDX-License-Identifier: GPL-3.0-or-later
//
// "Everybody in scope", or everybody who could sign on: what the mapping, as it is being edited, does to all of them or to
// the first ones. Counts per attribute, the most frequent values of the chosen one, and the people it does worst for, each
// to be opened as the sample. Counts while it is visible, and can be stopped; follows its trial.
#pragma once

#include "app/provisioning/everybodytable.h"
#include "ui/theme/theme.h"

#include <QFrame>

class QBoxLayout;
class QComboBox;
class QLabel;
class QListView;
class QProgressBar;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::app {
class MappingTrial;
}

namespace gatehouse::ui {

class ErrorPanel;
class Note;
class TableView;

class EverybodyCard : public QFrame {
    Q_OBJECT
public:
    EverybodyCard(app::MappingTrial &trial, std::shared_ptr<const core::AttributeCatalog> catalog,
                  QWidget *parent = nullptr);

    const app::EverybodyTable &table() const { return m_table; }

    /// For those who sign on.
    void useSignOnWords();
    /// Scrolls it into sight and goes there.
    void reveal();

signals:
    /// In a word or two; empty: nothing is known.
    void summaryChanged(const QString &text, gatehouse::ui::Tone tone);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeList(const QString &title, QListView *list, QLabel **heading);
    void onCounting();
    void onCounted(const provision::MappingStatistics &statistics);
    void onFailed(const QList<core::Error> &errors);
    void onNotCounted(const QString &why);
    void showGoing(bool going);
    void showValues();
    void showWorst();
    void fitTable();

    app::MappingTrial &m_trial;
    app::EverybodyTable m_table;
    QLabel *m_title;
    QLabel *m_state;
    QPushButton *m_stop; ///< Cancel, or Count again
    QComboBox *m_sample;
    QProgressBar *m_progress;
    ErrorPanel *m_error;
    Note *m_warning;
    TableView *m_view;
    QListView *m_values;
    QStandardItemModel *m_valueItems;
    QLabel *m_valuesTitle = nullptr;
    QListView *m_worst;
    QStandardItemModel *m_worstItems;
    QLabel *m_worstTitle = nullptr;
    QBoxLayout *m_lists;
    bool m_chosen = false; ///< somebody took an attribute to look at
    bool m_going = false;
};

} // namespace gatehouse::ui
