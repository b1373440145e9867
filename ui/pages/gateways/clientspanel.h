// SPDX-License-Identifier: GPL-3.0-or-later
//
// The gateway clients of a gateway that is reached through them: the endpoint they dial in to, what somebody should look
// at, the credentials they are let in by (made and shown once, listed, revoked), and the instances that are connected,
// with their health. Part of the gateway's Overview tab; reads again whenever clients come or go.
#pragma once

#include "core/config/gateway.h"
#include "link/instance.h"
#include "ui/pages/page.h"

#include <QWidget>

class QTimer;

namespace gatehouse::ui {

class Note;
class PropertyRows;
class RowList;

class ClientsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ClientsPanel(const PageContext &context, QWidget *parent = nullptr);
    /// Hidden for gateways that this machine connects to itself.
    void show(const core::Gateway &gateway);

signals:
    void said(const QString &text, gatehouse::ui::Tone tone);

private:
    void showEndpoint();
    void showInstances();
    void readCredentials();
    void createCredential();
    void revokeCredential(const QUuid &id);

    PageContext m_context;
    core::Gateway m_gateway;
    Note *m_alerts;
    PropertyRows *m_endpoint;
    RowList *m_credentials;
    RowList *m_instances;
    QTimer *m_clock; ///< while it is seen, "2 s ago" goes on
};

/// Shows a new credential, once, with the command that starts a client; both can be copied.
void showCredential(QWidget *asker, const QString &gateway, const QString &credential, const QString &command);

} // namespace gatehouse::ui
