// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is recorded of a RADIUS gateway: its clients, the secrets they share with it as references, and the server that
// requests are handed on to. Nothing uses it; it can never provision.
#pragma once

#include "app/gateways/gatewaysecrets.h"
#include "core/config/gateway.h"
#include "ui/editors/thingform.h"

#include <QVariantList>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace gatehouse::ui {

class PropertyRows;
class SecretEdit;

/// The clients: address, secret, mitigation; added and removed.
class RadiusClientsEdit : public QWidget {
    Q_OBJECT
    /// As lists of texts, for noticing changes; never a secret.
    Q_PROPERTY(QVariantList rows READ rows NOTIFY rowsChanged USER true)
public:
    explicit RadiusClientsEdit(const QList<core::RadiusClient> &clients, QWidget *parent = nullptr);
    QList<core::RadiusClient> clients() const;
    QVariantList rows() const;
    /// What was typed for the keychain, and what follows a client to its new address.
    QList<app::SecretChange> secretChanges(const core::Gateway &gateway) const;
    /// What is missing of a secret, in words.
    QString fault() const;

signals:
    void rowsChanged();

private:
    struct Row {
        QWidget *widget = nullptr;
        QLineEdit *ip = nullptr;
        SecretEdit *secret = nullptr;
        QCheckBox *mitigation = nullptr;
        QString keptFor; ///< the address under which the keychain holds its secret; empty: it does not
    };
    void add(const core::RadiusClient &client);
    void remove(QWidget *widget);

    QList<Row> m_rows;
    QVBoxLayout *m_layout;
};

class GatewayRadiusForm : public ThingForm {
    Q_OBJECT
public:
    explicit GatewayRadiusForm(const core::Gateway &gateway, QWidget *parent = nullptr);
    void readInto(core::Gateway &gateway) const;
    /// What was typed for the keychain, of @p gateway as readInto() left it.
    QList<app::SecretChange> secretChanges(const core::Gateway &gateway) const;

private:
    void showDependents();

    SecretEdit *m_defaultSecret;
    RadiusClientsEdit *m_clients;
};

/// The same to be read.
void showRadius(PropertyRows *rows, const core::Gateway &gateway);

} // namespace gatehouse::ui
