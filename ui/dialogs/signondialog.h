// SPDX-License-Identifier: GPL-3.0-or-later
//
// A sign-on tried by an administrator: who, with which password, by which user type; Simulate says all that would come
// of it and writes nothing, Sign on does it. The report says which filters were sent, who was found, why the user type
// was chosen, what becomes of attributes and groups, and what stands in the way. Opened and never waited for; deletes
// itself. What is typed as a password leaves it only as core::Secret.
#pragma once

#include "app/console.h"
#include "signon/report.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStandardItemModel;
class QVBoxLayout;

namespace gatehouse::signon {
class SignOn;
}

namespace gatehouse::ui {

class ErrorPanel;
class FormField;
class Note;
class PropertyRows;
class TableView;

class SignOnDialog : public QDialog {
    Q_OBJECT
public:
    /// @p userType: chosen at first; empty: the first that finds somebody.
    SignOnDialog(app::Console &console, const QString &gateway, const QString &userType, QWidget *parent);

signals:
    /// Somebody signed on: users and groups may have changed.
    void signedOn();

private:
    void makeQuestion();
    void makeReport();
    void start(bool simulate);
    void noteUse(const std::optional<core::Error> &error);
    void show(const signon::Report &report);
    void showConsidered(const signon::Report &report);
    void showChanges(const signon::Report &report);
    void setRunning(bool running);
    bool isByTicket() const;
    /// Name and password, or nothing to type.
    void showProof();

    app::Console &m_console;
    QString m_gateway;
    signon::SignOn *m_signOn;
    QComboBox *m_proof;
    FormField *m_proofField;
    FormField *m_identifierField;
    FormField *m_passwordField;
    QLineEdit *m_identifier;
    QLineEdit *m_password;
    QLineEdit *m_newPassword;
    FormField *m_newPasswordField;
    QComboBox *m_userType;
    QPushButton *m_simulate;
    QPushButton *m_go;
    Note *m_intro; ///< until the first report
    ErrorPanel *m_error;
    QWidget *m_report;
    Note *m_outcome;
    Note *m_problems;
    PropertyRows *m_facts;
    PropertyRows *m_considered;
    QLabel *m_changesTitle;
    QStandardItemModel *m_changes;
    TableView *m_table;
};

} // namespace gatehouse::ui
