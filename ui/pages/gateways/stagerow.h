// SPDX-License-Identifier: GPL-3.0-or-later
//
// One stage of a connection test: verdict, name, what was found, time; under it the remedy and the certificate where
// there is one, or what the server is and can. Part of ConnectionTestCard.
#pragma once

#include "gateway/test.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class Badge;
class BreakLabel;
class Note;
class PropertyRows;

class StageRow : public QWidget {
    Q_OBJECT
public:
    StageRow(gateway::Stage stage, QWidget *parent = nullptr);

    void setWaiting();
    void setTesting();
    void setStopped();
    void setResult(const gateway::StageResult &result);
    bool hasResult() const { return m_hasResult; }

    static QString stageName(gateway::Stage stage);

signals:
    void trustRequested(const gatehouse::ldap::CertificateReport &seen);

private:
    void showServer(const ldap::ServerInfo &server);
    void showDetails(bool shown);

    gateway::Stage m_stage;
    Badge *m_verdict;
    QLabel *m_name;
    BreakLabel *m_text;
    QLabel *m_time;
    Note *m_remedy;
    QPushButton *m_certificateToggle;
    QWidget *m_certificate;
    PropertyRows *m_certificateRows;
    Note *m_failedChecks;
    ldap::CertificateReport m_seen;
    bool m_isServer = false; ///< what can be unfolded is the server's facts
    bool m_hasResult = false;
};

} // namespace gatehouse::ui
