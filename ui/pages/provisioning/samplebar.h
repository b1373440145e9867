// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sample that a mapping is tried on: who it is, found in the live directory by a few letters, and what the rule would
// do to them as it stands. Says in words when the directory cannot be asked, with a retry. Follows its trial.
#pragma once

#include "provision/livedirectory.h"
#include "provision/personpreview.h"

#include "ui/theme/theme.h"

#include <QWidget>

class QLineEdit;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::app {
class MappingTrial;
}

namespace gatehouse::ui {

class Badge;
class ElidedLabel;
class ErrorPanel;

class SampleBar : public QWidget {
    Q_OBJECT
public:
    explicit SampleBar(app::MappingTrial &trial, QWidget *parent = nullptr);

    /// What the mapping does to everybody, in a word or two, as a link to more.
    void setEverybody(const QString &text, gatehouse::ui::Tone tone);

signals:
    void everybodyClicked();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void onFound(const QList<provision::FoundEntry> &entries);
    void onChosen();
    void onOutcome(const provision::PersonOutcome &outcome);
    void showName();

    app::MappingTrial &m_trial;
    QLineEdit *m_search;
    QStandardItemModel *m_people;
    Badge *m_verdict;
    ElidedLabel *m_dn;
    QPushButton *m_everybody;
    ErrorPanel *m_error;
    bool m_searching = false; ///< what stands in the field is a search, not a name
};

} // namespace gatehouse::ui
