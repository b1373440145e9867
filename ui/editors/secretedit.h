// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a secret is kept: the desktop's keychain (and then the secret itself, typed once), an environment variable, or
// a file. What is typed leaves this widget only as core::Secret; nothing here stores it.
#pragma once

#include "core/config/forward.h"
#include "core/secret.h"

#include <QVariantMap>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QStackedWidget;

namespace gatehouse::ui {

class FileEdit;

class SecretEdit : public QWidget {
    Q_OBJECT
    /// {"kind", "name", "typed"}: for noticing changes; never the secret.
    Q_PROPERTY(QVariantMap value READ value NOTIFY valueChanged USER true)
public:
    explicit SecretEdit(QWidget *parent = nullptr);

    /// @p none: what "no secret" is called; @p where names the choice, @p secret what is typed for the keychain.
    void setWords(const QString &none, const QString &where, const QString &secret);
    /// @p stored: the keychain holds it already.
    void setReference(const core::SecretReference &reference, bool stored = true);
    core::SecretReference reference() const;
    /// What was typed for the keychain; empty: what is there stays.
    core::Secret typed() const;
    bool hasTyped() const;
    QVariantMap value() const;
    /// What is missing, in words; empty when the reference is whole.
    QString fault() const;

signals:
    void valueChanged();

private:
    void onKind();

    QComboBox *m_kind;
    QStackedWidget *m_stack;
    QLineEdit *m_password;
    QLineEdit *m_variable;
    FileEdit *m_file;
    QLabel *m_note;
    bool m_stored = false; ///< the keychain is said to hold one already
};

} // namespace gatehouse::ui
