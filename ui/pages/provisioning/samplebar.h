// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sample that a mapping is tried on: who it is, found in the live directory by a few letters, or by what they would
// type as user name where they sign on; and what the rule, or the sign-on, would do to them as it stands. Says in words when
// the directory cannot be asked, with a retry; what takes long can be cancelled. Follows its trial.
#pragma once

#include "provision/livedirectory.h"
#include "provision/personpreview.h"

#include "ui/theme/theme.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QPushButton;
class QStandardItemModel;

namespace gatehouse::app {
class MappingTrial;
struct IdentifierAnswer;
}

namespace gatehouse::ui {

class Badge;
class ElidedLabel;
class ErrorPanel;
class Note;

class SampleBar : public QWidget {
    Q_OBJECT
public:
    explicit SampleBar(app::MappingTrial &trial, QWidget *parent = nullptr);

    /// For those who sign on: who it is, is told by what they would type.
    void useSignOnWords();
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
    void onIdentified(const QString &typed, const app::IdentifierAnswer &answer);
    void onSearching(bool going);
    void showName();
    void showDetail(const QString &text);

    app::MappingTrial &m_trial;
    QLineEdit *m_search;
    QStandardItemModel *m_people;
    Badge *m_verdict;
    ElidedLabel *m_dn;
    QPushButton *m_everybody;
    QPushButton *m_cancel; ///< shown when the directory takes its time
    Note *m_problem;       ///< what stands in the way and is no row's
    ErrorPanel *m_error;
    QTimer m_patience;
    bool m_isSignOn = false;
    bool m_searching = false; ///< what stands in the field is a search, not a name
};

} // namespace gatehouse::ui
