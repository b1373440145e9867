// SPDX-License-Identifier: GPL-3.0-or-later
//
// New Rule: sync direction, connection, details, directory, attribute mapping, onboarding, guards, and a summary of
// what the rule will do. The rule is saved switched off. Deletes itself.
#pragma once

#include "app/provisioning/connectionlist.h"
#include "ui/pages/page.h"
#include "ui/wizards/wizard.h"

class QLabel;
class QListView;

namespace gatehouse::ui {

class Note;
class PropertyRows;
class RuleForm;

class RuleWizard : public Wizard {
    Q_OBJECT
public:
    RuleWizard(const PageContext &context, QWidget *parent);

signals:
    void created(const QString &name);
    /// There is no connection, and one shall be made first; the wizard has closed.
    void connectionWanted();

protected:
    bool checkStep(const QString &key) override;
    void enterStep(const QString &key) override;
    bool isTouched() const override;
    void save() override;

private:
    QWidget *makeDirection();
    QWidget *makeConnection();
    QWidget *makeHolder(const QString &key);
    QWidget *makeSummary();
    QString connection() const;
    /// Forms that depend on the connection are made once it is chosen, and anew when another is.
    void makeForms();
    core::Rule rule() const;
    bool judge(const QString &step);
    void showSummary();

    PageContext m_context;
    app::ConnectionList m_connections;
    QListView *m_list = nullptr;
    QLabel *m_fault = nullptr;
    QHash<QString, QWidget *> m_holders; ///< by step
    QHash<QString, RuleForm *> m_forms;  ///< by step
    QString m_formsFor;                  ///< the connection they were made for
    PropertyRows *m_summary = nullptr;
    Note *m_effect = nullptr;
};

} // namespace gatehouse::ui
